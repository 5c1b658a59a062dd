-- In rewards and changes the words that queries filter and group by become numbers with names: a merge copies a byte where it looked a word up. A word
-- that is not in the list is refused, so a new kind, stage or tier comes with a migration that adds it, which changes the table's description alone.
-- The projection holds these columns, so it is made anew; parts from before are read row by row, with the same result. They are rewritten once.

ALTER TABLE rewards_rows DROP PROJECTION IF EXISTS by_member_and_day;

ALTER TABLE rewards_rows
    MODIFY COLUMN kind Enum8('points-earned' = 10, 'points-spent' = 11, 'points-expired' = 12, 'points-adjusted' = 13, 'redeem-rejected' = 14, 'badge-earned' = 15, 'streak-reached' = 16),
    MODIFY COLUMN stage Enum8('none' = 0, 'awareness' = 1, 'interest' = 2, 'engagement' = 3, 'conversion' = 4, 'loyalty' = 5, 'dormant' = 6, 'lapsed' = 7, 'recovered' = 8),
    MODIFY COLUMN tier Enum8('none' = 0, 'base' = 1, 'waist' = 2, 'head' = 3);

ALTER TABLE changes_rows
    MODIFY COLUMN kind Enum8('stage-changed' = 40, 'tier-changed' = 41, 'level-changed' = 42, 'member-joined' = 43),
    MODIFY COLUMN stage Enum8('none' = 0, 'awareness' = 1, 'interest' = 2, 'engagement' = 3, 'conversion' = 4, 'loyalty' = 5, 'dormant' = 6, 'lapsed' = 7, 'recovered' = 8),
    MODIFY COLUMN tier Enum8('none' = 0, 'base' = 1, 'waist' = 2, 'head' = 3);

ALTER TABLE rewards_rows ADD PROJECTION IF NOT EXISTS by_member_and_day
(
    SELECT generation, toStartOfDay(at), kind, stage, tier, member, sum(points), count()
    GROUP BY generation, toStartOfDay(at), kind, stage, tier, member
);

-- A view keeps the types it was made with.
CREATE OR REPLACE VIEW rewards AS
SELECT at, member, sequence, kind, stage, tier, level, rule, rules, points, value AS balance, from, to, reason, subject AS request, cause, why, writer
FROM rewards_rows WHERE generation = (SELECT generation FROM current_generation);

CREATE OR REPLACE VIEW changes AS
SELECT at, member, sequence, kind, stage, tier, level, rule, rules, from, to, reason, cause, why, writer
FROM changes_rows WHERE generation = (SELECT generation FROM current_generation);
