using Decisioning.Benchmarks.Reporting;

namespace Decisioning.Benchmarks.Engine;

/// <summary>The decision of <see cref="DecideBenchmarks"/> by its own thread's clock, and the bytes that it allocates to the last one.</summary>
internal static class TurnMeasure
{
    private const int Chunk = 1_000;
    private const int Chunks = 200;

    /// <returns>The median of a decision's microseconds over chunks of decisions, and its mean bytes.</returns>
    public static (double Microseconds, double Bytes) Run(string shape)
    {
        DecideBenchmarks benchmark = new() { Shape = shape };
        benchmark.Prepare();
        RunChunks(benchmark);
        return RunChunks(benchmark);
    }

    private static (double Microseconds, double Bytes) RunChunks(DecideBenchmarks benchmark)
    {
        double[] times = new double[Chunks];
        long bytes = 0;
        for (int c = 0; c < Chunks; c++)
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            double start = ThreadClock.Microseconds;
            for (int i = 0; i < Chunk; i++)
            {
                benchmark.Decide();
            }

            times[c] = (ThreadClock.Microseconds - start) / Chunk;
            bytes += GC.GetAllocatedBytesForCurrentThread() - allocated;
        }

        return (Medians.Of(times), (double)bytes / Chunks / Chunk);
    }
}
