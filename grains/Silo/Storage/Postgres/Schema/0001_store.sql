-- What a cluster of silos keeps: members, positions, outboxes. Statements end in a semicolon at a line's end.

CREATE TABLE facts (name text PRIMARY KEY, value text NOT NULL);
COMMENT ON TABLE facts IS 'Small named facts: buckets, generation, rules in force, check of the pseudonym key';

-- By bucket first, so that a bucket's members lie together and can be gone through without another index.
CREATE TABLE members (
    bucket int NOT NULL,
    id bytea NOT NULL,
    version bigint NOT NULL,
    due bigint,
    rules bigint NOT NULL,
    state bytea NOT NULL,
    PRIMARY KEY (bucket, id)
) WITH (fillfactor = 85);
COMMENT ON TABLE members IS 'Snapshots; due in epoch milliseconds, null for never';
CREATE INDEX members_due ON members (bucket, due) WHERE due IS NOT NULL;

CREATE TABLE partitions (
    topic_id text NOT NULL,
    partition int NOT NULL,
    topic text NOT NULL,
    generation bigint NOT NULL,
    next bigint NOT NULL,
    proven bigint NOT NULL,
    PRIMARY KEY (topic_id, partition)
) WITH (fillfactor = 50);
COMMENT ON TABLE partitions IS 'Who reads what: the generation of the newest assignment, the offset everything before which is durable, the moment proven';

CREATE TABLE positions (
    topic_id text NOT NULL,
    partition int NOT NULL,
    bucket int NOT NULL,
    next bigint NOT NULL,
    PRIMARY KEY (topic_id, partition, bucket)
) WITH (fillfactor = 50);
COMMENT ON TABLE positions IS 'The next offset of a partition that a bucket has not applied';

CREATE TABLE outboxes (
    writer text PRIMARY KEY,
    token bigint NOT NULL,
    owner text NOT NULL,
    expires timestamptz NOT NULL,
    number bigint NOT NULL DEFAULT 0,
    last uuid,
    sent bigint NOT NULL DEFAULT 0,
    formed bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
COMMENT ON TABLE outboxes IS 'Each held by one silo at a time; its name is the writer of its blocks in ClickHouse';

CREATE TABLE commits (
    writer text NOT NULL,
    number bigint NOT NULL,
    outputs bytea NOT NULL,
    PRIMARY KEY (writer, number)
);
COMMENT ON TABLE commits IS 'What commits caused, until it is sent and formed into blocks';

CREATE TABLE blocks (
    writer text NOT NULL,
    target text NOT NULL,
    number bigint NOT NULL,
    rows int NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (writer, target, number)
);
ALTER TABLE blocks ALTER COLUMN bytes SET STORAGE EXTERNAL;
COMMENT ON TABLE blocks IS 'Blocks waiting for ClickHouse, formed once and never changed';

CREATE TABLE block_numbers (
    writer text NOT NULL,
    target text NOT NULL,
    number bigint NOT NULL,
    PRIMARY KEY (writer, target)
);
COMMENT ON TABLE block_numbers IS 'The newest number given';

CREATE TABLE parked (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    writer text NOT NULL,
    kind text NOT NULL,
    target text NOT NULL,
    reason text NOT NULL,
    bytes bytea NOT NULL,
    redrive boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE parked IS 'What Kafka or ClickHouse refused for good';
