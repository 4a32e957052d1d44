using System.Diagnostics;
using Decisioning.Benchmarks.Known;
using Decisioning.Benchmarks.Reporting;
using Decisioning.Engine.Storage;

namespace Decisioning.Benchmarks.Engine;

/// <summary>
/// <c>writeback</c>: passes of batches of scattered states, sorted, as the engine writes them back, into stores that differ by what their writing connection keeps of
/// the file; in turns, pass by pass.
/// </summary>
internal static class WriteBackRun
{
    private const int Batch = 2_048;

    private static readonly long[] CacheBytes = [64L << 20, 8L << 20, 2L << 20];

    public static Task RunAsync(Report report, bool quick)
    {
        int known = quick ? 100_000 : 300_000;
        int batches = quick ? 10 : 30;
        int passes = quick ? 5 : 11;
        report.Heading($"writeback: {known:N0} consumers on disk, {passes} passes of {batches} batches of {Batch:N0} scattered states");
        Random random = new(5);
        PackedConsumers packed = KnownWorld.Pack(MemoryRun.Stated);
        KeyValuePair<ulong, ReadOnlyMemory<byte>>[] all =
        [
            .. Enumerable.Range(0, known).Select(n => KeyValuePair.Create((ulong)random.NextInt64(long.MinValue, long.MaxValue), (ReadOnlyMemory<byte>)packed.Of(n)))
                .DistinctBy(static s => s.Key),
        ];
        List<ScratchFolder> folders = [];
        List<SqliteStateStore> stores = [];
        List<double>[] rates = [.. CacheBytes.Select(static _ => new List<double>())];
        try
        {
            foreach (long cache in CacheBytes)
            {
                folders.Add(new ScratchFolder());
                stores.Add(SqliteStateStore.Open(folders[^1].Path, StateStoreOptions.Default with { WriterCacheBytes = cache }));
                Write(stores[^1], all);
            }

            for (int pass = 0; pass < passes; pass++)
            {
                random.Shuffle(all);
                for (int i = 0; i < stores.Count; i++)
                {
                    rates[i].Add(Write(stores[i], all.AsSpan(0, batches * Batch).ToArray()));
                }
            }
        }
        finally
        {
            stores.ForEach(static s => s.Dispose());
            folders.ForEach(static f => f.Dispose());
        }

        for (int i = 0; i < stores.Count; i++)
        {
            report.Add(new Figure($"written back, {CacheBytes[i] >> 20} MiB kept", Medians.Of(rates[i]), "a second"));
        }

        for (int i = 1; i < stores.Count; i++)
        {
            report.Add(new Figure($"{CacheBytes[i] >> 20} / {CacheBytes[0] >> 20} MiB", Medians.Of(rates[i].Zip(rates[0], static (few, many) => few / many)), ""));
        }

        return Task.CompletedTask;
    }

    /// <summary>States written in batches, in the store's order; how many a second.</summary>
    private static double Write(SqliteStateStore store, KeyValuePair<ulong, ReadOnlyMemory<byte>>[] states)
    {
        Array.Sort(states, static (a, b) => ((long)a.Key).CompareTo((long)b.Key));
        long start = Stopwatch.GetTimestamp();
        foreach (KeyValuePair<ulong, ReadOnlyMemory<byte>>[] batch in states.Chunk(Batch))
        {
            store.Write(batch, null, null);
        }

        return states.Length / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
