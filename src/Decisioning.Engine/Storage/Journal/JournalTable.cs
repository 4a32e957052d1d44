using Decisioning.Engine.Storage.Sqlite;

namespace Decisioning.Engine.Storage.Journal;

/// <summary>The rows of the journal as the writer's connection sees them. Used by the writer's thread alone once the log is open.</summary>
internal sealed class JournalTable : IDisposable
{
    /// <summary>Bytes after which one transaction of a trim takes no further block: commits come in between.</summary>
    private const int TrimBytes = 4 << 20;

    private const int TrimBlocks = 256;

    public static readonly SqliteSchema Schema = new(Mark: 0x4463_734A, Version: 2, """
        CREATE TABLE blocks(block INTEGER PRIMARY KEY, at INTEGER NOT NULL, last_at INTEGER NOT NULL, crc INTEGER NOT NULL, data BLOB NOT NULL)
        """);

    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _checksum;
    private readonly SqliteStatement _replace;
    private readonly SqliteStatement _firstKept;
    private readonly SqliteStatement _sizes;
    private readonly SqliteStatement _delete;

    public JournalTable(SqliteDatabase database)
    {
        _database = database;
        _insert = database.Prepare("INSERT INTO blocks(block, at, last_at, crc, data) VALUES(?, ?, ?, ?, ?)");
        _checksum = database.Prepare("SELECT crc FROM blocks WHERE block = ?");
        _replace = database.Prepare("UPDATE blocks SET at = ?2, last_at = ?3, crc = ?4, data = ?5 WHERE block = ?1");
        _firstKept = database.Prepare("SELECT block FROM blocks WHERE last_at >= ? ORDER BY block LIMIT 1");
        _sizes = database.Prepare($"SELECT block, length(data) FROM blocks WHERE block < ? ORDER BY block LIMIT {TrimBlocks}");
        _delete = database.Prepare("DELETE FROM blocks WHERE block <= ?");
    }

    public SqliteDatabase Database => _database;

    /// <summary>Commits a block: on disk when this returns.</summary>
    public void Insert(JournalBlock block) => Bind(_insert, block.Number, block.At, block.LastAt, block.Checksum(), block.Data).Run();

    /// <summary>Whether the block is there already, after a commit that may or may not have gone through.</summary>
    /// <exception cref="StorageDamagedException">Another block stands under its number.</exception>
    public bool Contains(JournalBlock block)
    {
        _checksum.Bind(1, block.Number);
        if (!_checksum.Step())
        {
            return false;
        }

        uint stored = (uint)_checksum.Integer(0);
        _checksum.Reset();
        return stored == block.Checksum()
            ? true
            : throw new StorageDamagedException(_database.Path, $"another block stands under number {block.Number}: somebody else writes this journal");
    }

    public void Replace(StoredBlock block) => Bind(_replace, block.Number, block.At, block.LastAt, block.Checksum, block.Data).Run();

    /// <summary>The first block that a trim has to keep: one that is not old enough, or the one given.</summary>
    public long FirstKept(long beforeInstant, long atMost)
    {
        _firstKept.Bind(1, beforeInstant);
        long first = _firstKept.Step() ? _firstKept.Integer(0) : long.MaxValue;
        _firstKept.Reset();
        return Math.Min(first, atMost);
    }

    /// <summary>Deletes some of the blocks before the number, oldest first, their space overwritten.</summary>
    /// <returns>The bytes deleted; 0: none was left.</returns>
    public long DeleteBefore(long block)
    {
        long last = 0;
        long bytes = 0;
        _sizes.Bind(1, block);
        while (bytes < TrimBytes && _sizes.Step())
        {
            last = _sizes.Integer(0);
            bytes += _sizes.Integer(1) + 1;
        }

        _sizes.Reset();
        if (bytes > 0)
        {
            _delete.Bind(1, last).Run();
        }

        return bytes;
    }

    public void Dispose()
    {
        _insert.Dispose();
        _checksum.Dispose();
        _replace.Dispose();
        _firstKept.Dispose();
        _sizes.Dispose();
        _delete.Dispose();
        _database.Dispose();
    }

    private static SqliteStatement Bind(SqliteStatement statement, long number, long at, long lastAt, uint checksum, ReadOnlySpan<byte> data) =>
        statement.Bind(1, number).Bind(2, at).Bind(3, lastAt).Bind(4, checksum).Bind(5, data);
}
