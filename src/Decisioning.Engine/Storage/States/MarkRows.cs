using Decisioning.Engine.Storage.Sqlite;

namespace Decisioning.Engine.Storage.States;

/// <summary>Positions of the journal as of which things are stored.</summary>
internal static class MarkRows
{
    public const string Checkpoint = "checkpoint";
    public const string Books = "books";

    /// <summary>0 where it was never written.</summary>
    public static long Read(SqliteDatabase database, string name)
    {
        using SqliteStatement row = database.Prepare("SELECT value FROM marks WHERE name = ?");
        return row.Bind(1, name).Step() ? row.Integer(0) : 0;
    }

    public static void Write(SqliteDatabase database, string name, long position)
    {
        using SqliteStatement write = database.Prepare("INSERT OR REPLACE INTO marks(name, value) VALUES(?, ?)");
        write.Bind(1, name).Bind(2, position).Run();
    }
}
