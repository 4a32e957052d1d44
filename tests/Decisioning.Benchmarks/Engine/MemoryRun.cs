using Decisioning.Benchmarks.Known;
using Decisioning.Benchmarks.Reporting;
using Decisioning.Core.Catalogue;
using Decisioning.Engine;
using Decisioning.Engine.Residency;

namespace Decisioning.Benchmarks.Engine;

/// <summary><c>memory</c>: what a consumer in memory costs, tables and all.</summary>
internal static class MemoryRun
{
    /// <summary>What the target is stated for: of the 20 event ids, 10 are the exposures' impressions.</summary>
    public static History Stated { get; } = new(Brands: 2, Exposures: 10, Behaviours: 10);

    public static Task RunAsync(Report report, bool quick)
    {
        int count = quick ? 100_000 : 1_000_000;
        report.Heading($"memory: {count:N0} resident consumers, each with 2 brands, 10 exposures, 20 event ids");
        CatalogueSnapshot catalogue = Catalogues.Of(2, 20, 5);
        PackedConsumers packed = new(catalogue, Stated, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        Random keys = new(7);

        long before = GC.GetTotalMemory(forceFullCollection: true);
        ResidentTable table = new(new EngineOptions { DataFolder = "" }.Shards, long.MaxValue / 2);
        Fill(table, packed, keys, count);

        double heap = GC.GetTotalMemory(forceFullCollection: true) - before;
        report.Add(new Figure("packed state", packed.MeanBytes, "B"));
        report.Add(new Figure("heap by the collector, per consumer", heap / count, "B", Target.Below(700)));
        report.Add(new Figure("by the engine's own gauge, per consumer", (double)table.Bytes / table.Gauge.Count, "B"));
        GC.KeepAlive(table);
        return Task.CompletedTask;
    }

    /// <summary>Takes consumers with new keys into memory.</summary>
    public static void Fill(ResidentTable table, PackedConsumers packed, Random keys, int count)
    {
        for (int n = 0; n < count; n++)
        {
            ulong key = (ulong)keys.NextInt64(long.MinValue, long.MaxValue);
            ResidentShard shard = table.ShardOf(key);
            lock (shard.Gate)
            {
                shard.Insert(key, packed.Of(n));
            }
        }
    }
}
