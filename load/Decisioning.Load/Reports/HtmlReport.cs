using System.Globalization;
using System.Net;
using System.Text;
using Decisioning.Load.Histograms;
using Decisioning.Load.Running;

namespace Decisioning.Load.Reports;

/// <summary>A run's result as one page that needs nothing else.</summary>
internal static class HtmlReport
{
    private const string Style = """
        :root{color-scheme:light dark;--ink:#1b1f24;--dim:#6b7280;--line:#d8dce2;--page:#fff;--bad:#b42318}
        @media(prefers-color-scheme:dark){:root{--ink:#e6e8eb;--dim:#9aa3ae;--line:#363c45;--page:#14171a;--bad:#ff8a7a}}
        body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--page);max-width:900px;margin:2rem auto;padding:0 1rem}
        h1{font-size:1.5rem;margin-bottom:.2rem}h2{font-size:1.1rem;margin-top:2rem}small,.dim{color:var(--dim)}
        table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{padding:.2rem .5rem;border-bottom:1px solid var(--line);text-align:right}
        th:first-child,td:first-child{text-align:left}.warning{border:2px solid var(--bad);color:var(--bad);padding:.6rem 1rem;font-weight:600}.no{color:var(--bad);font-weight:600}
        figure{margin:1.5rem 0}figcaption{font-weight:600}svg{width:100%;height:auto}svg text{font-size:11px;fill:var(--dim)}.x{text-anchor:middle}.y{text-anchor:end}
        .grid{stroke:var(--line)}.warm{fill:var(--line);opacity:.4}path{fill:none;stroke-width:1.6}.legend span{margin-right:1rem}
        path.c1{stroke:#2563eb}path.c2{stroke:#0d9488}path.c3{stroke:#d97706}path.c4{stroke:#dc2626}path.c5{stroke:#7c3aed}path.c6{stroke:#64748b}
        span.c1{color:#2563eb}span.c2{color:#0d9488}span.c3{color:#d97706}span.c4{color:#dc2626}span.c5{color:#7c3aed}span.c6{color:#64748b}
        """;

