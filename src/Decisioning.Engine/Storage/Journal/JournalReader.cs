using Decisioning.Engine.Storage.Sqlite;

namespace Decisioning.Engine.Storage.Journal;

/// <summary>
/// Reads blocks on a connection of its own, checking each. No read stays open between two calls: it would keep the write-ahead log from starting over.
/// Used by one thread at a time.
/// </summary>
internal sealed class JournalReader : IDisposable
{
    /// <summary>Bytes after which a batch is not added to.</summary>
    private const int BatchBytes = 1 << 20;

    private const string Columns = "block, at, last_at, crc, data";

    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _from;
    private readonly SqliteStatement _one;

    public JournalReader(SqliteDatabase database)
    {
        _database = database;
        _from = database.Prepare($"SELECT {Columns} FROM blocks WHERE block >= ? ORDER BY block");
        _one = database.Prepare($"SELECT {Columns} FROM blocks WHERE block = ?");
    }

    public SqliteDatabase Database => _database;

    public long? FirstNumber() => _database.ReadInteger("SELECT min(block) FROM blocks");

    public long? LastNumber() => _database.ReadInteger("SELECT max(block) FROM blocks");

    /// <summary>A block as it is stored, not checked; null where it is not there.</summary>
    public StoredBlock? ReadUnchecked(long number)
    {
        _one.Bind(1, number);
        StoredBlock? block = _one.Step() ? Current(_one) : null;
        _one.Reset();
        return block;
    }

    /// <exception cref="StorageDamagedException">The block is not what was written.</exception>
    public StoredBlock? Read(long number)
    {
        StoredBlock? block = ReadUnchecked(number);
        return block is null ? null : Sound(block);
    }

    /// <summary>Every block from a number to the last one there is when reading gets there, in order.</summary>
    /// <exception cref="StorageDamagedException">A block is missing in the middle, or is not what was written.</exception>
    public IEnumerable<StoredBlock> ReadFrom(long number, long upTo = long.MaxValue)
    {
        long expected = Math.Max(number, FirstNumber() ?? number);
        while (ReadBatch(expected, upTo) is { Count: > 0 } batch)
        {
            foreach (StoredBlock block in batch)
            {
                // A trim may have taken the journal's beginning meanwhile; nothing else may be missing.
                if (block.Number != expected && FirstNumber() < block.Number)
                {
                    throw new StorageDamagedException(_database.Path, $"block {expected} is missing; the next one is {block.Number}");
                }

                yield return Sound(block);
                expected = block.Number + 1;
            }
        }
    }

    public void Dispose()
    {
        _from.Dispose();
        _one.Dispose();
        _database.Dispose();
    }

    private List<StoredBlock> ReadBatch(long number, long upTo)
    {
        var batch = new List<StoredBlock>();
        int bytes = 0;
        _from.Bind(1, number);
        while (bytes < BatchBytes && _from.Step())
        {
            if (_from.Integer(0) > upTo)
            {
                break;
            }

            StoredBlock block = Current(_from);
            batch.Add(block);
            bytes += block.Data.Length + JournalFrame.HeadSize;
        }

        _from.Reset();
        return batch;
    }

    private static StoredBlock Current(SqliteStatement row) =>
        new(row.Integer(0), row.Integer(1), row.Integer(2), (uint)row.Integer(3), row.Blob(4).ToArray());

    private StoredBlock Sound(StoredBlock block) =>
        block.Fault() is { } fault ? throw new StorageDamagedException(_database.Path, fault) : block;
}
