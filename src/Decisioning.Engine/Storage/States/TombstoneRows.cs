using Decisioning.Engine.Storage.Sqlite;

namespace Decisioning.Engine.Storage.States;

/// <summary>Marks of erased consumers.</summary>
internal static class TombstoneRows
{
    public static List<TombstoneRow> Read(SqliteDatabase database)
    {
        using SqliteStatement rows = database.Prepare("SELECT key, erased_at, until FROM tombstones ORDER BY key");
        var tombstones = new List<TombstoneRow>();
        while (rows.Step())
        {
            tombstones.Add(new((ulong)rows.Integer(0), rows.Integer(1), rows.Integer(2)));
        }

        return tombstones;
    }

    public static void Write(SqliteDatabase database, TombstoneRow tombstone)
    {
        using SqliteStatement write = database.Prepare("INSERT OR REPLACE INTO tombstones(key, erased_at, until) VALUES(?, ?, ?)");
        write.Bind(1, (long)tombstone.Key).Bind(2, tombstone.ErasedAt).Bind(3, tombstone.Until).Run();
    }

    public static void Drop(SqliteDatabase database, long untilBefore)
    {
        using SqliteStatement drop = database.Prepare("DELETE FROM tombstones WHERE until < ?");
        drop.Bind(1, untilBefore).Run();
    }
}
