using Decisioning.Load.Histograms;
using Decisioning.Load.Running;

namespace Decisioning.Load.Compare;

/// <summary>What was measured of one contender.</summary>
/// <param name="Name">As the table calls it.</param>
internal sealed class Measured(string name)
{
    public string Name => name;

    /// <summary>Closed loop: decisions a second, by round.</summary>
    public List<double> PerSecond { get; } = [];

    /// <summary>Closed loop: microseconds of the servers' core a decision, by round.</summary>
    public List<double> CpuPerRequest { get; } = [];

    /// <summary>Open loop, at the rate that is the same for all.</summary>
    public SecondBoard Open { get; } = new(1, () => null, _ => { });

    /// <summary>Open loop: from the intended instant to the whole reply.</summary>
    public LatencyHistogram Latency => OpenDecisions.Latency;

    /// <summary>Closed loop: replies with 200.</summary>
    public long Answered { get; set; }

    /// <summary>Those of them with a decision.</summary>
    public long Decided { get; set; }

    /// <summary>Closed loop: requests that were not answered with 200.</summary>
    public long Failed { get; set; }

    /// <summary>Requests of either loop that were not answered with 200.</summary>
    public long FailedInAll => Failed + OpenDecisions.Errors + OpenDecisions.Refused;

    private SeriesFrame OpenDecisions => Open.Total.Series[(int)CallKind.Decisions];
}

/// <summary>A comparison's result.</summary>
/// <param name="Rate">Of the open loop, decisions a second.</param>
/// <param name="Pinned">Whether servers and client had a core each.</param>
/// <param name="Bare">Answers without deciding; its threads are scheduled as the system does by itself.</param>
/// <param name="Batch">The same, its threads scheduled as the engine's are.</param>
/// <param name="Redis">Decides the usual way.</param>
/// <param name="Engine">Decides as it does.</param>
internal sealed record Comparison(double Rate, bool Pinned, Measured Bare, Measured Batch, Measured Redis, Measured Engine)
{
    /// <summary>The engine's throughput is to be at least this share of the bare endpoint's, of either kind.</summary>
    public const double LeastOfBare = 0.8;

    /// <summary>The engine's throughput is to be at least so many times the Redis way's.</summary>
    public const double LeastOfRedis = 3.5;

    /// <summary>The engine's p99 is to be at most so many times the Redis way's.</summary>
    public const double MostOfRedis = 1;

    /// <summary>The median, over the rounds, of the engine's throughput to another's in the same round.</summary>
    public double ThroughputTo(Measured other) => Medians.Of(Engine.PerSecond.Zip(other.PerSecond, (e, o) => e / o));

    /// <summary>The same of what a decision costs the servers' core: below 1 the engine is the cheaper.</summary>
    public double CpuTo(Measured other) => Medians.Of(Engine.CpuPerRequest.Zip(other.CpuPerRequest, (e, o) => e / o));

    /// <summary>The engine's latency to another's at a share of the requests.</summary>
    public double LatencyTo(Measured other, double share) => (double)Engine.Latency.Quantile(share) / other.Latency.Quantile(share);

    /// <summary>Why the latencies are withheld: they would be the client's own; null where they are told.</summary>
    public string? Saturated => new[] { Bare, Batch, Redis, Engine }.Select(m => Saturation.Of(m.Open.Total)).FirstOrDefault(s => s is not null);
}
