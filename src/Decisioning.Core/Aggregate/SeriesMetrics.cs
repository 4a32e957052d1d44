using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Aggregate;

/// <summary>The metrics that are kept by the hour, by name.</summary>
public static class SeriesMetrics
{
    /// <summary>Levels: consumers at the end of the hour or day.</summary>
    public const string StagePrefix = "stage.";

    /// <summary>Levels, by fine stage.</summary>
    public const string DeeplinkPrefix = "deeplink.";

    /// <summary>Sums: <c>flow.FROM.TO</c> between AIPL stages, <c>imported</c> (on either side) and <c>erased</c> (as the end).</summary>
    public const string FlowPrefix = "flow.";

    /// <summary>Sums: <c>no_decision.REASON</c>.</summary>
    public const string NoDecisionPrefix = "no_decision.";

    /// <summary>
    /// Sums by whole local days: <c>net.FROM.TO</c>, consumers who began the day in one AIPL stage and ended it in the other (or the same); known from the day after.
    /// </summary>
    public const string NetPrefix = "net.";

    /// <summary>Sums in the order of the hourly row; money in micros, credits and conversions in millionths. <c>fees</c>: the part of <c>spend</c> that was booked of flat prices.</summary>
    public static IReadOnlyList<string> Sums { get; } =
    [
        "requests", "won", "ghosts", "rendered", "late", "viewable", "watched", "skips", "clicks", "engagements", "dismissals", "conversions", "revenue", "refunds",
        "spend", "events", "exposed", "credits", "organic", "late_touches", "assets_delta", "known", "fees",
    ];

    /// <summary>Whether there is a metric of that name.</summary>
    public static bool IsKnown(string metric) =>
        Sums.Contains(metric)
        || (metric.StartsWith(StagePrefix, StringComparison.Ordinal) && Names.AllStages.Contains(metric[StagePrefix.Length..]))
        || (metric.StartsWith(DeeplinkPrefix, StringComparison.Ordinal) && Names.AllDeeplinkStages.Contains(metric[DeeplinkPrefix.Length..]))
        || (metric.StartsWith(NoDecisionPrefix, StringComparison.Ordinal) && Decide.NoDecisionReasons.All.Contains(metric[NoDecisionPrefix.Length..]))
        || IsFlow(metric)
        || (metric.Split('.') is ["net", { } start, { } end] && Names.AllStages.Contains(start) && Names.AllStages.Contains(end));

    private static bool IsFlow(string metric) =>
        metric.Split('.') is ["flow", { } from, { } to]
        && from != to
        && (Names.AllStages.Contains(from) || from == "imported")
        && (Names.AllStages.Contains(to) || to is "erased" or "imported");
}
