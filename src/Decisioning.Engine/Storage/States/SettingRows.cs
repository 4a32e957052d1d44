using Decisioning.Engine.Storage.Sqlite;

namespace Decisioning.Engine.Storage.States;

/// <summary>Named values of the server.</summary>
internal static class SettingRows
{
    public static byte[]? Read(SqliteDatabase database, string name)
    {
        using SqliteStatement row = database.Prepare("SELECT value FROM settings WHERE name = ?");
        return row.Bind(1, name).Step() ? row.Blob(0).ToArray() : null;
    }

    public static void Write(SqliteDatabase database, string name, ReadOnlySpan<byte> value)
    {
        using SqliteStatement write = database.Prepare("INSERT OR REPLACE INTO settings(name, value) VALUES(?, ?)");
        write.Bind(1, name).Bind(2, value).Run();
    }
}
