import type { HistoryPoint, Sample } from '../base/sample';
import type { AllFigures } from './protocol';

// One a second: ten minutes.
const keptPoints = 600;

/** The server's figures as they came: the newest sample and the last ten minutes. */
export class Figures implements AllFigures {
  history: HistoryPoint[] = [];
  now: Sample | undefined;
  lostSince: number | undefined;

  /** Points that were missed. */
  add(points: HistoryPoint[]): void {
    const first = points[0];
    if (first) this.history = this.history.filter((point) => point.id < first.id && point.at < first.at).concat(points).slice(-keptPoints);
  }

  /** Stores the next sample of the stream and adds it to the history. */
  append(sample: Sample): void {
    this.replace(sample);
    if (this.history.at(-1)?.id === sample.id) return;
    this.history.push(pointOf(sample));
    if (this.history.length > keptPoints) this.history.shift();
  }

  /** Stores a single sample from /v1/status. It is not added to the history; the stream fills that gap later. */
  replace(sample: Sample): void {
    // After a restart the server counts from zero, so the old history is dropped.
    if (this.now && this.now.startedAt !== sample.startedAt) this.history = [];
    this.now = sample;
    this.lostSince = undefined;
  }
}

function pointOf({ id, at, rates, latency, broker }: Sample): HistoryPoint {
  const rejected = Object.values(rates.rejected).reduce((sum, rate) => sum + rate, 0);
  return { id, at, events: rates.events, rejected, p50: latency?.p50 ?? null, p99: latency?.p99 ?? null, lag: broker.lag };
}
