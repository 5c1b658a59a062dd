/** What /v1/members/{id} answers: the fields the page shows. Times are RFC 3339 where they are texts. */
export interface MemberState {
  member: string;
  now: number;
  pseudonym: string;
  score: number;
  scores: Record<string, number>;
  stage: string;
  stageSince: string | null;
  tier: string;
  koc: boolean;
  firstSeen: string | null;
  lastSeen: string | null;
  events: number;
  /** Newest first. */
  lastEvents: LastEvent[];
  purchases: { paid: number; refunded: number; cancelled: number; spent: Record<string, number> };
  churn: { rule: string; pAlive: number | null; expectedPurchases: number | null; dueAt: string | null; alert: string | null; alerts: { reason: string; since: string | null }[] };
  points: number;
  /** Points that were taken back after they were spent. The next points earned are deducted from them. */
  pointsOwed: number;
  growth: number;
  level: string;
  badges: string[];
  streak: { days: number; longest: number };
  facts: Facts;
  care: { held: { action: string; until: string | null }[]; nextGreeting: string | null };
  /** Pairs of epoch milliseconds and score, from now on. */
  curve: [number, number][];
}

/** The facts that events declared about the member. */
export interface Facts {
  timezone: string;
  /** Yes or no by channel; `*` speaks for every channel that is not named. */
  consent: Record<string, boolean>;
  /** Those of them that the rules do not have. */
  unknownChannels: string[];
  leftOut: number;
  /** Codes of the warnings about this member's facts. */
  warnings: string[];
}

/** What happened last, and what it was worth: its weight in the score of its topic, and points. */
export interface LastEvent {
  topic: string;
  kind: string;
  at: string;
  score: number;
  points: number;
  amount: number | null;
  currency: string | null;
  rating: number | null;
}
