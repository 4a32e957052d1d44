-- What Orleans' ADO.NET providers for membership and reminders need: they take their statements out of OrleansQuery, by key, and know the names of parameters and
-- of the columns that they read. Membership changes only together with its version, so that two silos never build on the same view of it.
CREATE TABLE orleans_views(cluster text PRIMARY KEY, version int NOT NULL, moved_at timestamptz NOT NULL);
CREATE TABLE orleans_silos(
    cluster text NOT NULL REFERENCES orleans_views(cluster) ON DELETE CASCADE,
    address text NOT NULL,
    port int NOT NULL,
    generation int NOT NULL,
    silo_name text NOT NULL,
    host_name text NOT NULL,
    status int NOT NULL,
    proxy_port int NOT NULL,
    suspect_times text,
    start_time timestamptz NOT NULL,
    alive_time timestamptz NOT NULL,
    PRIMARY KEY(cluster, address, port, generation));
CREATE TABLE orleans_reminders(
    service text NOT NULL,
    grain text NOT NULL,
    name text NOT NULL,
    start_time timestamptz NOT NULL,
    period bigint NOT NULL,
    hash int NOT NULL,
    version int NOT NULL,
    PRIMARY KEY(service, grain, name));
CREATE INDEX orleans_reminders_by_hash ON orleans_reminders(service, hash);
CREATE TABLE OrleansQuery(QueryKey text PRIMARY KEY, QueryText text NOT NULL);

INSERT INTO OrleansQuery(QueryKey, QueryText) VALUES
('InsertMembershipVersionKey', '
    WITH added AS (
        INSERT INTO orleans_views(cluster, version, moved_at) VALUES (@DeploymentId, 0, now()) ON CONFLICT (cluster) DO NOTHING RETURNING cluster)
    SELECT EXISTS (SELECT FROM added)'),
('InsertMembershipKey', '
    WITH moved AS (
        UPDATE orleans_views SET version = version + 1, moved_at = now()
        WHERE cluster = @DeploymentId AND version = @Version AND NOT EXISTS (
            SELECT FROM orleans_silos WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING cluster),
    added AS (
        INSERT INTO orleans_silos(cluster, address, port, generation, silo_name, host_name, status, proxy_port, start_time, alive_time)
        SELECT cluster, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM moved
        RETURNING cluster)
    SELECT EXISTS (SELECT FROM added)'),
('UpdateMembershipKey', '
    WITH moved AS (
        UPDATE orleans_views SET version = version + 1, moved_at = now()
        WHERE cluster = @DeploymentId AND version = @Version AND EXISTS (
            SELECT FROM orleans_silos WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING cluster),
    changed AS (
        UPDATE orleans_silos s SET status = @Status, suspect_times = @SuspectTimes, alive_time = @IAmAliveTime
        FROM moved
        WHERE s.cluster = moved.cluster AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
        RETURNING s.cluster)
    SELECT EXISTS (SELECT FROM changed)'),
('UpdateIAmAlivetimeKey', '
    UPDATE orleans_silos SET alive_time = @IAmAliveTime
    WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation'),
('MembershipReadRowKey', '
    SELECT v.version AS Version, s.address AS Address, s.port AS Port, s.generation AS Generation, s.silo_name AS SiloName, s.host_name AS HostName, s.status AS Status,
        s.proxy_port AS ProxyPort, s.suspect_times AS SuspectTimes, s.start_time AS StartTime, s.alive_time AS IAmAliveTime
    FROM orleans_views v
    LEFT JOIN orleans_silos s ON s.cluster = v.cluster AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
    WHERE v.cluster = @DeploymentId'),
('MembershipReadAllKey', '
    SELECT v.version AS Version, s.address AS Address, s.port AS Port, s.generation AS Generation, s.silo_name AS SiloName, s.host_name AS HostName, s.status AS Status,
        s.proxy_port AS ProxyPort, s.suspect_times AS SuspectTimes, s.start_time AS StartTime, s.alive_time AS IAmAliveTime
    FROM orleans_views v
    LEFT JOIN orleans_silos s ON s.cluster = v.cluster
    WHERE v.cluster = @DeploymentId'),
('GatewaysQueryKey', '
    SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation
    FROM orleans_silos
    WHERE cluster = @DeploymentId AND status = @Status AND proxy_port > 0'),
('DeleteMembershipTableEntriesKey', '
    DELETE FROM orleans_views WHERE cluster = @DeploymentId'),
('CleanupDefunctSiloEntriesKey', '
    DELETE FROM orleans_silos WHERE cluster = @DeploymentId AND alive_time < @IAmAliveTime AND status = 6 /* dead */'),
('UpsertReminderRowKey', '
    INSERT INTO orleans_reminders AS r(service, grain, name, start_time, period, hash, version)
    VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
    ON CONFLICT (service, grain, name) DO UPDATE
    SET start_time = excluded.start_time, period = excluded.period, hash = excluded.hash, version = r.version + 1
    RETURNING version AS Version'),
('ReadReminderRowKey', '
    SELECT grain AS GrainId, name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
    FROM orleans_reminders
    WHERE service = @ServiceId AND grain = @GrainId AND name = @ReminderName'),
('ReadReminderRowsKey', '
    SELECT grain AS GrainId, name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
    FROM orleans_reminders
    WHERE service = @ServiceId AND grain = @GrainId'),
('ReadRangeRows1Key', '
    SELECT grain AS GrainId, name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
    FROM orleans_reminders
    WHERE service = @ServiceId AND hash > @BeginHash AND hash <= @EndHash'),
('ReadRangeRows2Key', '
    SELECT grain AS GrainId, name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
    FROM orleans_reminders
    WHERE service = @ServiceId AND (hash > @BeginHash OR hash <= @EndHash)'),
('DeleteReminderRowKey', '
    WITH gone AS (
        DELETE FROM orleans_reminders WHERE service = @ServiceId AND grain = @GrainId AND name = @ReminderName AND version = @Version RETURNING name)
    SELECT EXISTS (SELECT FROM gone)'),
('DeleteReminderRowsKey', '
    DELETE FROM orleans_reminders WHERE service = @ServiceId');
