using System.Diagnostics;

namespace Decisioning.Load.Running;

/// <summary>The machine's monotonic clock, the same for all processes.</summary>
internal static class Ticks
{
    private const long MicrosecondsPerSecond = 1_000_000;

    public static long Now => Stopwatch.GetTimestamp();

    public static long Of(double seconds) => (long)(seconds * Stopwatch.Frequency);

    public static double Seconds(long ticks) => (double)ticks / Stopwatch.Frequency;

    /// <summary>Whole microseconds, rounded up; 0 for less than nothing.</summary>
    public static long Microseconds(long ticks) => ticks <= 0 ? 0 : (long)Math.Ceiling(ticks * ((double)MicrosecondsPerSecond / Stopwatch.Frequency));
}
