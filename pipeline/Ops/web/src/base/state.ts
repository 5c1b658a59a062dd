import { count, moment } from './format';
import { t } from './language';
import type { Sample } from './sample';

/** How the system is: `lost` while the server is not heard, `opening` before it first was. */
export type State = 'well' | 'waiting' | 'attention' | 'lost' | 'opening';

/** What each state is marked with, beside its colour. */
export const signs: Record<State, string> = { well: '✓', waiting: '…', attention: '!', lost: '✕', opening: '○' };

/** The state, and a sentence for everything that is the matter. */
export function stateOf({ now, lostSince }: { now: Sample | undefined; lostSince: number | undefined }): { state: State; lines: string[] } {
  if (lostSince !== undefined) return { state: 'lost', lines: [t('link.lost', { when: moment(lostSince, true) })] };
  if (!now) return { state: 'opening', lines: [] };
  const lines = matters(now);
  // Applying what was committed before the start again is how every start goes.
  const grave = now.reasons.some(({ code }) => code !== 'recovering') || silentSince(now) !== 0;
  return { state: grave ? 'attention' : lines.length > 0 ? 'waiting' : 'well', lines };
}

/** Since when no figure can have come from ClickHouse, epoch milliseconds; 0 while they can. */
export const silentSince = (now: Sample): number => now.clickHouseSilentSince;

function matters({ broker, clickHouse, clickHouseSilentSince: silent, commit, parked, at }: Sample): string[] {
  const lines: string[] = [];
  const blocks = count(clickHouse.waiting);
  if (commit.failure) lines.push(t('state.commit', { reason: commit.failure }));
  if (broker.awaySince) lines.push(t('state.broker', { when: moment(broker.awaySince, true) }));
  if (clickHouse.refused) lines.push(t('state.refused'));
  // A second's hiccup is retried before anyone can read about it.
  else if (clickHouse.awaySince && at - clickHouse.awaySince > 3000) lines.push(t('state.clickhouse', { when: moment(clickHouse.awaySince, true), blocks }));
  else if (silent) lines.push(t('state.clickhouseSilent', { when: moment(silent, true), blocks }));
  // Hanging is not an error yet: blocks wait and none has landed for a while.
  else if (clickHouse.waiting > 0 && clickHouse.landedAt > 0 && at - clickHouse.landedAt > 5000) lines.push(t('state.clickhouseSlow', { when: moment(clickHouse.landedAt, true), blocks }));
  else if (!clickHouse.migrated) lines.push(t('state.clickhouseStarting'));
  if (commit.recovering) lines.push(t('state.recovering'));
  if (commit.held) lines.push(t('state.held', { reason: commit.held }));
  if (parked > 0) lines.push(t('state.parked', { n: count(parked) }));
  if (broker.gone > 0) lines.push(t('state.gone', { n: count(broker.gone) }));
  return lines;
}
