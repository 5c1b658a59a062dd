-- What people and dashboards read: the current generation, without the columns that serve delivery.
-- Rows of the sums may still be in several pieces: always sum() over them.

CREATE OR REPLACE VIEW current_generation AS
SELECT argMax(generation, switched) AS generation FROM generations;

CREATE OR REPLACE VIEW activity AS
SELECT minute, topic, kind, stage, tier, currency, writer, events, amount
FROM activity_rows WHERE generation = (SELECT generation FROM current_generation);

CREATE OR REPLACE VIEW points AS
SELECT minute, kind, rule, stage, tier, writer, entries, points
FROM points_rows WHERE generation = (SELECT generation FROM current_generation);

CREATE OR REPLACE VIEW transitions AS
SELECT minute, from_stage, to_stage, writer, members
FROM transitions_rows WHERE generation = (SELECT generation FROM current_generation);

CREATE OR REPLACE VIEW rejects AS
SELECT minute, topic, reason, writer, records
FROM rejects_rows WHERE generation = (SELECT generation FROM current_generation);

CREATE OR REPLACE VIEW retention AS
SELECT period, cohort, start, writer, members
FROM retention_rows WHERE generation = (SELECT generation FROM current_generation);

CREATE OR REPLACE VIEW population AS
SELECT gauge, bucket, name, sum(members) AS members
FROM population_rows WHERE generation = (SELECT generation FROM current_generation)
GROUP BY gauge, bucket, name HAVING members != 0;

CREATE OR REPLACE VIEW population_changes AS
SELECT minute, gauge, bucket, name, writer, members
FROM population_changes_rows WHERE generation = (SELECT generation FROM current_generation);

-- Members per bucket of one gauge at each step from `since` to `until` (UTC): what is there now less what was added after the step.
-- SELECT * FROM population_history(of = 'stage', since = '2026-01-01 00:00:00', until = '2026-01-02 00:00:00', step = 3600)
CREATE OR REPLACE VIEW population_history AS
WITH
    parseDateTimeBestEffort({since:String}, 'UTC') AS first,
    {step:UInt32} AS width,
    toUInt32(least(10000, intDiv(dateDiff('second', first, parseDateTimeBestEffort({until:String}, 'UTC')), width) + 1)) AS steps
SELECT first + tupleElement(point, 1) * width AS time, gauge, bucket, name, tupleElement(point, 2) AS members
FROM
(
    SELECT gauge, bucket, name, sum(total) AS total, sumMap(map(step_no, added)) AS by_step
    FROM
    (
        SELECT gauge, bucket, name, members AS total, toUInt32(0) AS step_no, toInt64(0) AS added
        FROM population WHERE gauge = {of:String}
        UNION ALL
        SELECT gauge, bucket, name, toInt64(0), toUInt32(least(steps, intDiv(dateDiff('second', first, minute) + width - 1, width))), members
        FROM population_changes WHERE gauge = {of:String} AND minute > first
    )
    GROUP BY gauge, bucket, name
)
ARRAY JOIN arrayMap((i, later) -> (i, total - later), range(steps),
    arrayMap(i -> arraySum(arrayMap((k, v) -> if(k > i, v, 0), mapKeys(by_step), mapValues(by_step))), range(steps))) AS point
WHERE members != 0;

CREATE OR REPLACE VIEW rules AS
SELECT since, version, score_half_life
FROM rules_rows WHERE generation = (SELECT generation FROM current_generation);

-- Members by their score now. A bucket is a quarter octave of log2(score) + time / half-life, which ages by itself.
CREATE OR REPLACE VIEW score_distribution AS
WITH (SELECT argMax(score_half_life, since) FROM rules) AS half_life
SELECT bucket, exp2(bucket / 4 - toFloat64(now64(3)) / half_life) AS score_from, exp2((bucket + 1) / 4 - toFloat64(now64(3)) / half_life) AS score_to, members
FROM population WHERE gauge = 'score';

-- Members by the day on which their next churn alert falls due; raised: it has.
CREATE OR REPLACE VIEW outlook AS
SELECT name AS state, if(bucket >= 0, toDate(toUInt16(greatest(bucket, 0))), NULL) AS due, members
FROM population WHERE gauge = 'alert_day';

CREATE OR REPLACE VIEW members AS
SELECT member, first_seen, updated, events, stage, tier, level
FROM members_rows FINAL WHERE generation = (SELECT generation FROM current_generation);

CREATE OR REPLACE VIEW alerts AS
SELECT at, member, sequence, kind, stage, tier, level, rule, rules, from, to, reason, cause, why, writer
FROM alerts_rows WHERE generation = (SELECT generation FROM current_generation);

CREATE OR REPLACE VIEW rewards AS
SELECT at, member, sequence, kind, stage, tier, level, rule, rules, points, value AS balance, from, to, reason, subject AS request, cause, why, writer
FROM rewards_rows WHERE generation = (SELECT generation FROM current_generation);

CREATE OR REPLACE VIEW care_actions AS
SELECT at, member, sequence, kind, stage, tier, level, rule, rules, to AS action, subject AS channel, reason, cause, why, writer
FROM care_actions_rows WHERE generation = (SELECT generation FROM current_generation);

CREATE OR REPLACE VIEW changes AS
SELECT at, member, sequence, kind, stage, tier, level, rule, rules, from, to, reason, cause, why, writer
FROM changes_rows WHERE generation = (SELECT generation FROM current_generation);

CREATE OR REPLACE VIEW health AS
SELECT at, metric, label, value, writer
FROM health_rows WHERE generation = (SELECT generation FROM current_generation);
