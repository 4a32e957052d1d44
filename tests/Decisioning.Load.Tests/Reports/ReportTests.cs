using System.Globalization;
using System.Text.Json;
using Decisioning.Load.Reports;
using Decisioning.Load.Running;

namespace Decisioning.Load.Tests.Reports;

public sealed class ReportTests
{
    [Fact]
    public void A_result_tells_the_same_in_lines_in_JSON_and_on_the_page()
    {
        RunResult run = Runs.Of(seconds: [Runs.Second(0, 4), Runs.Second(1, 5)]);

        (string lines, JsonElement json, string page) = Reports(run);

        Assert.Contains("  99.007 ", lines, StringComparison.Ordinal);
        Assert.Equal(99.007, json.GetProperty("total").GetProperty("decisions").GetProperty("latency").GetProperty("p99").GetDouble());
        Assert.Equal(10, json.GetProperty("total").GetProperty("decisions").GetProperty("servedPerSecond").GetDouble());
        Assert.Contains("<td>99.007<td>", page, StringComparison.Ordinal);
        Assert.Contains("<figcaption>Decisions: latency", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_reference_took_stands_beside_it()
    {
        Frame asked = new();
        asked.Series[(int)CallKind.Events].Latency.Record(12_345);
        asked.Series[(int)CallKind.Events].Refused = 678;

        (string lines, JsonElement json, string page) = Reports(Runs.Of() with { Reference = asked });

        Assert.Matches("(?m)^reference: events +678 +0 .* 12[.]3\\d+$", lines.ReplaceLineEndings("\n"));
        Assert.InRange(json.GetProperty("reference").GetProperty("events").GetProperty("max").GetDouble(), 12.3, 12.4);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("reference").GetProperty("decisions").ValueKind);
        Assert.Contains("<td>events of the reference<td><td><td>678<td>0<td>12.3", page, StringComparison.Ordinal);
        Assert.DoesNotContain("reference", Reports(Runs.Of()).Lines, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saturated_generator_tells_no_latency_anywhere()
    {
        RunResult run = Runs.Of(change: t => t.Busy = 9.9, seconds: [Runs.Second(0, 4), Runs.Second(1, 5)]);

        (string lines, JsonElement json, string page) = Reports(run);

        Assert.StartsWith("SATURATED, latencies are withheld: The clients were at work 99 % of their time", lines, StringComparison.Ordinal);
        Assert.DoesNotContain("99.007", lines.Split('\n').First(l => l.StartsWith("decisions ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("total").GetProperty("decisions").GetProperty("latency").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("total").GetProperty("decisionsFromSending").ValueKind);
        Assert.All(json.GetProperty("seconds").EnumerateArray(), s => Assert.Equal(JsonValueKind.Null, s.GetProperty("decisions").ValueKind));
        Assert.DoesNotContain("Decisions: latency", page, StringComparison.Ordinal);
        Assert.DoesNotContain("latency by percentile", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_from_elsewhere_cannot_write_the_page()
    {
        RunResult run = Runs.Of(partial: "<script>alert(1)</script>") with { Checks = [new CheckResult("c", 1, 1, ["<b>"])] };

        string page = Reports(run).Page;

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.Contains("Partial: &lt;script&gt;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void An_earlier_run_is_compared_with_where_it_can_be()
    {
        string folder = Directory.CreateTempSubdirectory("load-baseline-").FullName;
        string file = Path.Combine(folder, "result.json");
        RunResult before = Runs.Of();
        ReportFolder.Write(folder, before, Verdict.Of(before), []);

        Comparison[] compared = [.. Baseline.Read(file, "small").With(Runs.Of(change: t => t.Series[0].InTime = 50))];

        Assert.Equal(0.5, Assert.Single(compared, c => c.Name == "decisions served").Ratio);
        Assert.Equal(1, Assert.Single(compared, c => c.Name == "decisions p99").Ratio);
        Assert.Equal(["decisions.hgrm", "report.html", "result.json"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Contains("of the scenario 'small'", Assert.Throws<LoadFailureException>(() => Baseline.Read(file, "steady")).Message, StringComparison.Ordinal);
        RunResult partial = Runs.Of(partial: "it was stopped");
        ReportFolder.Write(folder, partial, Verdict.Of(partial), []);
        Assert.Contains("it is partial", Assert.Throws<LoadFailureException>(() => Baseline.Read(file, "small")).Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
        Assert.Contains("is no result of a run", Assert.Throws<LoadFailureException>(() => Baseline.Read(file, "small")).Message, StringComparison.Ordinal);
    }

    private static (string Lines, JsonElement Json, string Page) Reports(RunResult run)
    {
        var verdict = Verdict.Of(run);
        using StringWriter lines = new(CultureInfo.InvariantCulture);
        new TextReport(lines).Write(run, verdict, []);
        using var json = JsonDocument.Parse(ResultJson.Of(run, verdict, []));
        return (lines.ToString(), json.RootElement.Clone(), HtmlReport.Of(run, verdict, []));
    }
}
