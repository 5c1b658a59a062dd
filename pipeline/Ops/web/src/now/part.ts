import type { HistoryPoint, Sample } from '../base/sample';

/** A part of the first page: shown anew every second. */
export interface Part {
  readonly element: HTMLElement;
  show(sample: Sample, history: HistoryPoint[]): void;
  close?(): void;
}

/** Sum of a record's numbers. */
export const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((total, value) => total + value, 0);
