using Decisioning.Load.Running;

namespace Decisioning.Load.Reports;

/// <summary>
/// Whether memory grows. The first third of the measured time is left out, in which caches fill. What remains is cut into windows; the trend is the median of the slopes
/// between all pairs of windows' medians (Theil and Sen), which neither the saw of collections nor a few outliers move.
/// </summary>
/// <param name="Level">The median, bytes.</param>
/// <param name="Growth">What the trend comes to over the judged time, as a share of the level; below 0 where it falls.</param>
internal sealed record MemoryTrend(double Level, double Growth)
{
    /// <summary>Fewer readings than this tell no trend.</summary>
    public const int LeastReadings = 10;

    private const double Settling = 1d / 3;
    private const int MostWindows = 120;

    /// <summary>The trend of what the measured seconds tell; null where too few do.</summary>
    /// <param name="seconds">In their order.</param>
    /// <param name="bytes">What each tells; null: nothing.</param>
    public static MemoryTrend? Of(IEnumerable<SecondRow> seconds, Func<MemoryReading, long?> bytes)
    {
        (double At, double Bytes)[] told =
            [.. seconds.Where(s => !s.IsWarmup).Select(s => (s.At, Bytes: s.Server is { } memory ? bytes(memory) : null)).Where(r => r.Bytes is not null).Select(r => (r.At, (double)r.Bytes!.Value))];
        (double At, double Bytes)[] judged = [.. told.Skip((int)(told.Length * Settling))];
        if (judged.Length < LeastReadings)
        {
            return null;
        }

        int window = (judged.Length + MostWindows - 1) / MostWindows;
        (double At, double Bytes)[] medians = [.. judged.Chunk(window).Select(w => (Medians.Of(w.Select(r => r.At)), Medians.Of(w.Select(r => r.Bytes))))];
        double level = Medians.Of(judged.Select(r => r.Bytes));
        return new MemoryTrend(level, SlopeOf(medians) * (judged[^1].At - judged[0].At) / level);
    }

    private static double SlopeOf((double At, double Bytes)[] readings)
    {
        List<double> slopes = [];
        for (int i = 0; i < readings.Length; i++)
        {
            for (int j = i + 1; j < readings.Length; j++)
            {
                slopes.Add((readings[j].Bytes - readings[i].Bytes) / (readings[j].At - readings[i].At));
            }
        }

        return Medians.Of(slopes);
    }
}
