using Decisioning.Engine.Catalogues;

namespace Decisioning.Cluster;

/// <summary>How a silo is set up. Members of a cluster share them.</summary>
public sealed record DecisioningOptions
{
    /// <summary>A consumer not touched for this long leaves memory; at least a minute, after Orleans' own rule.</summary>
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long an erased consumer's tokens and late events count nothing.</summary>
    public TimeSpan KeepTombstones { get; init; } = TimeSpan.FromDays(31);

    /// <summary>How long turns are kept at least; longer where the newest snapshot of their consumer is older.</summary>
    public TimeSpan KeepTurns { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a silo that stops may take to write what waits.</summary>
    public TimeSpan LongestFarewell { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Multipliers on the default intent weights. The first silo of a cluster keeps them in the store, where all silos take them from.</summary>
    public ReadOnlyMemory<byte> Industries { get; init; } = System.Text.Encoding.UTF8.GetBytes(IndustryFile.Examples);

    /// <exception cref="ArgumentOutOfRangeException">Names the option.</exception>
    public void Check()
    {
        Require(IdleAfter >= TimeSpan.FromMinutes(1), nameof(IdleAfter), "at least a minute");
        Require(KeepTombstones >= TimeSpan.FromDays(1), nameof(KeepTombstones), "at least a day");
        Require(KeepTurns >= TimeSpan.FromDays(1), nameof(KeepTurns), "at least a day");
        Require(LongestFarewell > TimeSpan.Zero, nameof(LongestFarewell), "above zero");
    }

    private static void Require(bool holds, string option, string bound)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(option, $"{option} must be {bound}.");
        }
    }
}
