-- Tables end in _rows and hold every generation; what people read are the views of the same name without it (0002).
--
-- Every table: `seq` is the number of the block a row came in, per generation, writer and table; its maximum tells what has landed.
-- `inserted` is when the block was formed: one value per block, hence one partition; partitions and expiry go by it, never by event time.
-- Where rows add up under merges, seq and inserted keep their maximum. `writer` is part of every key, so rows of two writers never merge.
-- Times are UTC. Expiry can be changed with ALTER TABLE ... MODIFY TTL; current state (population, members, rules) never expires.

CREATE TABLE IF NOT EXISTS generations
(
    generation UInt64,
    switched DateTime64(3, 'UTC') COMMENT 'when views began to read this generation; the latest is current',
    writer LowCardinality(String) COMMENT 'who switched'
)
ENGINE = MergeTree ORDER BY (generation, switched)
COMMENT 'Which generation of the state the views read';

CREATE TABLE IF NOT EXISTS activity_rows
(
    generation UInt64,
    minute DateTime('UTC') COMMENT 'of the event''s own time',
    topic LowCardinality(String),
    kind LowCardinality(String),
    stage LowCardinality(String) COMMENT 'of the member after the event',
    tier LowCardinality(String),
    currency LowCardinality(String) COMMENT 'empty where no money moved',
    writer LowCardinality(String),
    events SimpleAggregateFunction(sum, UInt64),
    amount SimpleAggregateFunction(sum, Decimal(38, 4)) COMMENT 'in the currency''s unit; refunds and cancellations count up, under their own kind',
    seq SimpleAggregateFunction(max, UInt64),
    inserted SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
PARTITION BY (generation, toYYYYMM(inserted))
ORDER BY (generation, minute, topic, kind, stage, tier, currency, writer)
TTL toDateTime(inserted) + INTERVAL 3 YEAR
SETTINGS ttl_only_drop_parts = 1;

CREATE TABLE IF NOT EXISTS points_rows
(
    generation UInt64,
    minute DateTime('UTC'),
    kind LowCardinality(String),
    rule LowCardinality(String),
    stage LowCardinality(String),
    tier LowCardinality(String),
    writer LowCardinality(String),
    entries SimpleAggregateFunction(sum, UInt64),
    points SimpleAggregateFunction(sum, Int64),
    seq SimpleAggregateFunction(max, UInt64),
    inserted SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
PARTITION BY (generation, toYYYYMM(inserted))
ORDER BY (generation, minute, kind, rule, stage, tier, writer)
TTL toDateTime(inserted) + INTERVAL 3 YEAR
SETTINGS ttl_only_drop_parts = 1;

CREATE TABLE IF NOT EXISTS transitions_rows
(
    generation UInt64,
    minute DateTime('UTC') COMMENT 'of the member''s clock',
    from_stage LowCardinality(String),
    to_stage LowCardinality(String),
    writer LowCardinality(String),
    members SimpleAggregateFunction(sum, UInt64),
    seq SimpleAggregateFunction(max, UInt64),
    inserted SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
PARTITION BY (generation, toYYYYMM(inserted))
ORDER BY (generation, minute, from_stage, to_stage, writer)
TTL toDateTime(inserted) + INTERVAL 3 YEAR
SETTINGS ttl_only_drop_parts = 1;

CREATE TABLE IF NOT EXISTS population_rows
(
    generation UInt64,
    gauge LowCardinality(String) COMMENT 'stage, tier, level, score or alert_day',
    bucket Int32 COMMENT 'number of the stage, tier or level; quarter octave of the score; day since 1970-01-01 on which an alert falls due',
    name LowCardinality(String),
    writer LowCardinality(String),
    members SimpleAggregateFunction(sum, Int64) COMMENT 'entered less left; the sum over all rows is how many are there',
    seq SimpleAggregateFunction(max, UInt64),
    inserted SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
PARTITION BY generation
ORDER BY (generation, gauge, bucket, name, writer);

CREATE TABLE IF NOT EXISTS population_changes_rows
(
    generation UInt64,
    minute DateTime('UTC') COMMENT 'of the member''s clock',
    gauge LowCardinality(String),
    bucket Int32,
    name LowCardinality(String),
    writer LowCardinality(String),
    members SimpleAggregateFunction(sum, Int64),
    seq SimpleAggregateFunction(max, UInt64),
    inserted SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
PARTITION BY (generation, toYYYYMM(inserted))
ORDER BY (generation, gauge, minute, bucket, name, writer)
TTL toDateTime(inserted) + INTERVAL 1 YEAR
SETTINGS ttl_only_drop_parts = 1;

CREATE TABLE IF NOT EXISTS rejects_rows
(
    generation UInt64,
    minute DateTime('UTC') COMMENT 'of the record''s timestamp',
    topic LowCardinality(String),
    reason LowCardinality(String) COMMENT 'duplicate: seen before, changed nothing',
    writer LowCardinality(String),
    records SimpleAggregateFunction(sum, UInt64),
    seq SimpleAggregateFunction(max, UInt64),
    inserted SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
PARTITION BY (generation, toYYYYMM(inserted))
ORDER BY (generation, minute, topic, reason, writer)
TTL toDateTime(inserted) + INTERVAL 1 YEAR
SETTINGS ttl_only_drop_parts = 1;

CREATE TABLE IF NOT EXISTS retention_rows
(
    generation UInt64,
    period LowCardinality(String) COMMENT 'day, week (from Monday) or month',
    cohort Date COMMENT 'day of the member''s first event',
    start Date COMMENT 'first day of a period in which the member was active',
    writer LowCardinality(String),
    members SimpleAggregateFunction(sum, UInt64),
    seq SimpleAggregateFunction(max, UInt64),
    inserted SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
PARTITION BY generation
ORDER BY (generation, period, start, cohort, writer);

CREATE TABLE IF NOT EXISTS members_rows
(
    generation UInt64,
    member FixedString(32) COMMENT 'pseudonym',
    first_seen DateTime64(3, 'UTC'),
    updated DateTime64(3, 'UTC') COMMENT 'the member''s clock; the latest row is the true one',
    events UInt64 COMMENT 'at that time',
    stage LowCardinality(String),
    tier LowCardinality(String),
    level UInt8,
    writer LowCardinality(String),
    seq UInt64,
    inserted DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(updated)
PARTITION BY generation
ORDER BY (generation, member)
COMMENT 'Rows replace each other by member and may be sent again: seq serves the sender only';

CREATE TABLE IF NOT EXISTS alerts_rows
(
    generation UInt64,
    at DateTime64(3, 'UTC') COMMENT 'in the member''s life',
    member FixedString(32) COMMENT 'pseudonym',
    sequence UInt64 COMMENT 'of the member''s effects; with the member it names the row',
    kind LowCardinality(String),
    stage LowCardinality(String),
    tier LowCardinality(String),
    level UInt8,
    points Int64,
    value Int64 COMMENT 'balance, streak length or level afterwards',
    rule LowCardinality(String),
    rules LowCardinality(String) COMMENT 'version of the rules',
    from LowCardinality(String),
    to LowCardinality(String),
    reason LowCardinality(String),
    subject String COMMENT 'redemption request or channel',
    cause String COMMENT 'id of the event, or the period of a wake',
    why Map(LowCardinality(String), Float64) COMMENT 'the numbers the rule used',
    writer LowCardinality(String),
    seq UInt64,
    inserted DateTime64(3, 'UTC'),
    INDEX by_member member TYPE bloom_filter GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY (generation, toYYYYMM(inserted))
ORDER BY (generation, at, member)
TTL toDateTime(inserted) + INTERVAL 3 YEAR
SETTINGS ttl_only_drop_parts = 1;

CREATE TABLE IF NOT EXISTS rewards_rows AS alerts_rows;

CREATE TABLE IF NOT EXISTS care_actions_rows AS alerts_rows;

CREATE TABLE IF NOT EXISTS changes_rows AS alerts_rows;

CREATE TABLE IF NOT EXISTS rules_rows
(
    generation UInt64,
    since DateTime64(3, 'UTC'),
    version LowCardinality(String),
    score_half_life Float64 COMMENT 'seconds; by it score buckets age',
    writer LowCardinality(String),
    seq UInt64,
    inserted DateTime64(3, 'UTC')
)
ENGINE = MergeTree
PARTITION BY generation
ORDER BY (generation, since);

CREATE TABLE IF NOT EXISTS health_rows
(
    generation UInt64,
    at DateTime64(3, 'UTC'),
    metric LowCardinality(String),
    label LowCardinality(String),
    value Float64,
    writer LowCardinality(String),
    seq UInt64,
    inserted DateTime64(3, 'UTC')
)
ENGINE = MergeTree
PARTITION BY (generation, toYYYYMM(inserted))
ORDER BY (generation, metric, at, label)
TTL toDateTime(inserted) + INTERVAL 30 DAY
SETTINGS ttl_only_drop_parts = 1;
