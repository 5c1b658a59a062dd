import { Chart, type Series } from '../base/chart';
import { nameColor, seriesColor } from '../base/colors';
import { shortNumber } from '../base/format';
import { t, codeName } from '../base/language';
import { card, emptyState } from '../base/parts';
import type { HistoryPoint, Sample } from '../base/sample';
import type { NowCard } from './now-card';

const mostKinds = 7;
const spanMs = 600_000;
const meanOverMs = 5000;

/** Events per second by kind over the last ten minutes. */
export class EventsCard implements NowCard {
  private readonly chart = new Chart({ label: t('now.events'), format: shortNumber, stacked: true, height: 230, min: 0, cutPeaks: true, sync: 'now' });
  private readonly empty = emptyState(t('now.quiet'));
  readonly element = card(t('now.events'), { class: 'wide' }, this.chart.element, this.empty);
  private kinds: string[] = [];

  show(sample: Sample, seconds: HistoryPoint[]): void {
    const history = smooth(seconds);
    const totals = new Map<string, number>();
    for (const point of history) for (const [kind, rate] of Object.entries(point.events)) totals.set(kind, (totals.get(kind) ?? 0) + rate);
    const seen = [...totals].filter(([, total]) => total > 0).sort((a, b) => b[1] - a[1]).map(([kind]) => kind);
    this.chart.element.hidden = seen.length === 0;
    this.empty.hidden = seen.length > 0;
    if (seen.length === 0) return;

    // Kinds keep their place while they stay among the most frequent, and their colour always.
    const top = seen.length > mostKinds + 1 ? seen.slice(0, mostKinds) : seen;
    this.kinds = [...this.kinds.filter((kind) => top.includes(kind)), ...top.filter((kind) => !this.kinds.includes(kind))];
    const others = seen.filter((kind) => !top.includes(kind));
    const x = history.map((point) => point.at);
    const series: Series[] = this.kinds.map((kind) => ({ name: codeName(kind), color: nameColor(kind), values: history.map((point) => point.events[kind] ?? 0) }));
    if (others.length > 0) {
      series.push({ name: t('now.other'), color: seriesColor(7), values: history.map((point) => others.reduce((total, kind) => total + (point.events[kind] ?? 0), 0)) });
    }
    this.chart.show(x, series, Math.max(sample.at - spanMs, Math.min(x[0] ?? sample.at, sample.at - 60_000)), sample.at);
  }

  close(): void {
    this.chart.destroy();
  }
}

// Beyond two minutes a point per second is noise: means of five seconds with fixed bounds, so that points already drawn do not change.
function smooth(seconds: HistoryPoint[]): Pick<HistoryPoint, 'at' | 'events'>[] {
  if (seconds.length < 120) return seconds;
  const cuts = new Map<number, HistoryPoint[]>();
  for (const point of seconds) {
    const cut = Math.floor(point.at / meanOverMs) * meanOverMs;
    cuts.set(cut, [...(cuts.get(cut) ?? []), point]);
  }
  return [...cuts].map(([at, points]) => {
    const events: Record<string, number> = {};
    for (const point of points) for (const [kind, rate] of Object.entries(point.events)) events[kind] = (events[kind] ?? 0) + rate / points.length;
    return { at, events };
  });
}
