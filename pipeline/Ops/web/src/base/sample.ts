// The answers of /v1/live and /v1/status. Times are epoch milliseconds, durations seconds; 0 means never.

export interface Sample {
  id: number;
  at: number;
  startedAt: number;
  ready: boolean;
  reasons: { code: string; message: string; since: number | null }[];
  totals: { events: Record<string, number>; rejected: Record<string, number>; duplicates: number; wakes: number; effects: number };
  rates: { events: Record<string, number>; rejected: Record<string, number> };
  latency: { p50: number; p90: number; p99: number } | null;
  commit: { number: number; at: number; failure: string | null; held: string | null; recovering: boolean };
  memory: { cached: number; dirty: number };
  stages: { at: number; members: Record<string, number> } | null;
  broker: { bootstrap: string; awaySince: number; lastError: string | null; lag: number; gone: number; unsent: number; delivered: number };
  clickHouse: {
    awaySince: number; lastError: string | null; refused: string | null; migrated: boolean; waiting: number; rows: number; blocks: number; landedAt: number;
  };
  /** Since when ClickHouse has answered no query; 0 while it answers. */
  clickHouseSilentSince: number;
  parked: number;
  spoolBytes: number;
  alerts: OutputMessage[];
  rewards: OutputMessage[];
}

export interface HistoryPoint {
  id: number;
  at: number;
  events: Record<string, number>;
  rejected: number;
  p50: number | null;
  p99: number | null;
  lag: number;
}

/** A message of an output topic: the fields the page shows. */
export interface OutputMessage {
  kind: string;
  member: string;
  at?: string | number;
  rule?: string;
  reason?: string;
  from?: string;
  to?: string;
  points?: number;
  /** The currency of the order, for messages about points of an order. */
  currency?: string;
  cause?: string;
  sequence?: number;
  why?: Record<string, number>;
}
