import type { HistoryPoint, Sample } from '../base/sample';

/** What a tab tells the hub: whether somebody looks at it, and the API key it has; or that it is closed. */
export type FromTab = { looks: boolean; key: string } | 'gone';

/** Everything known so far. */
export interface Whole {
  /** Oldest first. */
  history: HistoryPoint[];
  now: Sample | undefined;
  lostSince: number | undefined;
}

/** What the hub tells a tab: everything, the newest sample, that the server is not heard since then, or that it refused this key. */
export type ToTab = { whole: Whole } | { now: Sample } | { lostSince: number } | { refused: string };
