-- What dashboards count over effects is kept beside them as projections: part of every part, so they land and merge with its rows
-- or not at all (a materialized view on the way in would not). A query that groups by no more than a projection holds reads that instead:
-- a few rows per minute, or one per member and day, and not every effect. Parts from before this migration are read row by row, with the same result.
-- Deletes rebuild the projections of the parts they touch.

ALTER TABLE alerts_rows MODIFY SETTING lightweight_mutation_projection_mode = 'rebuild';

ALTER TABLE rewards_rows MODIFY SETTING lightweight_mutation_projection_mode = 'rebuild';

ALTER TABLE care_actions_rows MODIFY SETTING lightweight_mutation_projection_mode = 'rebuild';

ALTER TABLE alerts_rows ADD PROJECTION IF NOT EXISTS by_minute
(
    SELECT generation, toStartOfMinute(at), kind, reason, rule, stage, tier, count()
    GROUP BY generation, toStartOfMinute(at), kind, reason, rule, stage, tier
);

ALTER TABLE care_actions_rows ADD PROJECTION IF NOT EXISTS by_minute
(
    SELECT generation, toStartOfMinute(at), kind, reason, to, subject, stage, tier, count()
    GROUP BY generation, toStartOfMinute(at), kind, reason, to, subject, stage, tier
);

ALTER TABLE rewards_rows ADD PROJECTION IF NOT EXISTS by_member_and_day
(
    SELECT generation, toStartOfDay(at), kind, stage, tier, member, sum(points), count()
    GROUP BY generation, toStartOfDay(at), kind, stage, tier, member
);
