-- Membership and reminders for Orleans' ADO.NET providers. They ask the table OrleansQuery for the text of each of their queries, by key, and know
-- nothing else of the database: names of parameters and of the columns that come back are theirs, tables and statements are ours.

CREATE TABLE orleans_versions (cluster text PRIMARY KEY, version int NOT NULL);
COMMENT ON TABLE orleans_versions IS 'Raised with every change of a cluster''s membership: a change based on an older view is refused';

CREATE TABLE orleans_silos (
    cluster text NOT NULL,
    address text NOT NULL,
    port int NOT NULL,
    generation int NOT NULL,
    name text NOT NULL,
    host text NOT NULL,
    status int NOT NULL,
    proxy_port int NOT NULL,
    suspected text,
    started timestamptz NOT NULL,
    alive timestamptz NOT NULL,
    PRIMARY KEY (cluster, address, port, generation)
);
COMMENT ON TABLE orleans_silos IS 'Silos that are or were members; status as Orleans numbers it';

CREATE TABLE orleans_reminders (
    service text NOT NULL,
    grain text NOT NULL,
    name text NOT NULL,
    starts timestamptz NOT NULL,
    period bigint NOT NULL,
    hash int NOT NULL,
    version int NOT NULL,
    PRIMARY KEY (service, grain, name)
);
CREATE INDEX orleans_reminders_hash ON orleans_reminders (service, hash);

CREATE TABLE OrleansQuery (QueryKey text PRIMARY KEY, QueryText text NOT NULL);

INSERT INTO OrleansQuery VALUES
('GatewaysQueryKey',
'SELECT address AS "Address", proxy_port AS "ProxyPort", generation AS "Generation" FROM orleans_silos
WHERE cluster = @DeploymentId AND status = @Status AND proxy_port <> 0'),

('MembershipReadAllKey',
'SELECT v.version AS "Version", s.address AS "Address", s.port AS "Port", s.generation AS "Generation", s.name AS "SiloName", s.host AS "HostName",
    s.status AS "Status", s.proxy_port AS "ProxyPort", s.suspected AS "SuspectTimes", s.started AS "StartTime", s.alive AS "IAmAliveTime"
FROM orleans_versions v LEFT JOIN orleans_silos s USING (cluster) WHERE v.cluster = @DeploymentId'),

('MembershipReadRowKey',
'SELECT v.version AS "Version", s.address AS "Address", s.port AS "Port", s.generation AS "Generation", s.name AS "SiloName", s.host AS "HostName",
    s.status AS "Status", s.proxy_port AS "ProxyPort", s.suspected AS "SuspectTimes", s.started AS "StartTime", s.alive AS "IAmAliveTime"
FROM orleans_versions v
LEFT JOIN orleans_silos s ON s.cluster = v.cluster AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
WHERE v.cluster = @DeploymentId'),

('InsertMembershipVersionKey',
'WITH made AS (INSERT INTO orleans_versions VALUES (@DeploymentId, 0) ON CONFLICT DO NOTHING RETURNING 1) SELECT count(*) > 0 FROM made'),

('InsertMembershipKey',
'WITH moved AS (
    UPDATE orleans_versions v SET version = version + 1 WHERE cluster = @DeploymentId AND version = @Version
    AND NOT EXISTS (SELECT FROM orleans_silos s WHERE s.cluster = v.cluster AND s.address = @Address AND s.port = @Port AND s.generation = @Generation)
    RETURNING cluster),
made AS (
    INSERT INTO orleans_silos (cluster, address, port, generation, name, host, status, proxy_port, started, alive)
    SELECT cluster, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM moved RETURNING 1)
SELECT count(*) > 0 FROM made'),

('UpdateMembershipKey',
'WITH moved AS (
    UPDATE orleans_versions v SET version = version + 1 WHERE cluster = @DeploymentId AND version = @Version
    AND EXISTS (SELECT FROM orleans_silos s WHERE s.cluster = v.cluster AND s.address = @Address AND s.port = @Port AND s.generation = @Generation)
    RETURNING cluster),
changed AS (
    UPDATE orleans_silos s SET status = @Status, suspected = @SuspectTimes, alive = @IAmAliveTime FROM moved
    WHERE s.cluster = moved.cluster AND s.address = @Address AND s.port = @Port AND s.generation = @Generation RETURNING 1)
SELECT count(*) > 0 FROM changed'),

('UpdateIAmAlivetimeKey',
'UPDATE orleans_silos SET alive = @IAmAliveTime WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation'),

('DeleteMembershipTableEntriesKey',
'WITH gone AS (DELETE FROM orleans_silos WHERE cluster = @DeploymentId) DELETE FROM orleans_versions WHERE cluster = @DeploymentId'),

('CleanupDefunctSiloEntriesKey',
'DELETE FROM orleans_silos WHERE cluster = @DeploymentId AND alive < @IAmAliveTime AND status = 6'),

('ReadReminderRowsKey',
'SELECT grain AS "GrainId", name AS "ReminderName", starts AS "StartTime", period AS "Period", version AS "Version" FROM orleans_reminders
WHERE service = @ServiceId AND grain = @GrainId'),

('ReadReminderRowKey',
'SELECT grain AS "GrainId", name AS "ReminderName", starts AS "StartTime", period AS "Period", version AS "Version" FROM orleans_reminders
WHERE service = @ServiceId AND grain = @GrainId AND name = @ReminderName'),

('ReadRangeRows1Key',
'SELECT grain AS "GrainId", name AS "ReminderName", starts AS "StartTime", period AS "Period", version AS "Version" FROM orleans_reminders
WHERE service = @ServiceId AND hash > @BeginHash AND hash <= @EndHash'),

('ReadRangeRows2Key',
'SELECT grain AS "GrainId", name AS "ReminderName", starts AS "StartTime", period AS "Period", version AS "Version" FROM orleans_reminders
WHERE service = @ServiceId AND (hash > @BeginHash OR hash <= @EndHash)'),

('UpsertReminderRowKey',
'INSERT INTO orleans_reminders AS r (service, grain, name, starts, period, hash, version)
VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
ON CONFLICT (service, grain, name) DO UPDATE SET starts = excluded.starts, period = excluded.period, version = r.version + 1
RETURNING version AS "Version"'),

('DeleteReminderRowKey',
'WITH gone AS (
    DELETE FROM orleans_reminders WHERE service = @ServiceId AND grain = @GrainId AND name = @ReminderName AND version = @Version RETURNING 1)
SELECT count(*) > 0 FROM gone'),

('DeleteReminderRowsKey',
'DELETE FROM orleans_reminders WHERE service = @ServiceId');
