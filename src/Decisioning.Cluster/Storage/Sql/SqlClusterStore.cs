using System.Data.Common;
using System.Reflection;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Storage.Sql;

/// <summary>The store over a SQL database: what PostgreSQL and SQLite say alike. What they say differently is in the classes of either.</summary>
public abstract partial class SqlClusterStore : IClusterStore
{
    internal const string CatalogueMark = "catalogue";

    /// <summary>Numbers of an epoch that one statement trims.</summary>
    private const int TrimSpan = 10_000;

    private int _wire;

    /// <summary>A table <c>w(consumer, ord)</c> made of the keys in <c>$1</c>, positions from 0.</summary>
    internal abstract string KeySource { get; }

    /// <summary>What makes a statement that has read an epoch hold it against being closed until the transaction ends.</summary>
    internal abstract string HoldEpoch { get; }

    internal abstract string Clock { get; }

    public async Task OpenAsync(int wire, CancellationToken cancellation)
    {
        await WriteAsync((connection, token) => PrepareAsync(connection, wire, token), cancellation).ConfigureAwait(false);
        _wire = wire;
    }

    public Task<long> ReadClockAsync(CancellationToken cancellation) =>
        ReadAsync(async (c, token) => (await c.Statement($"SELECT {Clock}").ReadNumberAsync(token).ConfigureAwait(false))!.Value, cancellation);

    public Task<long> BeginEpochAsync(string silo, long now, CancellationToken cancellation) => WriteAsync(
        async (connection, token) => await connection.Statement("""
            INSERT INTO epochs(silo, opened_at) SELECT $1, $2 FROM meta WHERE name = $3 AND value = $4 RETURNING epoch
            """, silo, now, StoreForms.Wire, (long)_wire).ReadNumberAsync(token).ConfigureAwait(false)
            ?? throw StoreForms.OtherWire(await ReadMarkAsync(connection, StoreForms.Wire, token).ConfigureAwait(false), _wire),
        cancellation);

    public Task CloseEpochAsync(long epoch, CancellationToken cancellation) =>
        WriteAsync((c, token) => c.Statement("UPDATE epochs SET open = false WHERE epoch = $1 AND open", epoch).RunAsync(token), cancellation);

    public Task<IReadOnlyList<EpochRow>> ReadEpochsAsync(CancellationToken cancellation) =>
        ReadAsync<IReadOnlyList<EpochRow>>(async (c, token) => await SqlTurnRows.ReadEpochsAsync(c, token).ConfigureAwait(false), cancellation);

    public Task<IReadOnlyList<int>> AppendAsync(IReadOnlyList<TurnRow> rows, CancellationToken cancellation) =>
        rows.Count == 0 ? Task.FromResult<IReadOnlyList<int>>([]) : WriteAsync((c, token) => AppendAsync(c, rows, token), cancellation);

    public Task<IReadOnlyList<StoredConsumer>> ReadConsumersAsync(IReadOnlyList<ulong> keys, CancellationToken cancellation) =>
        ReadAsync<IReadOnlyList<StoredConsumer>>(async (c, token) => await ReadConsumersAsync(c, keys, token).ConfigureAwait(false), cancellation);

    public Task<IReadOnlyList<TurnRow>> ReadHistoryAsync(ulong consumer, int most, CancellationToken cancellation) =>
        ReadAsync<IReadOnlyList<TurnRow>>(async (c, token) => await SqlTurnRows.ReadHistoryAsync(c, consumer, most, token).ConfigureAwait(false), cancellation);

    public Task WriteSnapshotsAsync(IReadOnlyList<SnapshotRow> snapshots, CancellationToken cancellation) =>
        snapshots.Count == 0 ? Task.CompletedTask : WriteAsync((c, token) => WriteSnapshotsAsync(c, snapshots, token), cancellation);

