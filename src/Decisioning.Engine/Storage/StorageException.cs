namespace Decisioning.Engine.Storage;

/// <summary>The disk or the database file refused an operation. Nothing of the operation was done, unless the message says so.</summary>
public class StorageException : IOException
{
    public StorageException(string message) : base(message)
    {
    }

    public StorageException(string message, Exception cause) : base(message, cause)
    {
    }

    public StorageException(string message, int sqliteCode) : base(message) => SqliteCode = sqliteCode;

    /// <summary>SQLite's extended result code; 0 where SQLite was not asked.</summary>
    public int SqliteCode { get; }
}

/// <summary>What was read back is not what was written. The message names the file and the place in it; nothing of it was used.</summary>
public sealed class StorageDamagedException(string file, string damage) : StorageException($"{file} is damaged: {damage}")
{
    public string File { get; } = file;
}
