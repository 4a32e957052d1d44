using System.Data;
using System.Data.Common;
using Decisioning.Engine.Storage;
using Npgsql;

namespace Decisioning.Cluster.Storage.Sql;

/// <summary>The store over PostgreSQL 13 or newer, in a database of its own; Orleans' membership and reminders lie in it too.</summary>
public sealed class PostgresClusterStore : SqlClusterStore
{
    /// <summary>Statements that a connection keeps prepared, where the connection string says nothing else.</summary>
    private const int PreparedStatements = 40;

    /// <summary>
    /// Everything is found by an index. A plan that was made while the tables were small would else be kept while they grow, until the server's statistics come, and
    /// read a whole table for each call. What is switched off only looks dear to the planner, which must not compile such statements either.
    /// </summary>
    private const string ByIndexAlone = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off";

    /// <summary>Any number that no other program locks by in this database.</summary>
    private const long MakingLock = 0x4463_7353_0000_0001;

    /// <summary>
    /// One statement a batch. The epoch is held against being closed until it commits, so that a closed epoch's last number is final. Rows come in the order of
    /// their keys: silos that fight over the same consumers wait for one another, and never in a circle.
    /// </summary>
    private const string AppendRows = $"""
        WITH fence AS MATERIALIZED (SELECT 1 FROM epochs WHERE epoch = $1 AND open FOR SHARE),
        taken AS (
            INSERT INTO turns({SqlTurnRows.Columns})
            SELECT r.consumer, r.first, r.last, $1, r.number, r.kind, r.instant, r.due_hour, r.payloads
            FROM unnest($2, $3, $4, $5, $6, $7, $8, $9) AS r(consumer, first, last, number, kind, instant, due_hour, payloads)
            WHERE EXISTS (SELECT FROM fence)
            ON CONFLICT DO NOTHING
            RETURNING consumer, due_hour),
        moved AS (
            INSERT INTO calendar(consumer, hour) SELECT consumer, due_hour FROM taken WHERE due_hour > 0 ORDER BY consumer
            ON CONFLICT (consumer) DO UPDATE SET hour = excluded.hour WHERE calendar.hour <> excluded.hour),
        gone AS (DELETE FROM calendar c USING taken t WHERE c.consumer = t.consumer AND t.due_hour = 0)
        SELECT count(*) FROM taken
        """;

    private readonly NpgsqlDataSource _source;

    /// <param name="connectionString">As Npgsql takes it: <c>Host=..;Database=..;Username=..;Password=..</c></param>
    /// <exception cref="StorageException">It is not one of Npgsql's, or names no host.</exception>
    public PostgresClusterStore(string connectionString)
    {
        NpgsqlConnectionStringBuilder builder = PostgresFailure.Read(connectionString);
        if (!builder.ContainsKey("Max Auto Prepare"))
        {
            builder.MaxAutoPrepare = PreparedStatements;
            builder.AutoPrepareMinUsages = 2;
        }

        builder.Options = builder.Options is { Length: > 0 } stated ? $"{ByIndexAlone} {stated}" : ByIndexAlone;
        _source = NpgsqlDataSource.Create(builder);
    }

    /// <summary>For Orleans' providers: the same pool of connections.</summary>
    public DbDataSource Source => _source;

    internal override string KeySource => "(SELECT k.consumer, k.ord - 1 AS ord FROM unnest($1) WITH ORDINALITY AS k(consumer, ord)) AS w";

    internal override string HoldEpoch => " FOR SHARE";

    internal override string Clock => "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    internal override T Now<T>(bool write, Func<DbConnection, T> work)
    {
        try
        {
            using NpgsqlConnection connection = _source.OpenConnection();
            return work(connection);
        }
        catch (Exception e) when (PostgresFailure.Of(e, _source) is { } failure)
        {
            throw failure;
        }
    }