    public static string Of(RunResult result, Verdict verdict, IReadOnlyList<Comparison> comparisons)
    {
        StringBuilder page = new();
        RunOptions options = result.Options;
        string outcome = result.Partial is not null ? "partial" : result.Saturated is not null ? "saturated" : verdict.Held ? "held" : "not held";
        Add(page, $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{Text(options.Scenario.Name)}: {outcome}</title><style>{Style}</style>");
        Add(page, $"<h1>{Text(options.Scenario.Name)}: {outcome}</h1><p>{Text(options.Scenario.About)}</p>");
        Add(page, $"<p class=\"dim\">{result.Began.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z · {Text(options.Url is null ? "an embedded server of its own" : result.Url)} · {options.Scenario.Rate:N0} visits a second, {result.Total.Loaded:N0} s measured after {options.Scenario.Warmup:N0} s · {options.Clients} clients, {options.Connections} connections · seed {options.Seed} · run {options.Run}{(options.Pinned ? " · a core each" : "")}</p>");
        if (result.Partial is not null)
        {
            Add(page, $"<p class=\"warning\">Partial: {Text(result.Partial)}</p>");
        }

        if (result.Saturated is not null)
        {
            Add(page, $"<p class=\"warning\">The generator was saturated; latencies are withheld. {Text(result.Saturated)}</p>");
        }

        if (result.Left is not null)
        {
            Add(page, $"<p class=\"warning\">Left behind: {Text(result.Left)}</p>");
        }

        if (result.MemoryUnseen)
        {
            page.Append("<p class=\"warning\">The server's memory was not seen, and is not judged.</p>");
        }

        AddTotals(page, result);
        AddJudgement(page, result, verdict, comparisons);
        AddSteps(page, result);
        AddCharts(page, result);
        return page.Append("</html>").ToString();
    }

    private static void AddTotals(StringBuilder page, RunResult result)
    {
        page.Append("<h2>Latency from the intended instant, ms</h2><table><tr><th>calls<th>offered/s<th>served/s<th>refused<th>errors<th>p50<th>p90<th>p99<th>p99.9<th>max");
        foreach (CallKind kind in Enum.GetValues<CallKind>().Where(k => result.Total.Series[(int)k] is { } s && s.Offered + s.Served > 0))
        {
            SeriesFrame series = result.Total.Series[(int)kind];
            Add(page, $"<tr><td>{ResultJson.NameOf(kind)}<td>{result.OfferedPerSecond(kind):N1}<td>{result.ServedPerSecond(kind):N1}<td>{series.Refused:N0}<td>{series.Errors:N0}");
            AddFigures(page, result.Latency(kind));
        }

        foreach (CallKind kind in (CallKind[])(result.Reference is null ? [] : [CallKind.Decisions, CallKind.Events]))
        {
            SeriesFrame series = result.Reference!.Series[(int)kind];
            Add(page, $"<tr><td>{ResultJson.NameOf(kind)} of the reference<td><td><td>{series.Refused:N0}<td>{series.Errors:N0}");
            AddFigures(page, result.ReferenceLatency(kind));
        }

        Frame total = result.Total;
        Add(page, $"</table><p>{total.Decided:N0} decisions made, {total.Accepted:N0} events accepted, {total.Rejected:N0} rejected, {total.Watched:N0} messages to watchers. The clients were at work {result.Busy:P1} of their time and {LatencyFigures.Milliseconds(total.Lag, 0.99):F3} ms late at the 99th percentile.</p>");
    }

    private static void AddFigures(StringBuilder page, LatencyFigures? latency)
    {
        foreach (double? figure in (ReadOnlySpan<double?>)[latency?.P50, latency?.P90, latency?.P99, latency?.P999, latency?.Max])
        {
            Add(page, $"<td>{Text(figure)}");
        }
    }

    private static void AddJudgement(StringBuilder page, RunResult result, Verdict verdict, IReadOnlyList<Comparison> comparisons)
    {
        page.Append("<h2>What it was held to</h2><table><tr><th>what<th>limit<th>was<th>");
        foreach (Threshold threshold in verdict.Thresholds)
        {
            Add(page, $"<tr><td>{threshold.Name}<td>{threshold.Limit:#,0.###} {threshold.Unit}<td>{(threshold.Actual is null ? "withheld" : Text(threshold.Actual))}<td>{Held(threshold.Held)}");
        }

        foreach (CheckResult check in result.Checks)
        {
            Add(page, $"<tr><td>{Text(check.Name)}<br><small>{Text(string.Join(" · ", check.Examples))}</small><td>0<td>{check.Failed:N0} of {check.Checked:N0}<td>{Held(check.Failed == 0)}");
        }

        page.Append("</table>");
        if (comparisons.Count > 0)
        {
            page.Append("<h2>Against the baseline</h2><table><tr><th>figure<th>before<th>now<th>times");
            foreach (Comparison comparison in comparisons)
            {
                Add(page, $"<tr><td>{comparison.Name} <small>{comparison.Unit}</small><td>{comparison.Before:#,0.###}<td>{comparison.Now:#,0.###}<td>{comparison.Ratio:F2}");
            }

            page.Append("</table>");
        }
    }

    private static void AddSteps(StringBuilder page, RunResult result)
    {
        if (result.KneeText is not { } knee)
        {
            return;
        }

        Add(page, $"<h2>{knee}</h2><table><tr><th>visits/s<th>calls/s offered<th>served<th>p99 of decisions<th>");
        foreach (StepRow step in result.Steps)
        {
            Add(page, $"<tr><td>{step.Rate:N0}<td>{step.Offered:N0}<td>{step.Served:N0}<td>{Text(step.Saturated is null ? step.Decisions?.P99 : null)}<td>{Text(step.Saturated ?? step.NotHeld ?? "held")}");
        }

        page.Append("</table>");
    }

    private static void AddCharts(StringBuilder page, RunResult result)
    {
        double warm = result.Knee is null ? result.Options.Scenario.Warmup : 0;
        page.Append("<h2>Over time</h2>");
        if (result.Saturated is null)
        {
            page.Append(Latencies(result, "Decisions: latency", warm, s => s.Decisions));
            page.Append(Latencies(result, "Events: latency", warm, s => s.Events));
        }

        page.Append(new Chart("Calls offered and served", "a second", "seconds") { ShadedTo = warm }.Draw(
            Line(result, "offered", 6, s => s.Offered), Line(result, "served", 1, s => s.Served), Line(result, "refused", 3, s => s.Refused), Line(result, "errors", 4, s => s.Errors)));
        page.Append(new Chart("Calls that waited for a connection", "calls", "seconds") { ShadedTo = warm }.Draw(Line(result, "waiting", 5, s => s.Queued)));
        page.Append(new Chart("The generator itself: late at p99", "ms", "seconds") { ShadedTo = warm }.Draw(Line(result, "late", 6, s => s.Lag)));
        page.Append(new Chart("The server's memory", "MB", "seconds") { ShadedTo = warm }.Draw(
            Line(result, "working set", 2, s => s.Server?.WorkingSet / 1e6), Line(result, "managed heap after its last collection", 5, s => s.Server?.Heap / 1e6)));
        if (result.Saturated is null)
        {
            page.Append(Distribution(result));
        }
    }

    private static string Latencies(RunResult result, string title, double warm, Func<SecondRow, LatencyFigures?> of) => new Chart(title, "ms, by the second of the reply", "seconds") { IsLogarithmic = true, ShadedTo = warm }.Draw(
        Line(result, "p50", 1, s => of(s)?.P50), Line(result, "p90", 2, s => of(s)?.P90), Line(result, "p99", 3, s => of(s)?.P99), Line(result, "p99.9", 4, s => of(s)?.P999), Line(result, "longest", 6, s => of(s)?.Max));

    // Across: how many nines, so that the tail has room.
    private static string Distribution(RunResult result) =>
        new Chart("All measured: latency by percentile", "ms", "percentile") { IsLogarithmic = true, Marks = [(0, "0"), (1, "90"), (2, "99"), (3, "99.9"), (4, "99.99")] }.Draw(
            new[] { (CallKind.Decisions, 1), (CallKind.Events, 2), (CallKind.Trackers, 3) }.Select(k => Tail(result.Total.Series[(int)k.Item1].Latency, ResultJson.NameOf(k.Item1), k.Item2)));

    private static ChartLine Tail(LatencyHistogram latency, string name, int colour) => new(
        name, colour, [.. Enumerable.Range(0, 41).Select(i => i / 10d).Where(nines => latency.Count >= Math.Pow(10, nines)).Select(nines => (nines, (double?)LatencyFigures.Milliseconds(latency, 1 - Math.Pow(10, -nines))))]);

    private static ChartLine Line(RunResult result, string name, int colour, Func<SecondRow, double?> of) => new(name, colour, [.. result.Seconds.Select(s => (s.At, of(s)))]);

    private static string Held(bool held) => held ? "held" : "<span class=\"no\">not held</span>";

    private static string Text(double? figure) => figure?.ToString("#,0.###", CultureInfo.InvariantCulture) ?? "-";

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static void Add(StringBuilder page, FormattableString part) => page.Append(part.ToString(CultureInfo.InvariantCulture));
}
