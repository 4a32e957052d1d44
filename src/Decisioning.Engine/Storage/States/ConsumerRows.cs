using System.Buffers;
using Decisioning.Engine.Storage.Sqlite;

namespace Decisioning.Engine.Storage.States;

/// <summary>Writes consumers' rows on the writer's connection.</summary>
internal sealed class ConsumerRows(SqliteDatabase database) : IDisposable
{
    private const int ChunkRows = 1_000;

    private readonly SqliteStatement _write = database.Prepare("INSERT OR REPLACE INTO consumers(key, state) VALUES(?, ?)");
    private readonly SqliteStatement _delete = database.Prepare("DELETE FROM consumers WHERE key = ?");
    private readonly ArrayBufferWriter<byte> _scratch = new();

    public void Write(long key, ReadOnlySpan<byte> state)
    {
        _scratch.ResetWrittenCount();
        CheckedForm.Write(state, _scratch);
        _write.Bind(1, key).Bind(2, _scratch.WrittenSpan).Run();
    }

    public void Delete(long key) => _delete.Bind(1, key).Run();

    public void Dispose()
    {
        _write.Dispose();
        _delete.Dispose();
    }

    /// <summary>Every row in the order of signed keys, a chunk at a time, so that no read stays open.</summary>
    public static IEnumerable<KeyValuePair<ulong, ReadOnlyMemory<byte>>> ReadAll(SqliteDatabase database)
    {
        long from = long.MinValue;
        List<KeyValuePair<ulong, ReadOnlyMemory<byte>>> chunk;
        do
        {
            chunk = ReadChunk(database, from, long.MaxValue, ChunkRows);
            foreach (KeyValuePair<ulong, ReadOnlyMemory<byte>> row in chunk)
            {
                yield return row;
                from = unchecked((long)row.Key + 1);
            }
        }
        while (chunk.Count == ChunkRows && from != long.MinValue);
    }

    /// <summary>Rows from one key to another, both inclusive.</summary>
    public static List<KeyValuePair<ulong, ReadOnlyMemory<byte>>> ReadChunk(SqliteDatabase database, long from, long to, int most)
    {
        using SqliteStatement rows = database.Prepare("SELECT key, state FROM consumers WHERE key >= ? AND key <= ? ORDER BY key LIMIT ?");
        rows.Bind(1, from).Bind(2, to).Bind(3, most);
        List<KeyValuePair<ulong, ReadOnlyMemory<byte>>> chunk = [];
        while (rows.Step())
        {
            long key = rows.Integer(0);
            chunk.Add(new((ulong)key, CheckedForm.Read(rows.Blob(1), key, database.Path).ToArray()));
        }

        return chunk;
    }
}
