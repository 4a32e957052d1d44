using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Decisioning.Engine.Storage;
using Decisioning.Engine.Storage.Sqlite;

namespace Decisioning.Engine.Tests.Storage;

/// <summary>The SQLite state store under the common contract, and what can happen to its file.</summary>
public sealed class SqliteStateStoreTests : StateStoreContract, IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly UnsyncedVfs _disk = new();

    public void Dispose()
    {
        _folder.Dispose();
        _disk.Dispose();
    }

    [Theory]
    [InlineData("UPDATE consumers SET state = zeroblob(length(state)) WHERE key = -2")]
    [InlineData("UPDATE consumers SET state = substr(state, 1, length(state) - 1) WHERE key = -2")]
    [InlineData("UPDATE consumers SET state = x'' WHERE key = -2")]
    [InlineData("UPDATE consumers SET state = x'00000000' WHERE key = -2")]
    public void A_state_that_was_changed_is_never_read_and_its_key_is_named(string damage)
    {
        using (IStateStore store = Open())
        {
            store.Write([new(ulong.MaxValue - 1, new byte[] { 1, 2, 3, 4 }), new(5, new byte[] { 1 })], null, null);
        }

        Change(damage);
        using IStateStore again = Open();
        var into = new ArrayBufferWriter<byte>();
        StorageDamagedException refused = Assert.Throws<StorageDamagedException>(() => again.TryRead(ulong.MaxValue - 1, into));
        Assert.Contains($"consumer {ulong.MaxValue - 1}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, into.WrittenCount);
        Assert.Throws<StorageDamagedException>(() => again.ReadAll().Count());
        Assert.Equal([1], Read(again, 5));
    }

    [Fact]
    public void A_newer_schema_a_foreign_database_and_no_database_are_refused()
    {
        Open().Dispose();
        Change("PRAGMA user_version = 3");
        Assert.Contains("newer version", Assert.Throws<StorageException>(() => Open()).Message, StringComparison.Ordinal);
        Change("PRAGMA user_version = 2; PRAGMA application_id = 5");
        Assert.Contains("some other program", Assert.Throws<StorageException>(() => Open()).Message, StringComparison.Ordinal);
        File.WriteAllText(_folder.File(SqliteStateStore.FileName), new string('x', 5_000));
        Assert.Contains(SqliteStateStore.FileName, Assert.Throws<StorageException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FULL", true)]
    [InlineData("OFF", false)]
    public void Only_with_full_synchronisation_a_write_survives_a_power_cut(string synchronous, bool survives)
    {
        SqliteStateStore store = OpenOnDisk(synchronous);
        store.Write([new(5, new byte[] { 1 })], [new(1, 1, 1, 1, 1)], 77);
        _disk.PowerCut();
        store.Abandon();
        using SqliteStateStore again = OpenOnDisk("FULL");
        Assert.Equal(survives ? 77 : 0, again.Checkpoint);
        Assert.Equal(survives, Read(again, 5) is not null);
        Assert.Equal(survives ? 1 : 0, again.ReadSpending().Count);
    }

    [Theory]
    [InlineData(UnsyncedVfs.DiskFull)]
    [InlineData(UnsyncedVfs.WriteError)]
    public void A_batch_that_the_disk_refuses_is_not_there_at_all_and_can_be_written_again(int fault)
    {
        using SqliteStateStore store = OpenOnDisk("FULL");
        store.Write([new(5, new byte[] { 1 })], null, 1);
        _disk.WriteFault = fault;
        KeyValuePair<ulong, ReadOnlyMemory<byte>>[] batch = [.. Enumerable.Range(1, 1_000).Select(i => new KeyValuePair<ulong, ReadOnlyMemory<byte>>((ulong)i, new byte[] { 2 }))];
        Assert.Equal(fault & 0xff, Assert.Throws<StorageException>(() => store.Write(batch, null, 2)).SqliteCode & 0xff);
        Assert.Equal(1, store.Checkpoint);
        Assert.Equal([1], Read(store, 5));
        Assert.Equal(1, store.CountConsumers());

        _disk.WriteFault = 0;
        store.Write(batch, null, 2);
        Assert.Equal(1_000, store.CountConsumers());
        Assert.Equal(2, store.Checkpoint);
    }

    [Fact]
    public void Erasing_leaves_nothing_of_the_states_on_disk()
    {
        var random = new Random(7);
        using IStateStore store = Open();
        ulong[] possible = [.. Enumerable.Range(0, 4_000).Select(_ => (ulong)random.NextInt64()).Order()];
        for (int round = 0; round < 12; round++)
        {
            store.Write([.. possible.Where(_ => random.Next(4) == 0).Select(k => new KeyValuePair<ulong, ReadOnlyMemory<byte>>(k, Named(k, random)))], null, round);
        }

        ulong[] keys = [.. store.ReadAll().Select(r => r.Key)];
        ulong[] erased = [.. keys.Where((_, i) => i % 10 == 0)];
        Assert.True(KeysOnDisk().IsSupersetOf(erased));
        foreach (ulong key in erased)
        {
            store.Erase(key, 0, new(key, 1, 2));
        }

        Assert.Equal(keys.Except(erased), KeysOnDisk().Order());
    }

    [Fact]
    public void Reading_a_state_allocates_nothing()
    {
        using IStateStore store = Open();
        store.Write([.. Enumerable.Range(1, 100).Select(i => new KeyValuePair<ulong, ReadOnlyMemory<byte>>((ulong)i, new byte[500]))], null, null);
        var into = new ArrayBufferWriter<byte>(1_000);
        ReadEach();
        long before = GC.GetAllocatedBytesForCurrentThread();
        ReadEach();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void ReadEach()
        {
            for (ulong key = 0; key <= 100; key++)
            {
                into.ResetWrittenCount();
                store.TryRead(key, into);
            }
        }
    }

    protected override IStateStore Open() => SqliteStateStore.Open(_folder.Path);

    protected override IStateStore Reopen(IStateStore store)
    {
        store.Dispose();
        return Open();
    }

    private SqliteStateStore OpenOnDisk(string synchronous) => SqliteStateStore.Open(
        _folder.Path, StateStoreOptions.Default, SqliteOptions.Default with { Vfs = _disk.Name, Synchronous = synchronous });

    private void Change(string sql)
    {
        using SqliteDatabase database = SqliteDatabase.Open(_folder.File(SqliteStateStore.FileName), SqliteOptions.Default);
        database.Execute(sql);
    }

    private HashSet<ulong> KeysOnDisk() =>
    [
        .. Directory.GetFiles(_folder.Path)
            .SelectMany(file => Regex.Matches(Encoding.Latin1.GetString(File.ReadAllBytes(file)), "<consumer ([0-9]+)>"))
            .Select(match => ulong.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)),
    ];

    private static byte[] Named(ulong key, Random random)
    {
        byte[] state = new byte[random.Next(60, 900)];
        Array.Fill(state, (byte)'.');
        byte[] name = Encoding.ASCII.GetBytes($"<consumer {key}>");
        for (int at = 0; at + name.Length <= state.Length; at += 97)
        {
            name.CopyTo(state, at);
        }

        return state;
    }
}
