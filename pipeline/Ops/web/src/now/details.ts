import { h, setText } from '../base/dom';
import { count, fullMoment } from '../base/format';
import { t } from '../base/language';
import { card } from '../base/parts';
import type { HistoryPoint, Sample } from '../base/sample';
import { bytes } from '../base/units';
import type { NowCard } from './now-card';

const rows: [Parameters<typeof t>[0], (sample: Sample) => string][] = [
  ['now.uptime', (s) => fullMoment(s.startedAt)],
  ['now.duplicates', (s) => count(s.totals.duplicates)],
  ['now.wakes', (s) => count(s.totals.wakes)],
  ['now.effects', (s) => count(s.totals.effects)],
  ['now.cached', (s) => count(s.memory.cached)],
  ['now.dirty', (s) => count(s.memory.dirty)],
  ['now.unsent', (s) => count(s.broker.unsent)],
  ['now.blocks', (s) => count(s.clickHouse.waiting)],
  ['now.rows', (s) => count(s.clickHouse.rows)],
  ['now.spool', (s) => bytes(s.spoolBytes)],
];

/** Further figures: totals since the start, queues and memory. */
export class Details implements NowCard {
  private readonly cells = rows.map(() => h('dd'));
  readonly element = card(t('now.details'), { class: 'whole' }, h('dl', { class: 'pairs' }, ...rows.map(([name], i) => h('div', {}, h('dt', {}, t(name)), this.cells[i]!))));

  show(sample: Sample, _history: HistoryPoint[]): void {
    rows.forEach(([, text], i) => setText(this.cells[i]!, text(sample)));
  }
}
