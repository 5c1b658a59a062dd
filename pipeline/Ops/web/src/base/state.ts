import { count, moment } from './format';
import { t } from './language';
import type { Sample } from './sample';

/** The state of the system: `lost` while the server does not answer, `opening` before its first answer. */
export type State = 'well' | 'waiting' | 'attention' | 'lost' | 'opening';

/** What each state is marked with, beside its colour. */
export const signs: Record<State, string> = { well: '✓', waiting: '…', attention: '!', lost: '✕', opening: '○' };

/** The state, and one sentence for each problem. */
export function stateOf({ now, lostSince }: { now: Sample | undefined; lostSince: number | undefined }): { state: State; lines: string[] } {
  if (lostSince !== undefined) return { state: 'lost', lines: [t('link.lost', { when: moment(lostSince, true) })] };
  if (!now) return { state: 'opening', lines: [] };
  const lines = [...problems(now), ...now.reasons.filter(({ code }) => !ownText.has(code)).map(({ message }) => message)];
  // Every start applies earlier commits again, so this reason alone is no problem.
  const grave = now.reasons.some(({ code }) => code !== 'recovering') || silentSince(now) !== 0;
  return { state: grave ? 'attention' : lines.length > 0 ? 'waiting' : 'well', lines };
}

/** Since when ClickHouse has answered no query, epoch milliseconds; 0 while it answers. */
export const silentSince = (now: Sample): number => now.clickHouseSilentSince;

// Reasons that `problems` has a text for; of any other the server's own message is shown.
const ownText = new Set(['recovering', 'commit-failing', 'broker-away', 'clickhouse-away', 'clickhouse-refused']);

function problems({ broker, clickHouse, clickHouseSilentSince: silent, commit, parked, at }: Sample): string[] {
  const lines: string[] = [];
  const blocks = count(clickHouse.waiting);
  if (commit.failure) lines.push(t('state.commit', { reason: commit.failure }));
  if (broker.awaySince) lines.push(t('state.broker', { when: moment(broker.awaySince, true) }));
  if (clickHouse.refused) lines.push(t('state.refused'));
  // A failure shorter than 3 seconds is not shown.
  else if (clickHouse.awaySince && at - clickHouse.awaySince > 3000) lines.push(t('state.clickhouse', { when: moment(clickHouse.awaySince, true), blocks }));
  else if (silent) lines.push(t('state.clickhouseSilent', { when: moment(silent, true), blocks }));
  // No error was reported, but blocks wait and none was stored for 5 seconds.
  else if (clickHouse.waiting > 0 && clickHouse.landedAt > 0 && at - clickHouse.landedAt > 5000) lines.push(t('state.clickhouseSlow', { when: moment(clickHouse.landedAt, true), blocks }));
  else if (!clickHouse.migrated) lines.push(t('state.clickhouseStarting'));
  if (commit.recovering) lines.push(t('state.recovering'));
  if (commit.held) lines.push(t('state.held', { reason: commit.held }));
  if (parked > 0) lines.push(t('state.parked', { n: count(parked) }));
  if (broker.gone > 0) lines.push(t('state.gone', { n: count(broker.gone) }));
  return lines;
}
