using System.Globalization;
using Decisioning.Load.Scenarios;

namespace Decisioning.Load.Running;

/// <summary>What a run is asked to do.</summary>
internal sealed record RunOptions
{
    /// <summary>With rate, seconds and warm-up as they are to be.</summary>
    public required Scenario Scenario { get; init; }

    /// <summary>Null: a server of the generator's own.</summary>
    public required string? Url { get; init; }

    /// <summary>With the role of an administrator, for the world; null: none.</summary>
    public required string? Key { get; init; }

    public required int Seed { get; init; }

    public required int Clients { get; init; }

    /// <summary>Of all clients together.</summary>
    public required int Connections { get; init; }

    /// <summary>Seconds after which a call is given up.</summary>
    public required double Timeout { get; init; }

    /// <summary>Whether the knee is searched.</summary>
    public required bool Knee { get; init; }

    /// <summary>Whether the servers and the generator have a core each.</summary>
    public required bool Pinned { get; init; }

    /// <summary>Whether a <see cref="Running.Reference"/> is asked beside the server.</summary>
    public required bool Reference { get; init; }

    /// <summary>The server's process on this machine, whose memory is looked at; null: a server of the generator's own, or one that is not looked at.</summary>
    public required int? Process { get; init; }

    /// <summary>The run whose world is used, and left; null: the run has its own, gone afterwards.</summary>
    public required string? World { get; init; }

    /// <summary>Begins the ids of the run's requests and events, and of everything in its own world.</summary>
    public required string Run { get; init; }
}

/// <summary>What a run came to.</summary>
internal sealed record RunResult
{
    public required RunOptions Options { get; init; }

    /// <summary>Where the load went.</summary>
    public required string Url { get; init; }

    public required DateTimeOffset Began { get; init; }

    /// <summary>Everything measured.</summary>
    public required Frame Total { get; init; }

    /// <summary>What the reference answered in the same seconds; null: there was none.</summary>
    public required Frame? Reference { get; init; }

    public required IReadOnlyList<SecondRow> Seconds { get; init; }

    /// <summary>Of a search for the knee; empty otherwise.</summary>
    public required IReadOnlyList<StepRow> Steps { get; init; }

    /// <summary>Visits a second, 0: none was held; null: not searched.</summary>
    public required double? Knee { get; init; }

    /// <summary>Whether the generator came to its limit before the server did.</summary>
    public required bool KneeIsGenerators { get; init; }

    /// <summary>What the search for the knee found, in words; null where there was none.</summary>
    public string? KneeText => Knee is not { } knee ? null
        : KneeIsGenerators ? string.Create(CultureInfo.InvariantCulture, $"No knee: the generator came to its limit above {knee:N0} visits a second")
        : knee == 0 ? "No knee: no rate was held"
        : string.Create(CultureInfo.InvariantCulture, $"Knee: {knee:N0} visits a second");

    public required IReadOnlyList<CheckResult> Checks { get; init; }

    /// <summary>Why the figures are of less than was asked for; null: they are not.</summary>
    public required string? Partial { get; init; }

    /// <summary>Why the latencies are the generator's own, and are withheld; null: they are not.</summary>
    public required string? Saturated { get; init; }

    /// <summary>Seconds of a core that the generator's own server used while it was measured, warm-up included; null: not known.</summary>
    public required double? ServerCpu { get; init; }

    /// <summary>What the run could not take away again from the server that it loaded, and how to; null: nothing.</summary>
    public required string? Left { get; init; }

    /// <summary>Whether the scenario holds the server's memory to a bound, and nobody said which process it is.</summary>
    public bool MemoryUnseen => Options.Scenario.Thresholds.MemoryGrowth is not null && Options.Url is not null && Options.Process is null;

    /// <summary>The share of the clients' time that they were at work.</summary>
    public double Busy => Total.Length == 0 ? 0 : Total.Busy / (Total.Length * Total.Clients);

    /// <summary>Latencies of a kind of call; null where there was none, where they are withheld, or where they are of several rates.</summary>
    public LatencyFigures? Latency(CallKind kind) => Saturated is null && Knee is null ? LatencyFigures.Of(Total.Series[(int)kind].Latency) : null;

    /// <summary>The same of the reference's calls.</summary>
    public LatencyFigures? ReferenceLatency(CallKind kind) => Saturated is null && Reference is { } asked ? LatencyFigures.Of(asked.Series[(int)kind].Latency) : null;

    /// <summary>Calls a second that were meant.</summary>
    public double OfferedPerSecond(CallKind kind) => PerSecond(Total.Series[(int)kind].Offered);

    /// <summary>Calls a second that were answered as they should be, while more came.</summary>
    public double ServedPerSecond(CallKind kind) => PerSecond(Total.Series[(int)kind].InTime);

    private double PerSecond(long count) => Total.Loaded == 0 ? 0 : Math.Round(count / Total.Loaded, 1);
}