    public Task<IReadOnlyList<DueRow>> ReadDueAsync(int shard, int shards, int upToHour, int most, CancellationToken cancellation)
    {
        // The remainder of the key as an unsigned number: of a negative one, 2^64 modulo the shards is missing.
        long wrap = (long)((ulong.MaxValue % (ulong)shards + 1) % (ulong)shards);
        return ReadAsync<IReadOnlyList<DueRow>>(
            async (c, token) => await c.Statement(
                """
                SELECT hour, consumer FROM calendar
                WHERE hour <= $1 AND (consumer % $2 + CASE WHEN consumer < 0 THEN $2 + $3 ELSE 0 END) % $2 = $4
                ORDER BY hour, consumer LIMIT $5
                """, upToHour, (long)shards, wrap, (long)shard, (long)most)
                .ReadAllAsync(r => new DueRow(r.GetInt32(0), (ulong)r.GetInt64(1)), token).ConfigureAwait(false),
            cancellation);
    }

    public Task<IReadOnlyList<TurnRow>> ReadRowsAsync(long epoch, long after, int most, CancellationToken cancellation) =>
        ReadAsync<IReadOnlyList<TurnRow>>(async (c, token) => await SqlTurnRows.ReadEpochAsync(c, epoch, after, most, token).ConfigureAwait(false), cancellation);

    public Task<StoredBrand?> ReadBrandBooksAsync(int brand, CancellationToken cancellation) =>
        ReadAsync((c, token) => SqlBooksRows.ReadAsync(c, brand, token), cancellation);

    public Task<bool> WriteBrandBooksAsync(StoredBrand books, IReadOnlyList<HourBooks> hours, long expected, CancellationToken cancellation) => WriteAsync(
        async (connection, token) =>
        {
            await using DbTransaction transaction = await connection.BeginTransactionAsync(token).ConfigureAwait(false);
            bool written = await SqlBooksRows.WriteAsync(connection, books, hours, expected, token).ConfigureAwait(false);
            await transaction.CommitAsync(token).ConfigureAwait(false);
            return written;
        },
        cancellation);

    public Task<IReadOnlyList<HourBooks>> ReadHoursAsync(int brand, int fromHour, int toHour, CancellationToken cancellation) =>
        ReadAsync<IReadOnlyList<HourBooks>>(async (c, token) => await SqlBooksRows.ReadHoursAsync(c, brand, fromHour, toHour, token).ConfigureAwait(false), cancellation);

