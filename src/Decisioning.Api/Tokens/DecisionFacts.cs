using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;

namespace Decisioning.Api.Tokens;

/// <summary>What a token is sealed from: the members of a <see cref="DecisionRef"/>, without allocating one for each decision.</summary>
public readonly record struct DecisionFacts(
    string? ConsumerId, int Brand, int Campaign, int Step, int Creative, uint Ordinal, long DecidedAt, int ReserveSeconds,
    PriceModel PriceModel, long UnitPriceMicros, ushort ChannelMark)
{
    /// <summary>The facts of one chosen creative.</summary>
    /// <param name="consumerId">Whom it was chosen for; left out where the choice was contextual.</param>
    /// <param name="decidedAt">Instant of the decision, ms since the Unix epoch.</param>
    /// <param name="decision">The choice.</param>
    public static DecisionFacts Of(string? consumerId, long decidedAt, in SlotDecision decision) => new(
        decision.Contextual ? null : consumerId,
        decision.Campaign.Brand.Symbol,
        decision.Campaign.Symbol,
        decision.Step.Symbol,
        decision.Creative.Symbol,
        decision.Ordinal,
        decidedAt,
        decision.ReserveSeconds,
        decision.Campaign.PriceModel,
        decision.Campaign.UnitPriceMicros,
        decision.ChannelMark);

    public static DecisionFacts Of(DecisionRef decision) => new(
        decision.ConsumerId, decision.Brand, decision.Campaign, decision.Step, decision.Creative, decision.Ordinal, decision.DecidedAt,
        decision.ReserveSeconds, decision.PriceModel, decision.UnitPriceMicros, decision.ChannelMark);
}
