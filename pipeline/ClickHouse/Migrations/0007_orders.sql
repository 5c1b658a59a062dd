-- Kinds of rewards that came with the memory of orders and requests. More words change the table's description alone; the projection is made for them anew.

ALTER TABLE rewards_rows DROP PROJECTION IF EXISTS by_member_and_day;

ALTER TABLE rewards_rows
    MODIFY COLUMN kind Enum8('points-earned' = 10, 'points-spent' = 11, 'points-expired' = 12, 'points-adjusted' = 13, 'redeem-rejected' = 14, 'badge-earned' = 15, 'streak-reached' = 16, 'points-reversed' = 17, 'redeem-repeated' = 18, 'points-withheld' = 19);

ALTER TABLE rewards_rows ADD PROJECTION IF NOT EXISTS by_member_and_day
(
    SELECT generation, toStartOfDay(at), kind, stage, tier, member, sum(points), count()
    GROUP BY generation, toStartOfDay(at), kind, stage, tier, member
);

-- A view keeps the types it was made with.
CREATE OR REPLACE VIEW rewards AS
SELECT at, member, sequence, kind, stage, tier, level, rule, rules, points, value AS balance, from, to, reason, subject AS request, cause, why, writer
FROM rewards_rows WHERE generation = (SELECT generation FROM current_generation);
