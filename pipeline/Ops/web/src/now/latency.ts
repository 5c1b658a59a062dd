import { Chart } from '../base/chart';
import { seriesColor } from '../base/colors';
import { duration } from '../base/format';
import { t } from '../base/language';
import { card } from '../base/parts';
import type { HistoryPoint, Sample } from '../base/sample';
import type { NowCard } from './now-card';

/** Time from the record's arrival until its commit is durable: median and 99th percentile. */
export class LatencyCard implements NowCard {
  private readonly chart = new Chart({ label: t('now.latency'), format: duration, height: 190, min: 0, cutPeaks: true, sync: 'now' });
  readonly element = card(t('now.latency'), {}, this.chart.element);

  show(sample: Sample, history: HistoryPoint[]): void {
    const x = history.map((point) => point.at);
    this.chart.show(x, [
      { name: t('now.p50'), color: seriesColor(0), values: history.map((point) => point.p50) },
      { name: t('now.p99'), color: seriesColor(1), values: history.map((point) => point.p99) },
    ], Math.max(sample.at - 600_000, Math.min(x[0] ?? sample.at, sample.at - 60_000)), sample.at);
  }

  close(): void {
    this.chart.destroy();
  }
}
