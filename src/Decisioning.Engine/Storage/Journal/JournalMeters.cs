using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Decisioning.Engine.Storage.Journal;

/// <summary>What is measured of the journal's commits; a branch each while nobody listens.</summary>
internal static class JournalMeters
{
    private static readonly Meter Meter = new("Decisioning.Journal");

    private static readonly Histogram<double> Duration =
        Meter.CreateHistogram<double>("decisioning.commit.duration", "s", "One commit, tried again where it failed.");

    private static readonly Histogram<long> Size = Meter.CreateHistogram<long>("decisioning.commit.size", "By", "What one commit writes.");

    private static readonly Counter<long> Errors = Meter.CreateCounter<long>("decisioning.store.errors", "{error}", "Calls of the store that failed.");

    /// <summary>The instant, for <see cref="Committed"/>.</summary>
    public static long Begin() => Duration.Enabled ? Stopwatch.GetTimestamp() : 0;

    public static void Committed(long began, int bytes)
    {
        if (began != 0)
        {
            Duration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
            Size.Record(bytes);
        }
    }

    public static void Failed() => Errors.Add(1);
}
