using System.Text.Json;
using System.Text.RegularExpressions;
using Decisioning.Load.Compare;
using Decisioning.Load.Histograms;
using Decisioning.Load.Running;

namespace Decisioning.Load.Tests.Compare;

public sealed class ComparisonTests
{
    [Fact]
    public void Ratios_are_medians_over_rounds_of_the_same_time()
    {
        Comparison result = new(1_000, true, Of("bare", [100, 10, 100], [10, 20, 30]), Of("batch", [100, 16, 100], [8, 10, 20]), Of("redis", [20, 2, 25], [50, 50, 50]), Of("engine", [90, 8, 50], [20, 20, 20]));
        Assert.Equal(0.8, result.ThroughputTo(result.Bare), 9);
        Assert.Equal(0.5, result.ThroughputTo(result.Batch), 9);
        Assert.Equal(4, result.ThroughputTo(result.Redis), 9);
        Assert.Equal(1, result.CpuTo(result.Bare), 9);
        Assert.Equal(2, result.CpuTo(result.Batch), 9);
        Assert.Equal(0.4, result.CpuTo(result.Redis), 9);
    }

    [Theory]
    [InlineData(new double[] { 3 }, 3)]
    [InlineData(new double[] { 4, 1 }, 2.5)]
    [InlineData(new double[] { 9, 1, 2 }, 2)]
    public void The_median_is_the_one_in_the_middle(double[] values, double expected) => Assert.Equal(expected, Medians.Of(values));

    [Fact]
    public void The_table_tells_what_was_reached_and_what_was_missed()
    {
        string table = ComparisonTable.Of(new Comparison(1_234, true, Of("bare", [100], [10], 1_000), Of("batch", [120], [8], 4_000), Of("redis", [30], [50], 5_000), Of("engine", [90], [20], 2_000)));
        Assert.Matches(@"(?m)^decisions a second, closed loop, median +100 +120 +30 +90$", table);
        Assert.Matches(@"(?m)^p99 at 1,234 a second, open loop, ms +1\.00 +4\.00 +5\.00 +2\.00$", table);
        Assert.Matches(@"(?m)^throughput +0\.90 +0\.75 +3\.00$", table);
        Assert.Matches(@"(?m)^p99 +2\.00 +0\.50 +0\.40$", table);
        Assert.Matches(@"(?m)^to reach: throughput +0\.8 reached +0\.8 missed +3\.5 missed$", table);
        Assert.Matches(@"(?m)^to reach: p99 +- +- +1\.0 reached$", table);
    }

    [Fact]
    public void Latencies_of_a_client_at_its_limit_are_withheld()
    {
        Comparison result = new(1_000, false, Of("bare", [100], [10]), Of("batch", [120], [8]), Of("redis", [30], [50], busy: 0.95), Of("engine", [90], [20]));
        string table = ComparisonTable.Of(result);
        Assert.Equal(3, Regex.Count(table, @"open loop, ms +withheld +withheld +withheld +withheld"));
        Assert.Contains("Latencies are withheld: The clients were at work 95", table, StringComparison.Ordinal);
        Assert.Contains("NOT pinned", table, StringComparison.Ordinal);
    }

    [Fact]
    public void The_JSON_tells_what_the_table_tells_and_withholds_what_it_withholds()
    {
        JsonElement told = Json(new(1_234, true, Of("bare", [100, 50], [10, 30], 1_000), Of("batch", [120, 100], [8, 8], 4_000), Of("redis", [30, 20], [50, 50], 5_000), Of("engine", [90, 40], [20, 40], 2_000)));
        Assert.Equal(75, told.GetProperty("bare").GetProperty("perSecond").GetDouble());
        Assert.Equal([90, 40], told.GetProperty("engine").GetProperty("rounds").EnumerateArray().Select(r => r.GetProperty("perSecond").GetDouble()));
        Assert.Equal(2, told.GetProperty("engine").GetProperty("latency").GetProperty("p99").GetDouble());
        Assert.Equal(0.85, told.GetProperty("engineToBare").GetProperty("throughput").GetDouble(), 9);
        Assert.Equal(0.575, told.GetProperty("engineToBareBatch").GetProperty("throughput").GetDouble(), 9);
        Assert.Equal(0.4, told.GetProperty("engineToRedis").GetProperty("p99").GetDouble(), 9);

        JsonElement withheld = Json(new(1_234, true, Of("bare", [100], [10]), Of("batch", [120], [8]), Of("redis", [30], [50], busy: 0.95), Of("engine", [90], [20])));
        Assert.StartsWith("The clients were at work 95", withheld.GetProperty("saturated").GetString(), StringComparison.Ordinal);
        Assert.All(["bare", "bareBatch", "redis", "engine"], name => Assert.Equal(JsonValueKind.Null, withheld.GetProperty(name).GetProperty("latency").ValueKind));
        Assert.Equal(JsonValueKind.Null, withheld.GetProperty("engineToRedis").GetProperty("p99").ValueKind);
    }

    [Fact]
    public void What_failed_in_either_loop_counts()
    {
        Measured measured = Of("engine", [1], [1], failed: 2);
        measured.Failed = 3;
        Assert.Equal(5, measured.FailedInAll);
    }

    private static JsonElement Json(Comparison comparison)
    {
        using var document = JsonDocument.Parse(ComparisonJson.Of(comparison));
        return document.RootElement.Clone();
    }

    private static Measured Of(string name, double[] perSecond, double[] cpu, long latency = 1_000, double busy = 0.1, int failed = 0)
    {
        Measured measured = new(name);
        measured.PerSecond.AddRange(perSecond);
        measured.CpuPerRequest.AddRange(cpu);
        Frame frame = new() { Length = 1, Busy = busy };
        LatencyHistogram histogram = frame.Series[(int)CallKind.Decisions].Latency;
        histogram.Record(latency);
        frame.Series[(int)CallKind.Decisions].Lost = failed;
        measured.Open.Begin();
        measured.Open.Take(frame);
        measured.Open.End();
        return measured;
    }
}
