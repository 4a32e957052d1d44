using System.Globalization;
using System.Text;
using Decisioning.Load.Running;

namespace Decisioning.Load.Compare;

/// <summary>A comparison as text: what each did, then the ratios, then what is to be known of them.</summary>
internal static class ComparisonTable
{
    private const int LabelWidth = 44;
    private const int Width = 16;

    private static readonly (string Name, double Share)[] Quantiles = [("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999)];

    public static string Of(Comparison result)
    {
        bool told = result.Saturated is null;
        Measured[] all = [result.Bare, result.Batch, result.Redis, result.Engine];
        StringBuilder text = new();
        Row(text, "", all.Select(m => m.Name));
        Row(text, "decisions a second, closed loop, median", all.Select(m => Number(Medians.Of(m.PerSecond), "N0")));
        Row(text, "a decision, servers' CPU, µs", all.Select(m => Number(Medians.Of(m.CpuPerRequest), "N1")));
        foreach ((string name, double share) in Quantiles)
        {
            string label = $"{name} at {Number(result.Rate, "N0")} a second, open loop, ms";
            Row(text, label, all.Select(m => told ? Number(LatencyFigures.Milliseconds(m.Latency, share), "N2") : "withheld"));
        }

        Row(text, "replies with a decision, %", all.Select(m => Number(100d * m.Decided / Math.Max(1, m.Answered), "N1")));
        Row(text, "requests that failed", all.Select(m => Number(m.FailedInAll, "N0")));
        text.AppendLine();
        Row(text, "engine / other", all[..^1].Select(m => m.Name));
        Row(text, "throughput", all[..^1].Select(m => Number(result.ThroughputTo(m), "N2")));
        Row(text, "servers' CPU a decision", all[..^1].Select(m => Number(result.CpuTo(m), "N2")));
        Row(text, "p99", all[..^1].Select(m => told ? Number(result.LatencyTo(m, 0.99), "N2") : "withheld"));
        Row(text, "to reach: throughput", [.. all[..2].Select(m => AtLeast(result.ThroughputTo(m), Comparison.LeastOfBare)), AtLeast(result.ThroughputTo(result.Redis), Comparison.LeastOfRedis)]);
        Row(text, "to reach: p99", ["-", "-", told ? AtMost(result.LatencyTo(result.Redis, 0.99), Comparison.MostOfRedis) : "withheld"]);
        text.AppendLine();
        Notes(text, result);
        return text.ToString();
    }

    private static void Notes(StringBuilder text, Comparison result)
    {
        text.AppendLine(result.Pinned
            ? "Servers share one core, one being loaded at a time: Node.js and Redis together have the core that the engine has. The client has the other."
            : "Servers and client are NOT pinned to cores of their own here: take these ratios for a hint.");
        text.AppendLine("\"bare, batch\" is the bare endpoint with threads of the class that the engine's are of (SCHED_BATCH, Linux); the other has those that .NET and the system give it.");
        text.AppendLine("Redis flushes its file every second, in the background; a Redis that is killed loses up to that.");
        if (result.Saturated is { } why)
        {
            text.AppendLine($"Latencies are withheld: {why}");
        }
    }

    private static string AtLeast(double ratio, double least) => Verdict(least, ratio >= least);

    private static string AtMost(double ratio, double most) => Verdict(most, ratio <= most);

    private static string Verdict(double bound, bool reached) => $"{Number(bound, "N1")} {(reached ? "reached" : "missed")}";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static void Row(StringBuilder text, string label, IEnumerable<string> cells) =>
        text.Append(label.PadRight(LabelWidth)).AppendJoin("", cells.Select(c => c.PadLeft(Width))).AppendLine();
}
