import type { HistoryPoint, Sample } from '../base/sample';

/** What a tab sends to the hub: whether it is visible, and the API key it has; or that it is closed. */
export type TabToHub = { visible: boolean; key: string } | 'closed';

/** Everything known so far. */
export interface AllFigures {
  /** Oldest first. */
  history: HistoryPoint[];
  now: Sample | undefined;
  lostSince: number | undefined;
}

/** Messages from the hub to a tab: all figures, the newest sample, since when the server does not answer, or the key that was refused. */
export type HubToTab = { all: AllFigures } | { now: Sample } | { lostSince: number } | { refused: string };
