using System.Globalization;
using Decisioning.Load.Running;

namespace Decisioning.Load.Reports;

/// <summary>A run's result for people, in lines.</summary>
internal static class TextReport
{
    public static void Write(TextWriter output, RunResult result)
    {
        Frame total = result.Total;
        if (result.Partial is not null)
        {
            Line(output, $"PARTIAL: {result.Partial}");
        }

        if (result.Saturated is not null)
        {
            Line(output, $"SATURATED, latencies withheld: {result.Saturated}");
        }

        Line(output, $"{"",-10} {"offered/s",10} {"served/s",10} {"refused",8} {"errors",8} {"p50",8} {"p90",8} {"p99",8} {"p99.9",8} {"max",8}   ms");
        foreach (CallKind kind in Enum.GetValues<CallKind>())
        {
            SeriesFrame series = total.Series[(int)kind];
            if (series.Offered + series.Served > 0)
            {
                LatencyFigures? latency = result.Saturated is null ? LatencyFigures.Of(series.Latency) : null;
                Line(output, $"{kind.ToString().ToLowerInvariant(),-10} {series.Offered / total.Length,10:N1} {series.Served / total.Length,10:N1} {series.Refused,8:N0} {series.Errors,8:N0} {Text(latency?.P50)} {Text(latency?.P90)} {Text(latency?.P99)} {Text(latency?.P999)} {Text(latency?.Max)}");
            }
        }

        Line(output, $"decisions made {total.Decided:N0}; events accepted {total.Accepted:N0}, rejected {total.Rejected:N0}");
        foreach (StepRow step in result.Steps)
        {
            Line(output, $"{step.Rate,10:N0} visits/s: served {step.Served:N0} of {step.Offered:N0} calls/s, p99 {Text(step.Saturated is null ? step.Decisions?.P99 : null)} ms {step.Saturated ?? step.NotHeld ?? "held"}");
        }

        if (result.Knee is { } knee)
        {
            Line(output, result.KneeIsGenerators ? (FormattableString)$"no knee: the generator came to its limit above {knee:N0} visits a second" : $"knee: {knee:N0} visits a second");
        }

        foreach (CheckResult check in result.Checks)
        {
            Line(output, $"{(check.Failed > 0 ? "FAILED" : "held"),-7} {check.Name}: {check.Failed:N0} of {check.Checked:N0} failed");
            foreach (string example in check.Examples)
            {
                Line(output, $"          {example}");
            }
        }
    }

    private static string Text(double? milliseconds) => (milliseconds is { } known ? known.ToString("F3", CultureInfo.InvariantCulture) : "-").PadLeft(8);

    private static void Line(TextWriter output, FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
