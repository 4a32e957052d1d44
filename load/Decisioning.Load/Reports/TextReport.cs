using System.Globalization;
using Decisioning.Load.Running;

namespace Decisioning.Load.Reports;

/// <summary>A run's result for people, in lines.</summary>
internal sealed class TextReport(TextWriter output)
{
    public void Write(RunResult result, Verdict verdict, IReadOnlyList<Comparison> comparisons)
    {
        WriteWarnings(result);
        Line($"{"",-10} {"offered/s",10} {"served/s",10} {"refused",8} {"errors",8} {"p50",8} {"p90",8} {"p99",8} {"p99.9",8} {"max",8}   ms");
        foreach (CallKind kind in Enum.GetValues<CallKind>())
        {
            WriteSeries(result, kind);
        }

        WriteReference(result, CallKind.Decisions);
        WriteReference(result, CallKind.Events);
        Frame total = result.Total;
        Line($"decisions made {total.Decided:N0}; events accepted {total.Accepted:N0}, rejected {total.Rejected:N0}; messages to watchers {total.Watched:N0}");
        Line($"clients at work {result.Busy:P1} of their time, late {LatencyFigures.Milliseconds(total.Lag, 0.99):F3} ms at p99");
        WriteSteps(result);
        foreach (CheckResult check in result.Checks)
        {
            Line($"{(check.Failed > 0 ? "FAILED" : "held"),-7} {check.Name}: {check.Failed:N0} of {check.Checked:N0} failed");
            foreach (string example in check.Examples)
            {
                Line($"          {example}");
            }
        }

        foreach (Threshold threshold in verdict.Thresholds)
        {
            string actual = threshold.Actual is { } known ? Number(known) : "withheld";
            Line($"{(threshold.Held ? "held" : "FAILED"),-7} {threshold.Name}: {actual} of {Number(threshold.Limit)} {threshold.Unit}");
        }

        foreach (Comparison comparison in comparisons)
        {
            Line($"{comparison.Name,-20} {Number(comparison.Before),12} before {Number(comparison.Now),12} now  {comparison.Ratio,6:F2} times  {comparison.Unit}");
        }
    }

    private void WriteWarnings(RunResult result)
    {
        if (result.Partial is not null)
        {
            Line($"PARTIAL: {result.Partial}");
        }

        if (result.Saturated is not null)
        {
            Line($"SATURATED, latencies are withheld: {result.Saturated}");
        }

        if (result.Left is not null)
        {
            Line($"LEFT BEHIND: {result.Left}");
        }

        if (result.MemoryUnseen)
        {
            Line($"The server's memory was not seen, and is not judged: give its --process where it runs on this machine.");
        }
    }

    private void WriteSeries(RunResult result, CallKind kind)
    {
        SeriesFrame series = result.Total.Series[(int)kind];
        if (series.Offered + series.Served == 0)
        {
            return;
        }

        LatencyFigures? latency = result.Latency(kind);
        Line($"{ResultJson.NameOf(kind),-10} {result.OfferedPerSecond(kind),10:N1} {result.ServedPerSecond(kind),10:N1} {series.Refused,8:N0} {series.Errors,8:N0} {Figures(latency)}");
        if (series.Errors > 0)
        {
            string failed = string.Concat(series.Failed.Select(f => $"{f.Value} answered with {f.Key}, "));
            Line($"           {failed}{series.TimedOut} not answered in time, {series.Lost} lost with their connection or never sent");
        }
    }

    private void WriteReference(RunResult result, CallKind kind)
    {
        if (result.Reference?.Series[(int)kind] is { } asked)
        {
            LatencyFigures? latency = result.ReferenceLatency(kind);
            Line($"{"reference: " + ResultJson.NameOf(kind),-32}{asked.Refused,8:N0} {asked.Errors,8:N0} {Figures(latency)}");
        }
    }

    private void WriteSteps(RunResult result)
    {
        foreach (StepRow step in result.Steps)
        {
            Line($"{step.Rate,10:N0} visits/s: {step.Served:N0} of {step.Offered:N0} calls/s served, p99 {Text(step.Saturated is null ? step.Decisions?.P99 : null)} ms: {step.Saturated ?? step.NotHeld ?? "held"}");
        }

        if (result.KneeText is { } knee)
        {
            Line($"{knee}");
        }
    }

    private static string Number(double number) => number.ToString("#,0.###", CultureInfo.InvariantCulture);

    private static string Figures(LatencyFigures? latency) => string.Join(' ', new[] { latency?.P50, latency?.P90, latency?.P99, latency?.P999, latency?.Max }.Select(Text));

    private static string Text(double? milliseconds) => (milliseconds is { } known ? known.ToString("F3", CultureInfo.InvariantCulture) : "-").PadLeft(8);

    private void Line(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
