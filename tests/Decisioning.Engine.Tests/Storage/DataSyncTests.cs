using Decisioning.Engine.Storage;
using Decisioning.Engine.Storage.Sqlite;

namespace Decisioning.Engine.Tests.Storage;

/// <summary>A disk below that refuses SQLite's own flushes tells which of them go past it.</summary>
public sealed class DataSyncTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly UnsyncedVfs _disk = new();

    public void Dispose()
    {
        _folder.Dispose();
        _disk.Dispose();
    }

    [Fact]
    public void A_new_log_is_entered_in_its_folder_by_SQLite_and_flushed_alone_from_then_on()
    {
        NeedsIt();
        using SqliteDatabase database = Open();
        _disk.SyncFault = UnsyncedVfs.SyncError;
        Assert.Throws<StorageException>(() => Prepare(database));

        _disk.SyncFault = 0;
        Prepare(database);
        _disk.SyncFault = UnsyncedVfs.SyncError;
        Add(database, 1);
        Add(database, 2);
        Assert.Equal(3, Sum(database));
    }

    [Fact]
    public void Every_connection_begins_with_a_flush_of_SQLites_own()
    {
        NeedsIt();
        using SqliteDatabase first = Open();
        Prepare(first);
        Add(first, 1);
        using SqliteDatabase second = Open();
        _disk.SyncFault = UnsyncedVfs.SyncError;
        Add(first, 2);
        Assert.Throws<StorageException>(() => Add(second, 3));
        Assert.Equal(3, Sum(first));
    }

    [Fact]
    public void Databases_themselves_are_flushed_by_SQLite()
    {
        NeedsIt();
        using SqliteDatabase database = Open();
        Prepare(database);
        Add(database, 1);
        _disk.SyncFault = UnsyncedVfs.SyncError;
        Assert.Throws<StorageException>(database.CheckpointTruncate);
        _disk.SyncFault = 0;
        database.CheckpointTruncate();
        Assert.Equal(1, Sum(database));
    }

    [Fact]
    public unsafe void A_log_that_cannot_be_opened_twice_is_refused()
    {
        NeedsIt();
        VfsFile file = default;
        fixed (byte* path = "/nowhere/at-all-wal\0"u8)
        {
            Assert.False(DataSync.TryPutOver(&file, path));
            Assert.True(file.Methods is null);
        }
    }

    private static void NeedsIt() => Assert.SkipUnless(DataSync.IsHere, "fdatasync: Linux alone has it");

    private static void Add(SqliteDatabase database, int number) => database.Execute($"INSERT INTO t VALUES({number})");

    private static long? Sum(SqliteDatabase database) => database.ReadInteger("SELECT sum(n) FROM t");

    private static void Prepare(SqliteDatabase database) => database.Execute("CREATE TABLE t(n)");

    private SqliteDatabase Open() =>
        SqliteDatabase.Open(_folder.File("data.db"), SqliteOptions.Default with { Vfs = _disk.Name, SyncsData = true });
}
