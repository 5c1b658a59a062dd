import { h, put } from '../base/dom';
import { count, moment } from '../base/format';
import { t } from '../base/language';
import type { Sample } from '../base/sample';

type State = 'well' | 'waiting' | 'attention';

/** One sentence on top: whether all is well, and if not, what is the matter and whether it heals by itself. */
export class Banner {
  readonly element = h('section', { class: 'banner', role: 'status', 'aria-live': 'polite' });
  private shown = '';

  show(sample: Sample): void {
    const lines = matters(sample);
    const state: State = sample.ready ? (lines.length > 0 ? 'waiting' : 'well') : 'attention';
    const key = JSON.stringify([state, lines]);
    if (key === this.shown) return;
    this.shown = key;
    this.element.dataset.state = state;
    put(this.element,
      h('span', { class: 'banner-sign', 'aria-hidden': 'true' }, { well: '✓', waiting: '…', attention: '!' }[state]),
      h('div', {}, h('strong', {}, t(`state.${state}`)),
        ...(lines.length > 0 ? lines : [t('state.wellDetail')]).map((line) => h('p', {}, line))));
  }
}

function matters({ broker, clickHouse, commit, parked, at }: Sample): string[] {
  const lines: string[] = [];
  if (commit.failure) lines.push(t('state.commit', { reason: commit.failure }));
  if (broker.awaySince) lines.push(t('state.broker', { when: moment(broker.awaySince) }));
  if (clickHouse.refused) lines.push(t('state.refused'));
  // A second's hiccup is retried before anyone can read about it.
  else if (clickHouse.awaySince && at - clickHouse.awaySince > 3000) lines.push(t('state.clickhouse', { when: moment(clickHouse.awaySince), blocks: count(clickHouse.waiting) }));
  // Hanging is not an error yet: blocks wait and none has landed for a while.
  else if (clickHouse.waiting > 0 && clickHouse.landedAt > 0 && at - clickHouse.landedAt > 5000) lines.push(t('state.clickhouseSlow', { when: moment(clickHouse.landedAt, true), blocks: count(clickHouse.waiting) }));
  else if (!clickHouse.migrated) lines.push(t('state.clickhouseStarting'));
  if (commit.recovering) lines.push(t('state.recovering'));
  if (commit.held) lines.push(t('state.held', { reason: commit.held }));
  if (parked > 0) lines.push(t('state.parked', { n: count(parked) }));
  if (broker.gone > 0) lines.push(t('state.gone', { n: count(broker.gone) }));
  return lines;
}
