using Decisioning.Load.Scenarios;

namespace Decisioning.Load.Compare;

/// <summary>What a comparison is to do.</summary>
internal sealed record CompareOptions
{
    /// <summary>Of which the decisions are compared: its world, its visitors and what they ask for.</summary>
    public required Scenario Scenario { get; init; }

    /// <summary>How often each is measured, each time after the others; at least 1.</summary>
    public required int Rounds { get; init; }

    /// <summary>How long a round is, of the closed loop and of the open one; above 0.</summary>
    public required double Seconds { get; init; }

    /// <summary>Decisions a second of the open loop; null: half of what the slowest answered in the closed loop.</summary>
    public required double? Rate { get; init; }

    /// <summary>Connections to each; at least 1.</summary>
    public required int Connections { get; init; }

    public required int Seed { get; init; }
}
