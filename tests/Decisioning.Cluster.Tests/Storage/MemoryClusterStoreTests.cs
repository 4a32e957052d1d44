using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Tests.Support.Memory;
using Decisioning.Engine.Storage;
using static Decisioning.Cluster.Tests.Support.TestRows;

namespace Decisioning.Cluster.Tests.Storage;

public sealed class MemoryClusterStoreTests : ClusterStoreConformance
{
    private readonly MemoryClusterStore _memory = new(TimeProvider.System);

    [Fact]
    public async Task Calls_fail_wait_and_lose_their_answer_as_asked()
    {
        long epoch = await Store.BeginEpochAsync("a", Instant, Cancellation);
        _memory.FailNext(1);
        await Assert.ThrowsAsync<StorageException>(() => Store.ReadEpochsAsync(Cancellation));
        _memory.FailAppends(1);
        await Assert.ThrowsAsync<StorageException>(() => AppendAsync(Row(1, 1, epoch, 1)));
        Assert.Empty(await Store.ReadRowsAsync(epoch, 0, 10, Cancellation));
        _memory.DropAnswers(1);
        await Assert.ThrowsAsync<StorageException>(() => AppendAsync(Row(1, 1, epoch, 1)));
        Assert.Single(await Store.ReadRowsAsync(epoch, 0, 10, Cancellation));

        HeldAppends held = _memory.HoldAppends();
        Task<IReadOnlyList<int>> waiting = AppendAsync(Row(1, 2, epoch, 2));
        await held.Waiting;
        Assert.Single(await Store.ReadRowsAsync(epoch, 0, 10, Cancellation));
        held.Dispose();
        Assert.Empty(await waiting);
    }

    protected override Task<IClusterStore> ConnectAsync() => Task.FromResult<IClusterStore>(_memory);

    protected override async Task<IReadOnlyList<string>> FindAsync(byte[] bytes)
    {
        await using IClusterSight sight = await _memory.BeginSightAsync(Cancellation);
        var found = new List<string>();
        await foreach (StoredConsumer consumer in sight.ReadConsumersAsync(Cancellation))
        {
            found.AddRange(consumer.Snapshot.State.Span.IndexOf(bytes) >= 0 ? [$"snapshot of {consumer.Snapshot.Consumer}"] : []);
        }

        foreach (EpochRow epoch in await sight.ReadEpochsAsync(Cancellation))
        {
            found.AddRange(await sight.ReadRowsAsync(epoch.Epoch, 0, Cancellation).Where(r => r.Payloads.Span.IndexOf(bytes) >= 0)
                .Select(r => $"row {r.Number}").ToListAsync(Cancellation));
        }

        return found;
    }
}
