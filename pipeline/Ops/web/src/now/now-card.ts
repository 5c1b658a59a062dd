import { silentSince } from '../base/state';
import type { HistoryPoint, Sample } from '../base/sample';

/** A card of the first page: shows each sample, once a second. */
export interface NowCard {
  readonly element: HTMLElement;
  show(sample: Sample, history: HistoryPoint[]): void;
  close?(): void;
}

/** Whether figures that ClickHouse gave at this time are stale: it does not answer, or they are older than 15 seconds. */
export const stale = (sample: Sample, at: number): boolean => silentSince(sample) !== 0 || sample.at - at > 15_000;

/** Sum of a record's numbers. */
export const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((total, value) => total + value, 0);
