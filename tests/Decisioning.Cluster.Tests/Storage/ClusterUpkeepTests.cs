using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Tests.Support;
using Decisioning.Cluster.Tests.Support.Memory;
using Decisioning.Conformance;
using Decisioning.Engine;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Tests.Storage;

public sealed class ClusterUpkeepTests
{
    private const long DayMs = HostUnderTest.DayMs;

    [Fact]
    public async Task What_is_past_its_time_leaves_the_store_and_nothing_else()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        ConformanceClock time = new();
        await using MemoryClusterStore store = new(time);
        long now = time.Now;
        int hour = (int)(now / 3_600_000);
        long epoch = await store.BeginEpochAsync("silo", now, cancellation);
        await store.AppendAsync([TestRows.Row(0, 1, epoch, 1, instant: now - 30 * DayMs - 1), TestRows.Row(0, 2, epoch, 2, instant: now - 30 * DayMs)], cancellation);
        await store.EraseAsync(TestRows.Row(5, 1, epoch, 3, instant: now) with { Kind = TurnKind.Erasure }, new TombstoneRow(5, now - 31 * DayMs, now - 1), cancellation);
        await store.EraseAsync(TestRows.Row(6, 1, epoch, 4, instant: now) with { Kind = TurnKind.Erasure }, new TombstoneRow(6, now - 31 * DayMs, now), cancellation);
        await store.WriteBrandBooksAsync(
            new StoredBrand(1, 1, new Dictionary<long, long> { [epoch] = 4 }, "t"u8.ToArray(), "m"u8.ToArray()),
            [new HourBooks(1, hour - 19_201, "a"u8.ToArray()), new HourBooks(1, hour - 19_200, "b"u8.ToArray())], 0, cancellation);

        await new ClusterUpkeep(store, new HostClock(time), new DecisioningOptions()).RunAsync(cancellation);

        Assert.Equal([2L, 3, 4], (await store.ReadRowsAsync(epoch, 0, 10, cancellation)).Select(r => r.Number));
        Assert.Equal([null, now - 31 * DayMs], (await store.ReadConsumersAsync([5, 6], cancellation)).Select(c => c.ErasedAt));
        Assert.Equal([hour - 19_200], (await store.ReadHoursAsync(1, 0, int.MaxValue, cancellation)).Select(h => h.Hour));
    }
}
