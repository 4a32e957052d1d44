using System.Data.Common;
using System.Globalization;
using System.Text;
using Decisioning.Engine.Storage;
using Microsoft.Data.Sqlite;

namespace Decisioning.Cluster.Storage.Sql;

/// <summary>The store in one SQLite file, for the silos of one machine: one writer at a time, readers beside it. SQLite knows no waiting, so calls run on the pool's threads.</summary>
public sealed class SqliteClusterStore : SqlClusterStore
{
    private const int BusySeconds = 5;

    private readonly string _path;
    private readonly string _reading;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lazy<SqliteConnection> _writer;

    /// <param name="path">Of the file; its folder must exist.</param>
    public SqliteClusterStore(string path)
    {
        _path = path;
        var builder = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = BusySeconds };
        string writing = new SqliteConnectionStringBuilder(builder.ConnectionString) { Pooling = false }.ConnectionString;
        builder.Mode = SqliteOpenMode.ReadOnly;
        _reading = builder.ConnectionString;
        _writer = new(() => OpenWriter(writing), LazyThreadSafetyMode.PublicationOnly);
    }

    internal override string KeySource => "(SELECT value AS consumer, key AS ord FROM json_each($1)) AS w";

    /// <summary>There is one writer anyway.</summary>
    internal override string HoldEpoch => "";

    internal override string Clock => "CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)";

    public override async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            using var readers = new SqliteConnection(_reading);
            SqliteConnection.ClearPool(readers);
            if (_writer.IsValueCreated)
            {
                await _writer.Value.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    internal override T Now<T>(bool write, Func<DbConnection, T> work)
    {
        if (write)
        {
            _turn.Wait();
        }

        try
        {
            using SqliteConnection? reader = write ? null : OpenReader();
            return work(reader ?? _writer.Value);
        }
        catch (SqliteException e)
        {
            throw FailureOf(e);
        }
        finally
        {
            if (write)
            {
                _turn.Release();
            }
        }
    }

    internal override Task<T> GuardAsync<T>(Func<Task<T>> work) => Task.Run(async () =>
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (SqliteException e)
        {
            throw FailureOf(e);
        }
    });

    internal override Task<DbConnection> OpenReaderAsync(CancellationToken cancellation) => Task.FromResult<DbConnection>(OpenReader());

    internal override Task<T> ReadAsync<T>(Func<DbConnection, CancellationToken, Task<T>> work, CancellationToken cancellation) => GuardAsync(async () =>
    {
        cancellation.ThrowIfCancellationRequested();
        await using SqliteConnection connection = OpenReader();
        return await work(connection, cancellation).ConfigureAwait(false);
    });

    internal override Task<T> WriteAsync<T>(Func<DbConnection, CancellationToken, Task<T>> work, CancellationToken cancellation) => GuardAsync(async () =>
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await work(_writer.Value, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    });

    internal override object KeysOf(IReadOnlyList<ulong> keys)
    {
        var json = new StringBuilder("[");
        foreach (ulong key in keys)
        {
            json.Append(json.Length > 1 ? "," : "").Append(CultureInfo.InvariantCulture, $"{(long)key}");
        }

        return json.Append(']').ToString();
    }

    internal override async Task<IReadOnlyList<int>> AppendAsync(DbConnection connection, IReadOnlyList<TurnRow> rows, CancellationToken cancellation)
    {
        await using DbTransaction transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using DbCommand insert = connection.Statement($"""
            INSERT INTO turns({SqlTurnRows.Columns}) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9 WHERE EXISTS (SELECT 1 FROM epochs WHERE epoch = $4 AND open)
            ON CONFLICT DO NOTHING
            """, new object?[9]);
        await using DbCommand ours = connection.Statement("SELECT count(*) FROM turns WHERE consumer = $1 AND first = $2 AND epoch = $3 AND number = $4", new object?[4]);
        await using DbCommand move = connection.Statement(
            "INSERT INTO calendar(consumer, hour) VALUES ($1, $2) ON CONFLICT (consumer) DO UPDATE SET hour = excluded.hour", new object?[2]);
        await using DbCommand remove = connection.Statement("DELETE FROM calendar WHERE consumer = $1", new object?[1]);
        var refused = new List<int>();
        for (int i = 0; i < rows.Count; i++)
        {
            TurnRow row = rows[i];
            long consumer = (long)row.Consumer;
            if (insert.With(consumer, row.First, row.Last, row.Epoch, row.Number, (long)row.Kind, row.Instant, row.DueHour, row.Payloads).ExecuteNonQuery() == 1)
            {
                _ = row.DueHour switch
                {
                    null => 0,
                    0 => remove.With(consumer).ExecuteNonQuery(),
                    _ => move.With(consumer, row.DueHour).ExecuteNonQuery(),
                };
            }
            else if (ours.With(consumer, row.First, row.Epoch, row.Number).ExecuteScalar() is 0L)
            {
                refused.Add(i);
            }
        }

        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return refused;
    }

    internal override async Task<int> WriteSnapshotsAsync(DbConnection connection, IReadOnlyList<SnapshotRow> snapshots, CancellationToken cancellation)
    {
        await using DbTransaction transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using DbCommand write = connection.Statement("""
            INSERT INTO snapshots(consumer, sequence, state) VALUES ($1, $2, $3)
            ON CONFLICT (consumer) DO UPDATE SET sequence = excluded.sequence, state = excluded.state WHERE snapshots.sequence < excluded.sequence
            """, new object?[3]);
        int written = 0;
        foreach (SnapshotRow snapshot in snapshots)
        {
            written += write.With((long)snapshot.Consumer, snapshot.Sequence, snapshot.State).ExecuteNonQuery();
        }

        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return written;
    }

    internal override Task<DbTransaction> BeginSightAsync(DbConnection connection, CancellationToken cancellation) =>
        Task.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(deferred: true));

    internal override async Task<DbTransaction> BeginMakingAsync(DbConnection connection, CancellationToken cancellation) =>
        await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);

    internal override async Task<bool> IsMadeAsync(DbConnection connection, CancellationToken cancellation)
    {
        List<string> tables = await connection.Statement("SELECT name FROM sqlite_master WHERE type = 'table'").ReadAllAsync(r => r.GetString(0), cancellation).ConfigureAwait(false);
        return tables.Contains("meta") || (tables.Count > 0 ? throw new StorageException($"{_path} is a database of some other program: name another file") : false);
    }

    internal override Task MakeAsync(DbConnection connection, CancellationToken cancellation) => connection.Statement(Script("sqlite.sql")).RunAsync(cancellation);

    /// <summary>Freed space is zeroed as it is freed; this takes the older content out of the write-ahead log.</summary>
    internal override async Task ForgetAsync(DbConnection connection, CancellationToken cancellation)
    {
        if (await connection.Statement("PRAGMA wal_checkpoint(TRUNCATE)").ReadNumberAsync(cancellation).ConfigureAwait(false) != 0)
        {
            throw new StorageException($"{_path}: what was erased is still in the write-ahead log, since a reader is in the way; it goes with the next call that erases or trims");
        }
    }

    private static SqliteConnection OpenWriter(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            using SqliteCommand pragmas = connection.CreateCommand();
            pragmas.CommandText = $"PRAGMA busy_timeout={BusySeconds * 1000}; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;";
            pragmas.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private SqliteConnection OpenReader()
    {
        var connection = new SqliteConnection(_reading);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private StorageException FailureOf(SqliteException e) => new($"{_path}: {e.Message}", e.SqliteExtendedErrorCode);
}
