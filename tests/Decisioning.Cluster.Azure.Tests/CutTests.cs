using System.Text;
using Azure.Data.Tables;
using Decisioning.Cluster.Storage;
using Decisioning.Engine.Storage;
using static Decisioning.Cluster.Tests.Support.TestRows;

namespace Decisioning.Cluster.Azure.Tests;

/// <summary>A silo may end between any two changes of a batch: whoever closes its epoch finds all of the batch or nothing, and finishes what was begun.</summary>
public sealed class CutTests(Azurite azurite)
{
    private const int Wire = 1;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_that_was_cut_off_is_whole_or_not_there()
    {
        HashSet<int> seen = [];
        bool whole = false;
        for (int changes = -1; !whole; changes++)
        {
            (AzureClusterStore store, AzureClusterStore cut, long a, long b) = await OpenAsync(changes);
            await store.AppendAsync([Row(2, 1, b, 1, due: 5)], Cancellation);
            TurnRow[] batch = [Row(1, 1, a, 1, due: 10), Row(2, 1, a, 2, due: 10), Row(0, 9, a, 3), Row(3, 1, a, 4, due: 20)];
            whole = await IsDoneAsync(() => cut.AppendAsync(batch, Cancellation));

            await store.CloseEpochAsync(a, Cancellation);
            IReadOnlyList<TurnRow> rows = await store.ReadRowsAsync(a, 0, 10, Cancellation);
            bool stands = rows.Count > 0;
            Assert.True(stands || !whole);
            Assert.Equal(stands ? [Told(batch[0]), Told(batch[2]), Told(batch[3])] : [], rows.Select(Told));
            Assert.Equal(
                stands ? [new(5, 2), new(10, 1), new(20, 3)] : [new DueRow(5, 2)], await store.ReadDueAsync(0, 1, 100, 10, Cancellation));
            Assert.Equal(
                stands ? [a, b, a] : [0, b, 0], (await store.ReadConsumersAsync([1, 2, 3], Cancellation)).Select(c => c.Tail.Select(r => r.Epoch).SingleOrDefault()));
            Assert.Equal(stands ? [1] : [0, 1, 2, 3], await store.AppendAsync(batch, Cancellation));
            seen.Add(rows.Count);
        }

        Assert.Equal([0, 3], seen.Order());
    }

    [Fact]
    public async Task An_erasure_that_was_cut_off_is_finished_or_not_begun()
    {
        const string id = "somebody-to-be-forgotten";
        HashSet<bool> seen = [];
        bool whole = false;
        for (int changes = -1; !whole; changes++)
        {
            (AzureClusterStore store, AzureClusterStore cut, long a, long b) = await OpenAsync(changes);
            await store.AppendAsync([Row(5, 1, a, 1, due: 30, last: 2, body: id), Row(6, 1, a, 2, due: 30)], Cancellation);
            await store.AppendAsync([Row(5, 3, a, 3, body: id)], Cancellation);
            await store.WriteSnapshotsAsync([Snapshot(5, 2, id)], Cancellation);
            TurnRow erasure = Row(5, 4, b, 1) with { Kind = TurnKind.Erasure };
            whole = await IsDoneAsync(() => cut.EraseAsync(erasure, new TombstoneRow(5, Instant, Instant + 1), Cancellation));

            await store.CloseEpochAsync(b, Cancellation);
            StoredConsumer read = (await store.ReadConsumersAsync([5], Cancellation))[0];
            bool erased = read.ErasedAt is not null;
            Assert.True(erased || !whole);
            Assert.Equal(erased ? (4, "") : (2, id), (read.Snapshot.Sequence, StateOf(read)));
            Assert.Equal(erased ? [6] : [5, 6], (await store.ReadDueAsync(0, 1, 100, 10, Cancellation)).Select(d => d.Consumer).Order());
            Assert.Equal(erased ? 0 : 2, (await store.ReadHistoryAsync(5, 10, Cancellation)).Count);
            Assert.Equal(
                erased ? [TurnKind.Scrubbed, TurnKind.Turn, TurnKind.Scrubbed] : [TurnKind.Turn, TurnKind.Turn, TurnKind.Turn],
                (await store.ReadRowsAsync(a, 0, 10, Cancellation)).Select(r => r.Kind));
            Assert.Equal(erased, !await azurite.HoldsAsync(store.Tables.Prefix, Encoding.UTF8.GetBytes(id)));
            seen.Add(erased);
        }

        Assert.Equal(2, seen.Count);
    }

    [Fact]
    public async Task A_sight_has_no_gap_whatever_happens_between_two_of_its_changes()
    {
        InterruptedConnection interrupted;
        int changes = 0;
        do
        {
            string connection = await azurite.ConnectionStringAsync(), prefix = azurite.NewPrefix();
            AzureClusterStore store = AzurePlace.At(connection, prefix).Store;
            await store.OpenAsync(Wire, Cancellation);
            long a = await store.BeginEpochAsync("a", Instant, Cancellation), b = await store.BeginEpochAsync("b", Instant, Cancellation);
            await store.AppendAsync([Row(1, 1, a, 1)], Cancellation);
            await store.AppendAsync([Row(1, 2, b, 1)], Cancellation);
            interrupted = new(changes++, async () =>
            {
                long c = await store.BeginEpochAsync("c", Instant, Cancellation);
                await store.AppendAsync([Row(1, 3, a, 2)], Cancellation);
                await store.AppendAsync([Row(1, 4, c, 1)], Cancellation);
                await store.AppendAsync([Row(1, 5, b, 2)], Cancellation);
            });

            AzureClusterStore looking = new(new TableServiceClient(connection, interrupted.Options()), prefix);
            await using IClusterSight sight = await looking.BeginSightAsync(Cancellation);
            StoredConsumer seen = Assert.Single(await sight.ReadConsumersAsync(Cancellation).ToListAsync(Cancellation));
            Assert.True(seen.Tail.Count is 2 or 5);
            Assert.Equal(Enumerable.Range(1, seen.Tail.Count).Select(n => (long)n), seen.Tail.Select(r => r.First));
        }
        while (interrupted.IsReached);
        Assert.True(changes > 5);
    }

    /// <summary>A store, one whose connection ends after so many changes, and two epochs.</summary>
    private async Task<(AzureClusterStore Store, AzureClusterStore Cut, long A, long B)> OpenAsync(int changes)
    {
        string connection = await azurite.ConnectionStringAsync(), prefix = azurite.NewPrefix();
        AzureClusterStore store = AzurePlace.At(connection, prefix).Store;
        await store.OpenAsync(Wire, Cancellation);
        AzureClusterStore cut = new(new TableServiceClient(connection, new CutConnection(changes).Options()), prefix);
        return (store, cut, await store.BeginEpochAsync("a", Instant, Cancellation), await store.BeginEpochAsync("b", Instant, Cancellation));
    }

    private static async Task<bool> IsDoneAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (StorageException)
        {
            return false;
        }
    }
}
