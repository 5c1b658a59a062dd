import { Chart } from '../base/chart';
import { seriesColor } from '../base/colors';
import { duration } from '../base/format';
import { t } from '../base/language';
import { card } from '../base/parts';
import type { HistoryPoint, Sample } from '../base/sample';
import type { Part } from './part';

/** How long a record waits until it can never be lost: half of them, and 99 of 100. */
export class LatencyCard implements Part {
  private readonly chart = new Chart({ label: t('now.latency'), format: duration, height: 190, min: 0, usual: true, sync: 'now' });
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
