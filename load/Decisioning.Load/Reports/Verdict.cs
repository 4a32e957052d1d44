using Decisioning.Load.Running;
using Decisioning.Load.Scenarios;

namespace Decisioning.Load.Reports;

/// <summary>What a run was held to, and what it came to.</summary>
/// <param name="Name">A few words.</param>
/// <param name="Limit">At most this.</param>
/// <param name="Actual">Null: it cannot be said.</param>
/// <param name="Unit">Such as ms.</param>
internal sealed record Threshold(string Name, double Limit, double? Actual, string Unit)
{
    public bool Held => Actual <= Limit;
}

/// <summary>A run judged: by its scenario's thresholds and by its checks.</summary>
internal sealed record Verdict(IReadOnlyList<Threshold> Thresholds, IReadOnlyList<CheckResult> FailedChecks)
{
    private const double CalmTimes = 2;
    private const double Percent = 100;

    /// <summary>Whether everything was held.</summary>
    public bool Held => Thresholds.All(t => t.Held) && FailedChecks.Count == 0;

    /// <summary>Judges a run. Rates that were tried in search of the knee are not judged, but whether there is one.</summary>
    public static Verdict Of(RunResult result) => new([.. result.Knee is null ? ThresholdsOf(result) : KneeOf(result)], [.. result.Checks.Where(c => c.Failed > 0)]);

    private static IEnumerable<Threshold> KneeOf(RunResult result) => [new Threshold("searches for the knee that found none", 0, result.Knee == 0 || result.KneeIsGenerators ? 1 : 0, "")];

    private static IEnumerable<Threshold> ThresholdsOf(RunResult result)
    {
        ThresholdSet set = result.Options.Scenario.Thresholds;
        SeriesFrame[] series = result.Total.Series;
        double calls = Math.Max(1, series.Sum(s => s.Served + s.Refused + s.Errors));
        yield return new Threshold("calls that failed", 0, series.Sum(s => s.Errors), "");
        yield return new Threshold("share of calls refused", set.Refused, series.Sum(s => s.Refused) / calls, "");
        LatencyFigures? decisions = result.Latency(CallKind.Decisions);
        LatencyFigures? events = result.Latency(CallKind.Events);
        foreach ((string name, double? limit, double? actual) in ((string, double?, double?)[])
            [
                ("decisions p99", set.DecisionP99, decisions?.P99),
                ("decisions p99.9", set.DecisionP999, decisions?.P999),
                ("events p99", set.EventsP99, events?.P99),
                ("events, the longest", set.EventsMax, events?.Max),
            ])
        {
            if (limit is { } most)
            {
                yield return new Threshold(name, most, actual, "ms");
            }
        }

        foreach (Threshold beyond in result.Reference is null ? [] : BeyondReference(result))
        {
            yield return beyond;
        }

        if (set.CalmAfter is { } calm)
        {
            yield return new Threshold("calm again after the burst", calm, CalmAfter(result), "s");
        }

        if (set.MemoryGrowth is { } growth && !result.MemoryUnseen)
        {
            yield return GrowthOf("the server's working set grew", growth, MemoryTrend.Of(result.Seconds, m => m.WorkingSet));
            yield return GrowthOf("the server's managed heap grew", growth, MemoryTrend.Of(result.Seconds, m => m.Heap));
        }
    }

    private static IEnumerable<Threshold> BeyondReference(RunResult result)
    {
        ThresholdSet set = result.Options.Scenario.Thresholds;
        yield return new Threshold("calls to the reference that failed or were refused", 0, result.Reference!.Series.Sum(s => s.Errors + s.Refused), "");
        if (set.DecisionsBeyond is { } decisions)
        {
            yield return new Threshold("decisions, the longest beyond the reference's", decisions, Beyond(CallKind.Decisions, CallKind.Decisions), "ms");
        }

        if (set.EventsBeyond is { } events)
        {
            yield return new Threshold("events, the longest beyond the reference's", events, Beyond(CallKind.Events, CallKind.Events), "ms");
            if (result.Latency(CallKind.Trackers) is not null)
            {
                yield return new Threshold("trackers, the longest beyond the reference's events", events, Beyond(CallKind.Trackers, CallKind.Events), "ms");
            }
        }

        double? Beyond(CallKind kind, CallKind reference) => result.Latency(kind)?.Max - result.ReferenceLatency(reference)?.Max;
    }

    private static Threshold GrowthOf(string name, double limit, MemoryTrend? trend) => new(name, limit * Percent, trend?.Growth * Percent, "%");

    // From the curve's last point to the end of the last second whose p99 was more than twice that of the seconds before the curve first rose.
    private static double? CalmAfter(RunResult result)
    {
        Scenario scenario = result.Options.Scenario;
        if (result.Saturated is not null || scenario.Curve.Count < 3)
        {
            return null;
        }

        double rises = scenario.Warmup + scenario.Curve[1].Second;
        double ends = scenario.Warmup + scenario.Curve[^1].Second;
        double[] before = [.. result.Seconds.Where(s => !s.IsWarmup && s.At + 1 <= rises && s.Decisions is not null).Select(s => s.Decisions!.P99).Order()];
        if (before.Length == 0 || !result.Seconds.Any(s => s.At >= ends))
        {
            return null;
        }

        double most = CalmTimes * before[before.Length / 2];
        return result.Seconds.Where(s => s.At >= ends && s.Decisions?.P99 > most).Select(s => s.At + 1 - ends).DefaultIfEmpty(0).Max();
    }
}
