using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Tests.Support.Memory;
using Decisioning.Cluster.Turns;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Tests.Turns;

public sealed class SiloLogTests
{
    private readonly MemoryClusterStore _store = new(TimeProvider.System);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_comes_while_a_batch_is_on_its_way_is_the_next_one_a_consumer_in_one_row()
    {
        (SiloLog log, TakenRows taken) = await OpenAsync();
        Owner owner = new(), other = new();
        LogRow last;
        using (HeldAppends held = _store.HoldAppends())
        {
            LogRow first = Append(log, owner, 1, 1);
            ValueTask waits = log.WhenTakenAsync(first, Cancelled);
            await held.Waiting.WaitAsync(Cancelled);
            Append(log, owner, 1, 2);
            Append(log, other, 2, 1);
            last = Append(log, owner, 1, 3);
            Assert.False(waits.IsCompleted);
            held.Dispose();
            await waits;
        }

        await log.WhenTakenAsync(last, Cancelled);
        Assert.Equal([(1UL, 1L, 1L, 1L), (1UL, 2L, 3L, 2L), (2UL, 1L, 1L, 3L)], taken.Rows.Select(static r => (r.Consumer, r.First, r.Last, r.Number)));
        Assert.Equal(2, PayloadsOf(taken.Rows[1]));
        Assert.Equal(0, log.WaitingBytes);
        Assert.Equal(2, owner.TakenRows);
    }

    [Fact]
    public async Task Of_two_silos_that_write_one_consumer_one_loses_and_the_chain_has_no_gap()
    {
        (SiloLog a, _) = await OpenAsync();
        (SiloLog b, TakenRows taken) = await OpenAsync();
        Owner mine = new(), theirs = new();
        await a.WhenTakenAsync(Append(a, mine, 1, 1), Cancelled);
        LogRow lost, behind;
        using (HeldAppends held = _store.HoldAppends())
        {
            lost = Append(b, theirs, 1, 1);
            Task waits = b.WhenTakenAsync(lost, Cancelled).AsTask();
            await held.Waiting.WaitAsync(Cancelled);
            behind = Append(b, theirs, 1, 2);
            held.Dispose();
            await Assert.ThrowsAsync<TurnLostException>(() => waits);
        }

        await Assert.ThrowsAsync<TurnLostException>(() => b.WhenTakenAsync(behind, Cancelled).AsTask());
        Assert.True(theirs.IsLost);
        Assert.Null(b.Append(theirs, Entry(1, 3), [1]));
        await a.WhenTakenAsync(Append(a, mine, 1, 2), Cancelled);
        await b.WhenTakenAsync(Append(b, new Owner(), 2, 1), Cancelled);
        StoredConsumer stored = (await _store.ReadConsumersAsync([1], Cancelled))[0];
        Assert.Equal([(1L, a.Epoch), (2L, a.Epoch)], stored.Tail.Select(static r => (r.First, r.Epoch)));
        Assert.Equal(2UL, Assert.Single(taken.Rows).Consumer);
        Assert.Equal(0, b.WaitingBytes);
    }

    [Fact]
    public async Task A_batch_whose_answer_was_lost_is_written_again_and_stands_once()
    {
        (SiloLog log, TakenRows taken) = await OpenAsync();
        _store.DropAnswers(3);
        Owner owner = new();
        await log.WhenTakenAsync(Append(log, owner, 1, 1), Cancelled);
        Assert.Single((await _store.ReadConsumersAsync([1], Cancelled))[0].Tail);
        Assert.Single(taken.Rows);
        Assert.Null(log.Refusal());
        Assert.False(owner.IsLost);
    }

    [Fact]
    public async Task While_the_store_refuses_nothing_more_is_taken_and_nothing_is_lost()
    {
        (SiloLog log, _) = await OpenAsync();
        _store.FailAppends(int.MaxValue);
        ValueTask waits = log.WhenTakenAsync(Append(log, new Owner(), 1, 1), Cancelled);
        while (log.Trouble is null)
        {
            await Task.Yield();
        }

        Assert.Contains("store", log.Refusal(), StringComparison.Ordinal);
        Assert.False(waits.IsCompleted);
        _store.FailAppends(0);
        await waits;
        Assert.Null(log.Refusal());
    }

