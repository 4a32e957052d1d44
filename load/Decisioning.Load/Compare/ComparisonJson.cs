using System.Text.Json;
using Decisioning.Load.Running;

namespace Decisioning.Load.Compare;

/// <summary>A comparison for programs: one object on one line, with the rounds that the table's medians are of.</summary>
internal static class ComparisonJson
{
    private static readonly JsonSerializerOptions Plain = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static string Of(Comparison result) => JsonSerializer.Serialize(
        new
        {
            result.Rate,
            result.Pinned,
            result.Saturated,
            Bare = ContenderOf(result.Bare, result.Saturated is null),
            BareBatch = ContenderOf(result.Batch, result.Saturated is null),
            Redis = ContenderOf(result.Redis, result.Saturated is null),
            Engine = ContenderOf(result.Engine, result.Saturated is null),
            EngineToBare = RatiosOf(result, result.Bare),
            EngineToBareBatch = RatiosOf(result, result.Batch),
            EngineToRedis = RatiosOf(result, result.Redis),
            ToReach = new { ThroughputToBare = Comparison.LeastOfBare, ThroughputToRedis = Comparison.LeastOfRedis, P99ToRedis = Comparison.MostOfRedis },
        },
        Plain);

    private static object ContenderOf(Measured measured, bool told) => new
    {
        PerSecond = Medians.Of(measured.PerSecond),
        CpuMicroseconds = Medians.Of(measured.CpuPerRequest),
        Latency = told ? LatencyFigures.Of(measured.Latency) : null,
        DecidedShare = (double)measured.Decided / Math.Max(1, measured.Answered),
        Failed = measured.FailedInAll,
        Rounds = measured.PerSecond.Zip(measured.CpuPerRequest, (perSecond, cpu) => new { PerSecond = perSecond, CpuMicroseconds = cpu }),
    };

    private static object RatiosOf(Comparison result, Measured other) => new
    {
        Throughput = result.ThroughputTo(other),
        Cpu = result.CpuTo(other),
        P99 = result.Saturated is null ? result.LatencyTo(other, 0.99) : (double?)null,
    };
}
