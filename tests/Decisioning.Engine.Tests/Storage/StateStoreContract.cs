using System.Buffers;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Tests.Storage;

/// <summary>What every state store must do, whatever it writes to: random work, compared with plain collections.</summary>
public abstract partial class StateStoreContract
{
    private static readonly AuditRow[] NoAudit = [];

    protected abstract IStateStore Open();

    /// <summary>Closes the store and opens it again on what it kept.</summary>
    protected abstract IStateStore Reopen(IStateStore store);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Consumers_behave_like_a_dictionary(int seed)
    {
        var random = new Random(seed);
        ulong[] keys = [0, 1, ulong.MaxValue, long.MaxValue, 1UL << 63, .. Enumerable.Range(0, 300).Select(_ => (ulong)random.NextInt64(long.MinValue, long.MaxValue))];
        var model = new SortedDictionary<long, byte[]>();
        IStateStore store = Open();
        long checkpoint = 0;
        for (int step = 0; step < 60; step++)
        {
            KeyValuePair<ulong, ReadOnlyMemory<byte>>[] batch = [.. keys.Where(_ => random.Next(4) == 0).OrderBy(k => (long)k).Select(k => State(k, random))];
            checkpoint += random.Next(1, 1_000);
            store.Write(batch, null, step % 2 == 0 ? checkpoint : null);
            foreach ((ulong key, ReadOnlyMemory<byte> state) in batch)
            {
                model.Remove((long)key);
                if (!state.IsEmpty)
                {
                    model[(long)key] = state.ToArray();
                }
            }

            if (random.Next(8) == 0)
            {
                store = Reopen(store);
            }

            Assert.Equal(step % 2 == 0 ? checkpoint : store.Checkpoint, store.Checkpoint);
            Assert.All(keys, k => Assert.Equal(model.GetValueOrDefault((long)k), Read(store, k)));
            Assert.Equal(model.Keys, store.ReadAll().Select(r => (long)r.Key));
            Assert.All(store.ReadAll().Zip(model.Values), p => Assert.True(p.First.Value.Span.SequenceEqual(p.Second)));
            Assert.Equal(model.Count, store.CountConsumers());
        }

        store.Dispose();
    }

    [Fact]
    public void Reads_all_of_more_consumers_than_a_chunk()
    {
        using IStateStore store = Open();
        store.Write([.. Enumerable.Range(-1_500, 3_001).Select(i => new KeyValuePair<ulong, ReadOnlyMemory<byte>>((ulong)(long)i, new byte[] { 1 }))], null, null);
        Assert.Equal(Enumerable.Range(-1_500, 3_001).Select(i => (long)i), store.ReadAll().Select(r => (long)r.Key));
    }

    [Fact]
    public void Refuses_states_that_are_not_in_order()
    {
        using IStateStore store = Open();
        ReadOnlyMemory<byte> state = new byte[] { 1 };
        Assert.Throws<ArgumentException>(() => store.Write([new(1, state), new(ulong.MaxValue, state)], null, 5));
        Assert.Throws<ArgumentException>(() => store.Write([new(1, state), new(1, state)], null, 5));
        Assert.Equal(0, store.Checkpoint);
        Assert.Equal(0, store.CountConsumers());
    }

    [Fact]
    public void Spending_replaces_the_campaigns_given_and_leaves_the_others()
    {
        IStateStore store = Open();
        store.Write([], [new(2, 1, 10, 20_000, 3), new(1, 2, long.MaxValue, -5, 1), new(1, 1, 7, 1, 7)], 9);
        store.Write([], [new(1, 2, 11, 20_001, 0)], null);
        store.Write([], null, 10);
        store = Reopen(store);
        Assert.Equal([new(1, 1, 7, 1, 7), new(1, 2, 11, 20_001, 0), new SpendingRow(2, 1, 10, 20_000, 3)], store.ReadSpending());
        Assert.Equal(10, store.Checkpoint);
        store.Dispose();
    }

    [Fact]
    public void Brands_keep_their_history_and_audit()
    {
        IStateStore store = Open();
        BrandRow first = Brand("aurora", 1, 1, at: 100, "{}");
        BrandRow second = Brand("aurora", 1, 2, at: 200, """{"name":"Aurora"}""");
        BrandRow other = Brand("borealis", 2, 1, at: 150, "{ }");
        store.WriteBrand(first, [new("aurora", 100, "local", "put", "", null, "1")]);
        store.WriteBrand(other, NoAudit);
        store.WriteBrand(second, [new("aurora", 200, "key-1", "put", "/name", "1", "2"), new("borealis", 200, "key-1", "note", "/", null, null)]);
        store.DeleteBrand("borealis", 300, [new("borealis", 300, "local", "delete", "", "1", null)]);
        store.DeleteBrand("nobody", 300, NoAudit);
        store = Reopen(store);

        Same(second, Assert.Single(store.ReadBrands()));
        Same(other with { Deleted = true, At = 300 }, Assert.Single(store.ReadBrands(deleted: true)));
        Same(second, store.FindBrand("aurora")!);
        Same(other with { Deleted = true, At = 300 }, store.FindBrand("borealis")!);
        Assert.Null(store.FindBrand("nobody"));
        Same(first, Assert.Single(store.ReadBrandHistory("aurora")));
        Same(other, Assert.Single(store.ReadBrandHistory("borealis")));
        Assert.Equal([new("aurora", 100, "local", "put", "", null, "1"), new AuditRow("aurora", 200, "key-1", "put", "/name", "1", "2")], store.ReadAudit("aurora"));
        Assert.Equal([200, 300], store.ReadAudit("borealis").Select(a => a.At));
        store.WriteBrand(other with { Version = 2, At = 400 }, NoAudit);
        Assert.Equal(["aurora", "borealis"], store.ReadBrands().Select(b => b.Id));
        Assert.Empty(store.ReadBrands(deleted: true));
        store.Dispose();
    }

