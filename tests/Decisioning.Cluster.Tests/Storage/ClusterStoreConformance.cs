using System.Text;
using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Tests.Support;
using Decisioning.Core.Record.Facts;
using Decisioning.Engine.Storage;
using static Decisioning.Cluster.Tests.Support.TestRows;

namespace Decisioning.Cluster.Tests.Storage;

/// <summary>What every store of a cluster must do.</summary>
public abstract partial class ClusterStoreConformance : IAsyncLifetime
{
    protected const int Wire = 3;

    private IClusterStore? _store;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected IClusterStore Store => _store!;

    public async ValueTask InitializeAsync()
    {
        _store = await ConnectAsync();
        await _store.OpenAsync(Wire, Cancellation);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Epochs_ascend_and_are_closed_for_good()
    {
        long first = await Store.BeginEpochAsync("a", Instant, Cancellation);
        long second = await Store.BeginEpochAsync("b", Instant, Cancellation);
        await AppendAsync(Row(1, 1, first, 1), Row(2, 1, first, 2));
        await Store.CloseEpochAsync(first, Cancellation);
        await Store.CloseEpochAsync(first, Cancellation);

        Assert.True(second > first && first > 0);
        Assert.Equal([new EpochRow(first, "a", false, 2), new EpochRow(second, "b", true, 0)], await Store.ReadEpochsAsync(Cancellation));
        Assert.Equal([0, 1], await AppendAsync(Row(1, 2, first, 3), Row(3, 1, first, 4)));
        Assert.Equal(2, (await Store.ReadRowsAsync(first, 0, 10, Cancellation)).Count);
        await Store.CloseEpochAsync(second, Cancellation);
        Assert.Equal([first], (await Store.ReadEpochsAsync(Cancellation)).Select(e => e.Epoch));
    }

    [Fact]
    public async Task A_sequence_is_taken_once_and_the_rest_of_the_batch_stands()
    {
        (long a, long b) = await TwoEpochsAsync();
        Assert.Empty(await AppendAsync(Row(5, 1, a, 1, due: 10), Row(6, 1, a, 2, due: 10)));
        Assert.Equal([0], await AppendAsync(Row(5, 1, b, 1, due: 20), Row(7, 1, b, 2, due: 20), Row(6, 2, b, 3, due: 20)));

        Assert.Equal([2L, 3], (await Store.ReadRowsAsync(b, 0, 10, Cancellation)).Select(r => r.Number));
        Assert.Equal([new DueRow(10, 5), new DueRow(20, 6), new DueRow(20, 7)], await Store.ReadDueAsync(0, 1, 100, 10, Cancellation));
        Assert.Equal(a, Assert.Single((await Store.ReadConsumersAsync([5], Cancellation))[0].Tail).Epoch);
    }

    [Fact]
    public async Task What_is_sent_again_counts_as_taken_also_after_its_epoch_was_closed()
    {
        (long a, long b) = await TwoEpochsAsync();
        TurnRow[] batch = [Row(1, 1, a, 1), Row(0, 44, a, 2), Row(2, 1, a, 3)];
        await AppendAsync(Row(2, 1, b, 1));
        Assert.Equal([2], await AppendAsync(batch));
        Assert.Equal([2], await AppendAsync(batch));
        await Store.CloseEpochAsync(a, Cancellation);
        Assert.Equal([2, 3], await AppendAsync([.. batch, Row(9, 1, a, 4)]));
        Assert.Equal(batch[..2].Select(Told), (await Store.ReadRowsAsync(a, 0, 10, Cancellation)).Select(Told));
    }

    [Fact]
    public async Task Rows_come_back_as_they_were_written_in_the_order_of_their_numbers()
    {
        (long a, long b) = await TwoEpochsAsync();
        TurnRow[] rows =
        [
            Row(ulong.MaxValue, 1, a, 2, due: 0, last: 3), Row(1UL << 63, 1, a, 5), Row(long.MaxValue, 1, a, 6, due: 492_000), Row(0, 90, a, 9) with { Payloads = default },
        ];
        await AppendAsync(rows);
        await AppendAsync(Row(3, 1, b, 1));

        Assert.Equal(rows.Select(Told), (await Store.ReadRowsAsync(a, 0, 10, Cancellation)).Select(Told));
        Assert.Equal([5L, 6], (await Store.ReadRowsAsync(a, 2, 2, Cancellation)).Select(r => r.Number));
        Assert.Equal(9, (await Store.ReadEpochsAsync(Cancellation))[0].Last);
    }

    [Fact]
    public async Task The_calendar_moves_with_the_rows()
    {
        long epoch = await Store.BeginEpochAsync("a", Instant, Cancellation);
        ulong[] keys = [1, 2, 3, ulong.MaxValue, ulong.MaxValue - 1, 1UL << 63];
        await AppendAsync([.. keys.Select((k, i) => Row(k, 1, epoch, i + 1, due: 50))]);
        await AppendAsync(Row(1, 2, epoch, 10, due: 40), Row(2, 2, epoch, 11, due: 0), Row(3, 2, epoch, 12));

        Assert.Equal(
            [new DueRow(40, 1), new(50, 1UL << 63), new(50, ulong.MaxValue - 1), new(50, ulong.MaxValue), new(50, 3)], await Store.ReadDueAsync(0, 1, 50, 10, Cancellation));
        Assert.Equal([new DueRow(40, 1)], await Store.ReadDueAsync(0, 1, 49, 10, Cancellation));
        Assert.Equal([new DueRow(40, 1), new(50, 1UL << 63)], await Store.ReadDueAsync(0, 1, 50, 2, Cancellation));
        for (int shard = 0; shard < 7; shard++)
        {
            Assert.Equal(
                keys.Where(k => k != 2 && k % 7 == (ulong)shard).Order(), (await Store.ReadDueAsync(shard, 7, 50, 10, Cancellation)).Select(d => d.Consumer).Order());
        }
    }

    [Fact]
    public async Task Consumers_are_read_as_their_newest_snapshot_and_what_came_after()
    {
        long epoch = await Store.BeginEpochAsync("a", Instant, Cancellation);
        await AppendAsync(Row(8, 1, epoch, 1), Row(9, 1, epoch, 2));
        await AppendAsync(Row(8, 2, epoch, 3, last: 4), Row(ulong.MaxValue, 1, epoch, 4));
        await AppendAsync(Row(8, 5, epoch, 5));
        await Store.WriteSnapshotsAsync([Snapshot(8, 3, "three"), Snapshot(9, 1, "one")], Cancellation);
        await Store.WriteSnapshotsAsync([Snapshot(8, 2, "two"), Snapshot(9, 1, "again"), Snapshot(4, 6, "lone")], Cancellation);

        IReadOnlyList<StoredConsumer> read = await Store.ReadConsumersAsync([9, 77, ulong.MaxValue, 8, 4], Cancellation);
        Assert.Equal([9, 77, ulong.MaxValue, 8, 4], read.Select(c => c.Snapshot.Consumer));
        Assert.Equal(["one", "", "", "three", "lone"], read.Select(StateOf));
        Assert.Equal([1L, 0, 0, 3, 6], read.Select(c => c.Snapshot.Sequence));
        Assert.Equal(["", "", "1", "2 5", ""], read.Select(c => string.Join(' ', c.Tail.Select(r => r.First))));
        Assert.All(read, c => Assert.Null(c.ErasedAt));

        await Store.WriteSnapshotsAsync([Snapshot(8, 5, "five")], Cancellation);
        StoredConsumer newest = (await Store.ReadConsumersAsync([8], Cancellation))[0];
        Assert.Equal("five", StateOf(newest));
        Assert.Empty(newest.Tail);
        Assert.Empty(await Store.ReadConsumersAsync([], Cancellation));
    }

    [Fact]
    public async Task Erasure_leaves_facts_and_nothing_else()
    {
        const string id = "somebody-to-be-forgotten";
        (long a, long b) = await TwoEpochsAsync();
        await AppendAsync(Row(5, 1, a, 1, due: 30, last: 2, body: id), Row(6, 1, a, 2, due: 30));
        await AppendAsync(Row(5, 3, a, 3, body: id + id));
        await Store.WriteSnapshotsAsync([Snapshot(5, 2, id)], Cancellation);
        Assert.NotEmpty(await FindAsync(Encoding.UTF8.GetBytes(id)));
        Assert.Equal([3L, 1L], (await Store.ReadHistoryAsync(5, 10, Cancellation)).Select(static r => r.First));
        Assert.Equal(3, Assert.Single(await Store.ReadHistoryAsync(5, 1, Cancellation)).First);

        TurnRow erasure = Row(5, 4, a, 4) with { Kind = TurnKind.Erasure };
        TombstoneRow tombstone = new(5, Instant, Instant + 1_000);
        Assert.False(await Store.EraseAsync(Row(5, 3, b, 1) with { Kind = TurnKind.Erasure }, tombstone, Cancellation));
        Assert.Equal(id, StateOf((await Store.ReadConsumersAsync([5], Cancellation))[0]));
        Assert.True(await Store.EraseAsync(erasure, tombstone, Cancellation));
        Assert.True(await Store.EraseAsync(erasure, tombstone, Cancellation));

        Assert.Empty(await FindAsync(Encoding.UTF8.GetBytes(id)));
        StoredConsumer read = (await Store.ReadConsumersAsync([5], Cancellation))[0];
        Assert.Equal((4L, true, 0, Instant), (read.Snapshot.Sequence, read.Snapshot.State.IsEmpty, read.Tail.Count, read.ErasedAt));
        Assert.Equal([new DueRow(30, 6)], await Store.ReadDueAsync(0, 1, 100, 10, Cancellation));
        IReadOnlyList<TurnRow> rows = await Store.ReadRowsAsync(a, 0, 10, Cancellation);
        Assert.Equal([TurnKind.Scrubbed, TurnKind.Turn, TurnKind.Scrubbed, TurnKind.Erasure], rows.Select(r => r.Kind));
        Assert.Equal([2, 1, 1, 1], rows.Select(ErasedFactsIn));

        await AppendAsync(Row(5, 5, a, 5));
        await Store.DropTombstonesAsync(Instant + 1_000, Cancellation);
        Assert.NotNull((await Store.ReadConsumersAsync([5], Cancellation))[0].ErasedAt);
        await Store.DropTombstonesAsync(Instant + 1_001, Cancellation);
        read = (await Store.ReadConsumersAsync([5], Cancellation))[0];
        Assert.Null(read.ErasedAt);
        Assert.Equal(5, Assert.Single(read.Tail).First);
        Assert.Equal(5, Assert.Single(await Store.ReadHistoryAsync(5, 10, Cancellation)).First);
    }

    [Fact]
    public async Task A_closed_epoch_erases_nobody()
    {
        long epoch = await Store.BeginEpochAsync("a", Instant, Cancellation);
        await AppendAsync(Row(5, 1, epoch, 1, body: "still here"));
        await Store.CloseEpochAsync(epoch, Cancellation);
        Assert.False(await Store.EraseAsync(Row(5, 2, epoch, 2) with { Kind = TurnKind.Erasure }, new(5, Instant, Instant), Cancellation));
        Assert.NotEmpty(await FindAsync("still here"u8.ToArray()));
        Assert.Null((await Store.ReadConsumersAsync([5], Cancellation))[0].ErasedAt);
    }

    [Fact]
    public async Task Two_epochs_that_fight_for_the_same_consumers_take_each_turn_once()
    {
        const int consumers = 40;
        (long a, long b) = await TwoEpochsAsync();
        await using IClusterStore other = await ConnectAsync();
        await other.OpenAsync(Wire, Cancellation);
        await Task.WhenAll(FightAsync(Store, a, consumers, new Random(1)), FightAsync(other, b, consumers, new Random(2)));

        List<TurnRow> rows = [.. await Store.ReadRowsAsync(a, 0, 100_000, Cancellation), .. await Store.ReadRowsAsync(b, 0, 100_000, Cancellation)];
        foreach (IGrouping<ulong, TurnRow> chain in rows.GroupBy(r => r.Consumer))
        {
            long next = 1;
            foreach (TurnRow row in chain.OrderBy(r => r.First))
            {
                Assert.Equal(next, row.First);
                next = row.Last + 1;
            }
        }

        Assert.Equal(consumers, rows.DistinctBy(r => r.Consumer).Count());
        Assert.True(rows.DistinctBy(r => r.Epoch).Count() == 2);
    }

    [Fact]
    public async Task Nothing_is_added_to_an_epoch_after_it_was_closed()
    {
        await using IClusterStore other = await ConnectAsync();
        await other.OpenAsync(Wire, Cancellation);
        for (int round = 0; round < 10; round++)
        {
            long epoch = await Store.BeginEpochAsync("a", Instant, Cancellation);
            ulong key = (ulong)round + 1;
            var begun = new TaskCompletionSource();
            Task<int> writing = Task.Run(() => WriteUntilRefusedAsync(Store, epoch, key, begun), Cancellation);
            await begun.Task;
            await other.CloseEpochAsync(epoch, Cancellation);
            int last = (await other.ReadRowsAsync(epoch, 0, int.MaxValue, Cancellation)).Count;
            int taken = await writing;
            Assert.Equal(taken, last);
            Assert.Equal(last, (await other.ReadRowsAsync(epoch, 0, int.MaxValue, Cancellation)).Count);
        }
    }

    [Fact]
    public async Task The_wire_contract_changes_only_where_no_silo_runs()
    {
        long epoch = await Store.BeginEpochAsync("a", Instant, Cancellation);
        await using IClusterStore other = await ConnectAsync();
        StorageException refused = await Assert.ThrowsAsync<StorageException>(() => other.OpenAsync(Wire + 1, Cancellation));
        Assert.Contains("stop every silo", refused.Message);
        await Store.CloseEpochAsync(epoch, Cancellation);
        await other.OpenAsync(Wire + 1, Cancellation);
        Assert.True(await other.BeginEpochAsync("b", Instant, Cancellation) > epoch);
    }

    [Fact]
    public async Task The_clock_goes_on()
    {
        long before = await Store.ReadClockAsync(Cancellation);
        Assert.InRange(before, Instant, Instant * 2);
        Assert.True(await Store.ReadClockAsync(Cancellation) >= before);
    }

    /// <summary>One more way to the same data.</summary>
    protected abstract Task<IClusterStore> ConnectAsync();

    /// <summary>Where the bytes can be found in everything that is stored.</summary>
    protected abstract Task<IReadOnlyList<string>> FindAsync(byte[] bytes);

    protected Task<IReadOnlyList<int>> AppendAsync(params TurnRow[] rows) => Store.AppendAsync(rows, Cancellation);

    protected async Task<(long A, long B)> TwoEpochsAsync() =>
        (await Store.BeginEpochAsync("a", Instant, Cancellation), await Store.BeginEpochAsync("b", Instant, Cancellation));

    private static int ErasedFactsIn(TurnRow row)
    {
        int erased = 0;
        foreach (ReadOnlySpan<byte> payload in new RowPayloads(row.Payloads.Span))
        {
            for (FactReader facts = TurnFacts.Of(payload); facts.MoveNext();)
            {
                erased += facts.Current.Kind == FactKind.Erased && facts.Current.Brand == 7 ? 1 : 0;
            }
        }

        return erased;
    }

    /// <summary>Reads some consumers, builds one turn on each, writes them in an order of its own; fifty times.</summary>
    private static async Task FightAsync(IClusterStore store, long epoch, int consumers, Random random)
    {
        long number = 0;
        for (int round = 0; round < 50; round++)
        {
            ulong[] keys = [.. Enumerable.Range(1, consumers).Select(k => (ulong)k)];
            random.Shuffle(keys);
            IReadOnlyList<StoredConsumer> read = await store.ReadConsumersAsync(keys, Cancellation);
            await store.AppendAsync(
                [.. read.Select(c => Row(c.Snapshot.Consumer, c.Tail.Select(r => r.Last).DefaultIfEmpty(c.Snapshot.Sequence).Max() + 1, epoch, ++number, due: round + 1))],
                Cancellation);
        }
    }

    private static async Task<int> WriteUntilRefusedAsync(IClusterStore store, long epoch, ulong key, TaskCompletionSource begun)
    {
        for (int taken = 0; ; taken++)
        {
            if ((await store.AppendAsync([Row(key, taken + 1, epoch, taken + 1)], Cancellation)).Count > 0)
            {
                return taken;
            }

            begun.TrySetResult();
        }
    }
}