    [Fact]
    public async Task A_silo_whose_epoch_was_closed_loses_what_waits_and_takes_nothing_more()
    {
        (SiloLog log, TakenRows taken) = await OpenAsync();
        TaskCompletionSource fenced = new();
        log.Fenced = fenced.SetResult;
        await _store.CloseEpochAsync(log.Epoch, Cancelled);
        Owner owner = new();
        await Assert.ThrowsAsync<TurnLostException>(() => log.WhenTakenAsync(Append(log, owner, 1, 1), Cancelled).AsTask());
        await fenced.Task.WaitAsync(Cancelled);
        Assert.True(owner.IsLost);
        Assert.True(log.IsFenced);
        Assert.NotNull(log.Refusal());
        Assert.Null(log.Append(new Owner(), Entry(2, 1), [1]));
        Assert.Empty(taken.Rows);
    }

    [Fact]
    public async Task A_log_that_stops_writes_what_waits_and_closes_its_epoch()
    {
        (SiloLog log, TakenRows taken) = await OpenAsync();
        Append(log, new Owner(), 1, 1);
        log.AppendContextual(5, [1]);
        log.AppendContextual(6, [1]);
        await log.StopAsync(Cancelled);
        Assert.Equal([TurnKind.Turn, TurnKind.Contextual], taken.Rows.Select(static r => r.Kind));
        Assert.Equal(2, PayloadsOf(taken.Rows[1]));
        Assert.False(Assert.Single(await _store.ReadEpochsAsync(Cancelled)).Open);
        Assert.NotNull(log.Refusal());
    }

    [Fact]
    public async Task A_row_ends_with_a_snapshot_and_the_snapshot_is_kept_once_the_row_stands()
    {
        (SiloLog log, TakenRows taken) = await OpenAsync(out SnapshotWriter snapshots);
        Owner owner = new();
        Assert.NotNull(log.Append(owner, Entry(1, 1) with { Snapshot = [7] }, [1]));
        await log.WhenTakenAsync(Append(log, owner, 1, 2), Cancelled);
        await snapshots.FlushAsync(Cancelled);
        Assert.Equal([1L, 2L], taken.Rows.Select(static r => r.Last));
        StoredConsumer stored = (await _store.ReadConsumersAsync([1], Cancelled))[0];
        Assert.Equal((1L, 1), (stored.Snapshot.Sequence, stored.Snapshot.State.Length));
        Assert.Equal(2, Assert.Single(stored.Tail).First);
    }

    [Fact]
    public async Task A_row_ends_where_it_is_large()
    {
        (SiloLog log, TakenRows taken) = await OpenAsync();
        Owner owner = new();
        byte[] payload = new byte[ClusterBounds.RowBytes / 2];
        for (int turn = 1; turn <= 5; turn++)
        {
            Assert.NotNull(log.Append(owner, Entry(1, turn), payload));
            log.AppendContextual(5, payload);
        }

        await log.StopAsync(Cancelled);
        Assert.Equal([2, 2, 1], taken.Rows.Where(static r => r.Kind == TurnKind.Turn).Select(PayloadsOf));
        Assert.Equal([2, 2, 1], taken.Rows.Where(static r => r.Kind == TurnKind.Contextual).Select(PayloadsOf));
    }

    private static LogEntry Entry(ulong consumer, long sequence) => new(consumer, sequence, 1_000 + sequence, null, null, Catalogue: 1, Dated: true);

    private static LogRow Append(SiloLog log, Owner owner, ulong consumer, long sequence) => log.Append(owner, Entry(consumer, sequence), [1, 2, 3])!;

    private static int PayloadsOf(TurnRow row)
    {
        int count = 0;
        foreach (ReadOnlySpan<byte> _ in new RowPayloads(row.Payloads.Span))
        {
            count++;
        }

        return count;
    }

    private Task<(SiloLog Log, TakenRows Taken)> OpenAsync() => OpenAsync(out _);

    private Task<(SiloLog Log, TakenRows Taken)> OpenAsync(out SnapshotWriter snapshots)
    {
        TakenRows taken = new();
        snapshots = new SnapshotWriter(_store);
        return StartAsync(new SiloLog(_store, taken, snapshots, TimeProvider.System), taken);
    }

    private static async Task<(SiloLog Log, TakenRows Taken)> StartAsync(SiloLog log, TakenRows taken)
    {
        await log.StartAsync("a silo", 0, Cancelled);
        return (log, taken);
    }

    private sealed class TakenRows : ITakenRows
    {
        public List<TurnRow> Rows { get; } = [];

        public void Taken(IReadOnlyList<TurnRow> rows) => Rows.AddRange(rows);
    }

    private sealed class Owner : IRowOwner
    {
        public bool IsLost { get; private set; }

        public int TakenRows { get; private set; }

        public void Taken(LogRow row) => TakenRows++;

        public void Lose() => IsLost = true;
    }
}
