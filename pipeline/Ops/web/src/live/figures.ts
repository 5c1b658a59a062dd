import type { HistoryPoint, Sample } from '../base/sample';
import type { Whole } from './talk';

const kept = 600;

/** The server's figures as they came: the newest sample and the last ten minutes. */
export class Figures implements Whole {
  history: HistoryPoint[] = [];
  now: Sample | undefined;
  lostSince: number | undefined;

  /** Points that were missed. */
  add(points: HistoryPoint[]): void {
    const first = points[0];
    if (first) this.history = this.history.filter((point) => point.id < first.id && point.at < first.at).concat(points).slice(-kept);
  }

  /** The next sample of the stream. */
  take(sample: Sample): void {
    this.glance(sample);
    if (this.history.at(-1)?.id === sample.id) return;
    this.history.push(pointOf(sample));
    if (this.history.length > kept) this.history.shift();
  }

  /** A sample looked up by itself: no point of the history, whose gap the stream fills when it goes on. */
  glance(sample: Sample): void {
    // Another run of the server counts anew.
    if (this.now && this.now.startedAt !== sample.startedAt) this.history = [];
    this.now = sample;
    this.lostSince = undefined;
  }
}

function pointOf({ id, at, rates, latency, broker }: Sample): HistoryPoint {
  const rejected = Object.values(rates.rejected).reduce((sum, rate) => sum + rate, 0);
  return { id, at, events: rates.events, rejected, p50: latency?.p50 ?? null, p99: latency?.p99 ?? null, lag: broker.lag };
}