    public Task<IClusterSight> BeginSightAsync(CancellationToken cancellation) => GuardAsync<IClusterSight>(
        async () =>
        {
            DbConnection connection = await OpenReaderAsync(cancellation).ConfigureAwait(false);
            try
            {
                DbTransaction transaction = await BeginSightAsync(connection, cancellation).ConfigureAwait(false);
                // The instant is that of the first statement.
                await connection.Statement("SELECT count(*) FROM meta").ReadNumberAsync(cancellation).ConfigureAwait(false);
                return new SqlSight(this, connection, transaction);
            }
            catch
            {
                await connection.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        });

    public Task<long> ReadCatalogueVersionAsync(CancellationToken cancellation) => ReadAsync((c, token) => ReadMarkAsync(c, CatalogueMark, token), cancellation);

    public ICatalogueSession OpenCatalogue() => new SqlCatalogueSession(
        this, Now(false, c => c.Statement("SELECT value FROM meta WHERE name = $1", CatalogueMark).ReadAll(r => r.GetInt64(0)).Single()));

    public abstract ValueTask DisposeAsync();

    internal Task<StoredConsumer[]> ReadConsumersAsync(DbConnection connection, IReadOnlyList<ulong> keys, CancellationToken cancellation) =>
        SqlTurnRows.ReadConsumersAsync(connection, keys, KeySource, KeysOf(keys), cancellation);

    /// <summary>Runs work on a connection of its own, on the caller's thread.</summary>
    internal abstract T Now<T>(bool write, Func<DbConnection, T> work);

    /// <summary>Does the work, and tells a database's failure in words.</summary>
    internal abstract Task<T> GuardAsync<T>(Func<Task<T>> work);

    internal abstract Task<DbConnection> OpenReaderAsync(CancellationToken cancellation);

    internal abstract Task<T> ReadAsync<T>(Func<DbConnection, CancellationToken, Task<T>> work, CancellationToken cancellation);

    internal abstract Task<T> WriteAsync<T>(Func<DbConnection, CancellationToken, Task<T>> work, CancellationToken cancellation);

    internal abstract object KeysOf(IReadOnlyList<ulong> keys);

    internal abstract Task<IReadOnlyList<int>> AppendAsync(DbConnection connection, IReadOnlyList<TurnRow> rows, CancellationToken cancellation);

    internal abstract Task<int> WriteSnapshotsAsync(DbConnection connection, IReadOnlyList<SnapshotRow> snapshots, CancellationToken cancellation);

    /// <summary>Begins a transaction that sees one instant and writes nothing.</summary>
    internal abstract Task<DbTransaction> BeginSightAsync(DbConnection connection, CancellationToken cancellation);

    /// <summary>Begins the transaction that makes the schema: one at a time over all programs.</summary>
    internal abstract Task<DbTransaction> BeginMakingAsync(DbConnection connection, CancellationToken cancellation);

    /// <summary>False where the database has none of our tables yet.</summary>
    /// <exception cref="StorageException">It is some other program's.</exception>
    internal abstract Task<bool> IsMadeAsync(DbConnection connection, CancellationToken cancellation);

    /// <summary>Makes the tables.</summary>
    internal abstract Task MakeAsync(DbConnection connection, CancellationToken cancellation);

    /// <summary>Overwrites what a deleted or changed row has left behind on disk, as far as it can be done now.</summary>
    internal abstract Task ForgetAsync(DbConnection connection, CancellationToken cancellation);

    internal static string Script(string name)
    {
        using Stream script = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Decisioning.Cluster.Storage.Sql.{name}")!;
        using var reader = new StreamReader(script);
        return reader.ReadToEnd();
    }

    private static async Task<long> ReadMarkAsync(DbConnection connection, string name, CancellationToken cancellation) =>
        await connection.Statement("SELECT value FROM meta WHERE name = $1", name).ReadNumberAsync(cancellation).ConfigureAwait(false) ?? 0;

    private async Task<bool> PrepareAsync(DbConnection connection, int wire, CancellationToken cancellation)
    {
        await using DbTransaction transaction = await BeginMakingAsync(connection, cancellation).ConfigureAwait(false);
        if (!await IsMadeAsync(connection, cancellation).ConfigureAwait(false))
        {
            await MakeAsync(connection, cancellation).ConfigureAwait(false);
            foreach ((string name, long version) in StoreForms.Stored.Append(new(StoreForms.Wire, wire)).Append(new(CatalogueMark, 0)))
            {
                await connection.Statement("INSERT INTO meta(name, value) VALUES ($1, $2)", name, version).RunAsync(cancellation).ConfigureAwait(false);
            }
        }

        Dictionary<string, long> stored = (await connection.Statement("SELECT name, value FROM meta")
            .ReadAllAsync(r => KeyValuePair.Create(r.GetString(0), r.GetInt64(1)), cancellation).ConfigureAwait(false)).ToDictionary();
        StoreForms.Check(stored);
        foreach ((string name, long version) in StoreForms.Moved(stored, wire))
        {
            if (await connection.Statement("UPDATE meta SET value = $1 WHERE name = $2 AND NOT EXISTS (SELECT 1 FROM epochs WHERE open)", version, name)
                .RunAsync(cancellation).ConfigureAwait(false) == 0)
            {
                throw StoreForms.Other(name, stored[name], version);
            }
        }

        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return true;
    }
}
