using Decisioning.Benchmarks.Known;
using Decisioning.Benchmarks.Reporting;
using Decisioning.Core.Catalogue;
using Decisioning.Engine;
using Decisioning.Engine.Residency;

namespace Decisioning.Benchmarks.Engine;

/// <summary><c>collections</c>: how long everything waits for a small collection, where states came into memory since the last one, and where as many ordinary arrays came into an old table.</summary>
internal static class CollectionsRun
{
    /// <summary>What half a second of the ordinary hour at half of the knee brings.</summary>
    private const int New = 4_000;

    /// <summary>Allocated between two collections, as the collector does by itself at that rate.</summary>
    private const int GarbageBytes = 16 << 20;

    private const int GarbageArray = 64;

    public static Task RunAsync(Report report, bool quick)
    {
        int count = quick ? 100_000 : 1_000_000;
        int rounds = quick ? 20 : 100;
        report.Heading($"collections: {count:N0} resident consumers, between two small collections {New:N0} more, or none, {rounds} of each");
        CatalogueSnapshot catalogue = Catalogues.Of(2, 20, 5);
        PackedConsumers packed = new(catalogue, MemoryRun.Stated, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        Random keys = new(7);
        ResidentTable table = new(new EngineOptions { DataFolder = "" }.Shards, long.MaxValue / 2);
        MemoryRun.Fill(table, packed, keys, count);
        byte[]?[] ordinary = new byte[count][];
        GC.Collect();
        double none = 0, some = 0, plain = 0;
        for (int round = 0; round < rounds; round++)
        {
            none += Collect();
            MemoryRun.Fill(table, packed, keys, New);
            some += Collect();
            for (int n = 0; n < New; n++)
            {
                ordinary[keys.Next(count)] = new byte[packed.Of(n).Length];
            }

            plain += Collect();

            // What came is old before the next round.
            GC.Collect(1);
            GC.Collect(1);
        }

        report.Add(new Figure("a collection with none new", none / rounds, "ms"));
        report.Add(new Figure($"a collection with {New:N0} new states", some / rounds, "ms"));
        report.Add(new Figure($"a collection with {New:N0} new ordinary arrays", plain / rounds, "ms"));
        report.Add(new Figure("states / ordinary arrays", some / plain, "", Target.Below(0.5)));
        GC.KeepAlive(table);
        GC.KeepAlive(ordinary);
        return Task.CompletedTask;
    }

    /// <summary>Makes garbage and has it collected.</summary>
    /// <returns>Milliseconds of the pause.</returns>
    private static double Collect()
    {
        for (int bytes = 0; bytes < GarbageBytes; bytes += GarbageArray)
        {
            GC.KeepAlive(new byte[GarbageArray]);
        }

        TimeSpan before = GC.GetTotalPauseDuration();
        GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        return (GC.GetTotalPauseDuration() - before).TotalMilliseconds;
    }
}
