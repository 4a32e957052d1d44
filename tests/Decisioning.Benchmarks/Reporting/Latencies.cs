using System.Diagnostics;

namespace Decisioning.Benchmarks.Reporting;

/// <summary>Counts how long things took, to a tenth of a microsecond up to 100 ms; what took longer counts as that.</summary>
internal sealed class Latencies
{
    private const double Step = 0.1;

    private readonly int[] _counts = new int[1_000_001];

    public long Count { get; private set; }

    /// <summary>The longest, µs, also beyond the bound.</summary>
    public double Max { get; private set; }

    /// <param name="start">A timestamp of <see cref="Stopwatch"/>.</param>
    public void AddSince(long start) => Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);

    public void Add(double microseconds)
    {
        _counts[(int)Math.Min(microseconds / Step, _counts.Length - 1)]++;
        Max = Math.Max(Max, microseconds);
        Count++;
    }

    /// <summary>So many µs the given share took at most.</summary>
    /// <param name="share">Above 0, at most 1.</param>
    public double Quantile(double share)
    {
        long left = (long)Math.Ceiling(share * Count);
        int bucket = 0;
        while (bucket < _counts.Length - 1 && (left -= _counts[bucket]) > 0)
        {
            bucket++;
        }

        return (bucket + 1) * Step;
    }
}
