namespace Decisioning.Engine.Storage.Sqlite;

/// <summary>What a database file of ours is: a mark in its header, a version, and the tables of a fresh one.</summary>
internal sealed record SqliteSchema(long Mark, long Version, string Tables)
{
    /// <summary>Creates the tables in a fresh file; refuses a file that is not ours or that a newer program wrote.</summary>
    /// <exception cref="StorageException">The file's mark or version is not what this program can read.</exception>
    public void Prepare(SqliteDatabase database)
    {
        bool fresh = database.ReadInteger("SELECT count(*) FROM sqlite_master") == 0;
        if (fresh)
        {
            database.InTransaction(() => database.Execute($"{Tables}; PRAGMA application_id={Mark}; PRAGMA user_version={Version};"));
            return;
        }

        if (database.ReadInteger("PRAGMA application_id") != Mark)
        {
            throw new StorageException($"{database.Path} is a database of some other program");
        }

        long version = database.ReadInteger("PRAGMA user_version") ?? 0;
        if (version != Version)
        {
            throw new StorageException(version > Version
                ? $"{database.Path} was written by a newer version of this program: its schema is {version}, and this program knows {Version}. Start the newer version, or this one with a folder of its own (--data)"
                : $"{database.Path} has schema {version}, which this program can no longer read; it knows {Version}. Start with a folder of its own (--data), or move the old one away");
        }
    }
}