    [Fact]
    public void A_symbol_stands_for_one_brand_only_and_nothing_is_written_where_it_does_not()
    {
        using IStateStore store = Open();
        store.WriteBrand(Brand("aurora", 1, 1, 100, "{}"), NoAudit);
        Assert.Throws<StorageException>(() => store.WriteBrand(Brand("borealis", 1, 1, 100, "{}"), [new("borealis", 100, "local", "put", "", null, null)]));
        Assert.Null(store.FindBrand("borealis"));
        Assert.Empty(store.ReadAudit("borealis"));
    }

    [Fact]
    public void Settings_are_kept_by_name()
    {
        IStateStore store = Open();
        Assert.Null(store.ReadSetting("settings"));
        store.WriteSetting("settings", "one"u8, [new("", 1, "local", "settings", "", null, "one")]);
        store.WriteSetting("settings", "two"u8, NoAudit);
        store.WriteSetting("empty", [], NoAudit);
        store = Reopen(store);
        Assert.Equal("two", System.Text.Encoding.UTF8.GetString(store.ReadSetting("settings")!));
        Assert.Empty(store.ReadSetting("empty")!);
        Assert.Equal("settings", Assert.Single(store.ReadAudit("")).Action);
        store.Dispose();
    }

    [Fact]
    public void Erasing_takes_the_state_and_leaves_a_tombstone_until_it_is_dropped()
    {
        IStateStore store = Open();
        store.Write([new(ulong.MaxValue, new byte[] { 2 }), new(5, new byte[] { 1 })], null, null);
        store.Erase(5, 0, new(5, 100, 200));
        store.Erase(5, 0, new(5, 101, 201));
        store.Erase(6, 0, new(6, 100, 300));
        store = Reopen(store);
        Assert.Null(Read(store, 5));
        Assert.NotNull(Read(store, ulong.MaxValue));
        Assert.Equal([new(5, 101, 201), new TombstoneRow(6, 100, 300)], store.ReadTombstones());
        store.DropTombstones(untilBefore: 201);
        Assert.Equal(2, store.ReadTombstones().Count);
        store.DropTombstones(untilBefore: 202);
        Assert.Equal(6u, Assert.Single(store.ReadTombstones()).Key);
        store.Dispose();
    }

    [Fact]
    public async Task Readers_see_whole_states_while_batches_are_written()
    {
        using IStateStore store = Open();
        ulong[] keys = [.. Enumerable.Range(1, 500).Select(i => (ulong)i)];
        store.Write([.. keys.Select(k => Pattern(k, 1))], null, 1);
        Task writing = Task.Run(() =>
        {
            for (int round = 2; round <= 40; round++)
            {
                store.Write([.. keys.Select(k => Pattern(k, (byte)round))], null, round);
            }
        }, TestContext.Current.CancellationToken);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(reader => Task.Run(() =>
        {
            var newest = new byte[keys.Length + 1];
            do
            {
                foreach (ulong key in keys)
                {
                    byte[] state = Read(store, key)!;
                    Assert.True(state.All(b => b == state[0]));
                    Assert.True(state[0] >= newest[key], "a reader went back in time");
                    newest[key] = state[0];
                }
            }
            while (!writing.IsCompleted);
        }, TestContext.Current.CancellationToken)));
        await writing;
        Assert.Equal(40, Read(store, 1)![0]);
    }

    protected static byte[]? Read(IStateStore store, ulong key)
    {
        var into = new ArrayBufferWriter<byte>();
        return store.TryRead(key, into) ? into.WrittenSpan.ToArray() : null;
    }

    private static KeyValuePair<ulong, ReadOnlyMemory<byte>> State(ulong key, Random random)
    {
        byte[] state = new byte[random.Next(5) == 0 ? 0 : random.Next(20) == 0 ? random.Next(20_000) : random.Next(800)];
        random.NextBytes(state);
        return new(key, state);
    }

    private static KeyValuePair<ulong, ReadOnlyMemory<byte>> Pattern(ulong key, byte round)
    {
        byte[] state = new byte[100 + (((int)key * 37 + round * 91) % 900)];
        Array.Fill(state, round);
        return new(key, state);
    }

    private static BrandRow Brand(string id, int symbol, long version, long at, string document) =>
        new(id, symbol, version, at, System.Text.Encoding.UTF8.GetBytes(document), [["spring", "søm\"mer"], [], ["hero"]], Deleted: false);

    private static void Same(BrandRow expected, BrandRow actual)
    {
        Assert.Equal(expected.Document, actual.Document);
        Assert.Equal(expected.Symbols, actual.Symbols);
        Assert.Equal(expected with { Document = actual.Document, Symbols = actual.Symbols }, actual);
    }
}
