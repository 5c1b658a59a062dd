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
  purchases: { paid: number; refunded: number; cancelled: number; spent: Record<string, number> };
  churn: { rule: string; pAlive: number | null; expectedPurchases: number | null; dueAt: string | null; alert: string | null };
  points: number;
  growth: number;
  level: string;
  badges: string[];
  streak: { days: number; longest: number };
  /** Pairs of epoch milliseconds and score, from now on. */
  curve: [number, number][];
}
