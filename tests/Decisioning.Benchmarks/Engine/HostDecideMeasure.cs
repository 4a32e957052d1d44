using Decisioning.Benchmarks.Known;
using Decisioning.Benchmarks.Reporting;
using Decisioning.Core.Decide;
using Decisioning.Engine;

namespace Decisioning.Benchmarks.Engine;

/// <summary>The same decision through the embedded host: with the resident table, the journal and the writing back that go on beside it.</summary>
internal static class HostDecideMeasure
{
    private const int Chunk = 1_000;

    public static async Task RunAsync(Report report, long replyBytes, bool quick)
    {
        int consumers = quick ? 5_000 : 50_000;
        int chunks = quick ? 100 : 1_000;
        using ScratchFolder folder = new();
        await using EmbeddedHost host = await KnownWorld.OpenAsync(folder.Path, new History(3, 32, 12), consumers);
        DecideCommand[] commands = [.. Enumerable.Range(0, consumers).Select(n => Requests.Of(host.Catalogue, PackedConsumers.IdOf(n)))];
        for (int i = 0; i < 2 * consumers; i++)
        {
            await host.DecideAsync(commands[i % consumers], CancellationToken.None);
        }

        double[] times = new double[chunks];
        long bytes = 0;
        for (int c = 0; c < chunks; c++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            double start = ThreadClock.Microseconds;
            for (int i = 0; i < Chunk; i++)
            {
                await host.DecideAsync(commands[(c * Chunk + i) % consumers], CancellationToken.None);
            }

            times[c] = (ThreadClock.Microseconds - start) / Chunk;
            bytes += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        report.Add(new Figure($"EmbeddedHost.DecideAsync, {consumers:N0} consumers, median of its thread's own time", Medians.Of(times), "µs"));
        report.Add(new Figure("EmbeddedHost.DecideAsync, bytes beyond the reply", (double)bytes / chunks / Chunk - replyBytes, "B"));
    }
}
