using SQLitePCL;

namespace Decisioning.Engine.Storage.Sqlite;

/// <summary>
/// One connection to a database file in WAL mode, used by one thread at a time. Deleted and overwritten content is zeroed (<c>secure_delete</c>).
/// A thin layer over SQLite's own functions, because activation has no time for an ADO.NET command.
/// </summary>
internal sealed class SqliteDatabase : IDisposable
{
    private const int BusyMilliseconds = 5_000;
    private const int UsualPageBytes = 4_096;

    private readonly sqlite3 _handle;

    static SqliteDatabase() => Batteries_V2.Init();

    private SqliteDatabase(sqlite3 handle, string path)
    {
        _handle = handle;
        Path = path;
    }

    public string Path { get; }

    /// <exception cref="StorageException">The file cannot be opened, or is no database.</exception>
    public static SqliteDatabase Open(string path, SqliteOptions options, bool readOnly = false)
    {
        int flags = raw.SQLITE_OPEN_NOMUTEX | (readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);
        int code = raw.sqlite3_open_v2(path, out sqlite3 handle, flags, VfsLayer.Over(options.Vfs, options.SyncsData ?? (options.Vfs is null && DataSync.IsHere)));
        var database = new SqliteDatabase(handle, path);
        try
        {
            database.Check(code, "open");
            raw.sqlite3_extended_result_codes(handle, 1);
            raw.sqlite3_busy_timeout(handle, BusyMilliseconds);

            // Never mapped: a disk that fails is to be an error to the caller, not a signal that ends the process.
            database.Execute($"""
                PRAGMA page_size={options.PageBytes ?? UsualPageBytes};
                PRAGMA synchronous={options.Synchronous};
                PRAGMA cache_size={-options.CacheBytes / 1024};
                PRAGMA mmap_size=0;
                PRAGMA wal_autocheckpoint={options.AutoCheckpointPages};
                PRAGMA secure_delete=ON;
                """);
            if (!readOnly)
            {
                database.TurnWalOn();
            }

            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Prepares one statement, which the caller disposes before the connection.</summary>
    public SqliteStatement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out sqlite3_stmt statement), sql);
        return new SqliteStatement(this, statement);
    }

    /// <summary>Runs statements that return nothing of interest.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql), sql);

    /// <summary>The first column of the first row; null where there is none.</summary>
    public long? ReadInteger(string sql)
    {
        using SqliteStatement statement = Prepare(sql);
        return statement.Step() && !statement.IsNull(0) ? statement.Integer(0) : null;
    }

    /// <summary>All or nothing: an exception rolls back.</summary>
    public void InTransaction(Action work)
    {
        Execute("BEGIN IMMEDIATE");
        try
        {
            work();
            Execute("COMMIT");
        }
        catch
        {
            // After some failures SQLite has rolled back by itself; then there is nothing to roll back.
            if (raw.sqlite3_get_autocommit(_handle) == 0)
            {
                raw.sqlite3_exec(_handle, "ROLLBACK");
            }

            throw;
        }
    }

    /// <summary>Moves what it can from the write-ahead log into the file, waiting for nobody.</summary>
    public void CheckpointPassive() =>
        Check(raw.sqlite3_wal_checkpoint_v2(_handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _), "checkpoint");

    /// <summary>Moves the whole write-ahead log into the file and cuts it to nothing, so that no older content is left in it.</summary>
    /// <exception cref="StorageException">A reader was in the way for too long, or the disk refused.</exception>
    public void CheckpointTruncate() =>
        Check(raw.sqlite3_wal_checkpoint_v2(_handle, "main", raw.SQLITE_CHECKPOINT_TRUNCATE, out _, out _), "checkpoint");

    /// <summary>Makes closing leave the write-ahead log as it is, like the end of a killed process.</summary>
    public void LeaveWalOnClose() => Check(raw.sqlite3_db_config(_handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _), "configure");

    public void Dispose() => _handle.Dispose();

    internal void Check(int code, string doing)
    {
        if (code is not raw.SQLITE_OK)
        {
            Throw(code, doing);
        }
    }

    internal void Throw(int code, string doing)
    {
        string message = $"{Path}: {raw.sqlite3_errmsg(_handle).utf8_to_string()} (SQLite {code}, {doing})";
        throw new StorageException(message, code);
    }

    private void TurnWalOn()
    {
        using SqliteStatement statement = Prepare("PRAGMA journal_mode=WAL");
        string? mode = statement.Step() ? statement.Text(0) : null;
        if (mode != "wal")
        {
            throw new StorageException($"{Path}: write-ahead logging is not possible here (mode {mode})");
        }
    }
}