    internal override async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception e) when (PostgresFailure.Of(e, _source) is { } failure)
        {
            throw failure;
        }
    }

    internal override async Task<DbConnection> OpenReaderAsync(CancellationToken cancellation) => await _source.OpenConnectionAsync(cancellation).ConfigureAwait(false);

    internal override Task<T> ReadAsync<T>(Func<DbConnection, CancellationToken, Task<T>> work, CancellationToken cancellation) => GuardAsync(async () =>
    {
        await using NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        return await work(connection, cancellation).ConfigureAwait(false);
    });

    internal override Task<T> WriteAsync<T>(Func<DbConnection, CancellationToken, Task<T>> work, CancellationToken cancellation) => ReadAsync(work, cancellation);

    internal override object KeysOf(IReadOnlyList<ulong> keys) => ColumnOf(keys, k => (long)k);

    internal override async Task<IReadOnlyList<int>> AppendAsync(DbConnection connection, IReadOnlyList<TurnRow> rows, CancellationToken cancellation)
    {
        long epoch = rows[0].Epoch;
        TurnRow[] sorted = [.. rows.OrderBy(r => (long)r.Consumer)];
        long? taken = await connection.Statement(
            AppendRows, epoch, ColumnOf(sorted, r => (long)r.Consumer), ColumnOf(sorted, r => r.First), ColumnOf(sorted, r => r.Last), ColumnOf(sorted, r => r.Number),
            ColumnOf(sorted, r => (short)r.Kind), ColumnOf(sorted, r => r.Instant), ColumnOf(sorted, r => r.DueHour), ColumnOf(sorted, r => r.Payloads))
            .ReadNumberAsync(cancellation).ConfigureAwait(false);
        if (taken == rows.Count)
        {
            return [];
        }

        // What stands may have been written by this very call before its answer was lost: a new statement sees it.
        HashSet<long> ours = [.. await connection.Statement("SELECT number FROM turns WHERE epoch = $1 AND number = ANY($2)", epoch, ColumnOf(rows, r => r.Number))
            .ReadAllAsync(r => r.GetInt64(0), cancellation).ConfigureAwait(false)];
        return [.. Enumerable.Range(0, rows.Count).Where(i => !ours.Contains(rows[i].Number))];
    }

    internal override Task<int> WriteSnapshotsAsync(DbConnection connection, IReadOnlyList<SnapshotRow> snapshots, CancellationToken cancellation)
    {
        SnapshotRow[] sorted = [.. snapshots.OrderBy(s => (long)s.Consumer)];
        return connection.Statement(
            """
            INSERT INTO snapshots(consumer, sequence, state) SELECT * FROM unnest($1, $2, $3)
            ON CONFLICT (consumer) DO UPDATE SET sequence = excluded.sequence, state = excluded.state WHERE snapshots.sequence < excluded.sequence
            """, ColumnOf(sorted, s => (long)s.Consumer), ColumnOf(sorted, s => s.Sequence), ColumnOf(sorted, s => s.State)).RunAsync(cancellation);
    }

    internal override async Task<DbTransaction> BeginSightAsync(DbConnection connection, CancellationToken cancellation)
    {
        DbTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation).ConfigureAwait(false);
        await connection.Statement("SET TRANSACTION READ ONLY").RunAsync(cancellation).ConfigureAwait(false);
        return transaction;
    }

    internal override async Task<DbTransaction> BeginMakingAsync(DbConnection connection, CancellationToken cancellation)
    {
        DbTransaction transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await connection.Statement("SELECT pg_advisory_xact_lock($1)", MakingLock).RunAsync(cancellation).ConfigureAwait(false);
        string commit = (await connection.Statement("SHOW synchronous_commit").ReadAllAsync(r => r.GetString(0), cancellation).ConfigureAwait(false)).Single();
        return commit != "off" ? transaction : throw new StorageException(
            "The database answers before its log is on disk (synchronous_commit is off), and what was acknowledged could be lost: set it on for this database or user");
    }

    internal override async Task<bool> IsMadeAsync(DbConnection connection, CancellationToken cancellation) =>
        await connection.Statement("SELECT 1 WHERE to_regclass('meta') IS NOT NULL").ReadNumberAsync(cancellation).ConfigureAwait(false) is not null;

    internal override async Task MakeAsync(DbConnection connection, CancellationToken cancellation)
    {
        await connection.Statement(Script("postgres.sql")).RunAsync(cancellation).ConfigureAwait(false);
        // Tables that an operator made from Orleans' own scripts are left as they are, and are what its providers then use.
        if (await connection.Statement("SELECT 1 WHERE to_regclass('OrleansQuery') IS NOT NULL").ReadNumberAsync(cancellation).ConfigureAwait(false) is null)
        {
            await connection.Statement(Script("orleans-postgres.sql")).RunAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Rows that no statement can read any more are overwritten by the database's own vacuum.</summary>
    internal override Task ForgetAsync(DbConnection connection, CancellationToken cancellation) => Task.CompletedTask;

    private static TColumn[] ColumnOf<TRow, TColumn>(IReadOnlyList<TRow> rows, Func<TRow, TColumn> column)
    {
        var values = new TColumn[rows.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = column(rows[i]);
        }

        return values;
    }
}
