using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Aggregate;

/// <summary>What a pulse shows beside the books: the host's clock, money in flight, and what background passes found.</summary>
public sealed record PulseInputs
{
    /// <summary>Version of the pulse.</summary>
    public required long Version { get; init; }

    /// <summary>Instant of the pulse, ms since the Unix epoch; where the newest turn is later, that.</summary>
    public required long AsOf { get; init; }

    /// <summary>Version of the document whose rules the stages follow.</summary>
    public required string RulesVersion { get; init; }

    public bool Reclassifying { get; init; }

    /// <summary>Money of a campaign as the budget ledger has it; by campaign symbol.</summary>
    public required Func<int, CampaignMoney> MoneyOf { get; init; }

    public IntentHistogram Intent { get; init; } = new(0, new long[10]);

    /// <summary>The brand's assets per consumer on the mean of its industry = 100; null under five brands.</summary>
    public double? IndustryIndex { get; init; }
}

/// <param name="SpendTodayMicros">Billed on the brand's local day.</param>
/// <param name="HeldMicros">Held by live reservations.</param>
/// <param name="PlannedMicros">What pacing would have let it spend today until now; null without a budget.</param>
public readonly record struct CampaignMoney(long SpendTodayMicros, long HeldMicros, long? PlannedMicros);
