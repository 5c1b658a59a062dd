import { silentSince } from '../base/state';
import type { HistoryPoint, Sample } from '../base/sample';

/** A part of the first page: shown anew every second. */
export interface Part {
  readonly element: HTMLElement;
  show(sample: Sample, history: HistoryPoint[]): void;
  close?(): void;
}

/** Whether what ClickHouse said at a time is old: it answers no more, or has not been asked with success for a while. */
export const stale = (sample: Sample, at: number): boolean => silentSince(sample) !== 0 || sample.at - at > 15_000;

/** Sum of a record's numbers. */
export const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((total, value) => total + value, 0);
