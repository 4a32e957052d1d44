using System.Text.Json;
using Decisioning.Load.Running;

namespace Decisioning.Load.Reports;

/// <summary>A run's result for programs.</summary>
internal static class ResultJson
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>How a kind of call is called in results.</summary>
    public static string NameOf(CallKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    public static byte[] Of(RunResult result, Verdict verdict, IReadOnlyList<Comparison> comparisons) => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            result.Partial,
            result.Saturated,
            result.MemoryUnseen,
            result.Left,
            verdict.Held,
            result.Options.Scenario,
            result.Url,
            OwnServer = result.Options.Url is null,
            result.Options.Run,
            result.Options.Seed,
            result.Options.Clients,
            result.Options.Connections,
            result.Options.Timeout,
            result.Options.Pinned,
            result.Began,
            Machine = new { Cores = Environment.ProcessorCount, System = System.Runtime.InteropServices.RuntimeInformation.OSDescription },
            Total = TotalOf(result),
            Reference = result.Reference is null ? null : new { Decisions = result.ReferenceLatency(CallKind.Decisions), Events = result.ReferenceLatency(CallKind.Events) },
            result.Knee,
            result.KneeIsGenerators,
            Steps = result.Steps.Select(s => s.Saturated is null ? s : s with { Decisions = null }),
            verdict.Thresholds,
            result.Checks,
            Baseline = comparisons,
            Seconds = result.Seconds.Select(s => result.Saturated is null ? s : s with { Decisions = null, Events = null }),
        },
        Readable);

    private static Dictionary<string, object?> TotalOf(RunResult result)
    {
        Frame total = result.Total;
        Dictionary<string, object?> members = Enum.GetValues<CallKind>().ToDictionary(NameOf, kind => SeriesOf(result, kind));
        members["seconds"] = Math.Round(total.Loaded, 3);
        members["decided"] = total.Decided;
        members["eventsAccepted"] = total.Accepted;
        members["eventsRejected"] = total.Rejected;
        members["watched"] = total.Watched;
        members["lag"] = LatencyFigures.Of(total.Lag);
        members["busy"] = result.Busy;
        members["decisionsFromSending"] = result.Saturated is null ? LatencyFigures.Of(total.FromSending) : null;
        members["serverCpuSeconds"] = result.ServerCpu;
        return members;
    }

    private static object? SeriesOf(RunResult result, CallKind kind)
    {
        SeriesFrame series = result.Total.Series[(int)kind];
        return series.Offered + series.Served == 0 ? null : new
        {
            series.Offered,
            series.Served,
            series.Refused,
            series.Errors,
            series.Failed,
            series.TimedOut,
            series.Lost,
            OfferedPerSecond = result.OfferedPerSecond(kind),
            ServedPerSecond = result.ServedPerSecond(kind),
            Latency = result.Latency(kind),
        };
    }
}
