namespace Decisioning.Engine.Storage.Sqlite;

/// <summary>How a database file is opened. Everything but the defaults is for tests and measurements.</summary>
internal sealed record SqliteOptions
{
    public static SqliteOptions Default { get; } = new();

    /// <summary>Name of a registered virtual file system; null: the operating system's. <see cref="VfsLayer"/> is put over it.</summary>
    public string? Vfs { get; init; }

    /// <summary>Whether logs are flushed by <see cref="DataSync"/>; null: where the operating system has it and <see cref="Vfs"/> is its own.</summary>
    public bool? SyncsData { get; init; }

    /// <summary><c>FULL</c>: a commit returns when it is on disk. <c>OFF</c> loses acknowledged commits in a power cut: a test shows that it does.</summary>
    public string Synchronous { get; init; } = "FULL";

    /// <summary>Bytes of a page of a new file, a power of two from 512 to 65,536; null: as many as what keeps the file would have. Other files keep theirs.</summary>
    public int? PageBytes { get; init; }

    /// <summary>Bytes of pages that a connection keeps.</summary>
    public long CacheBytes { get; init; } = 2L << 20;

    /// <summary>Pages in the write-ahead log from which a commit also checkpoints; 0: never by itself.</summary>
    public int AutoCheckpointPages { get; init; }
}
