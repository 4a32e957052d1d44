using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Decide;

/// <summary>Creatives of one step that may be drawn alike: <paramref name="Count"/> of <paramref name="Creatives"/> from <paramref name="Start"/>.</summary>
/// <param name="Reading">Position of the brand among the context's readings.</param>
internal record struct Candidate(CampaignSnapshot Campaign, StepSnapshot Step, CreativeSnapshot[] Creatives, int Start, int Count, int Reading);

/// <summary>What one decision is about: the consumer, the request, the instant. Scratch of a <see cref="Decider"/>, bound anew for each request.</summary>
internal sealed class DecisionContext
{
    public ConsumerState State { get; private set; } = new();

    public DecideCommand Command { get; private set; } = new();

    public IMarket Market { get; private set; } = null!;

    public long Now { get; private set; }

    public StructList<BrandReading> Readings { get; } = new(64);

    /// <summary>Creatives given out by this request, which it does not give twice.</summary>
    public StructList<(int Brand, int Creative)> Chosen { get; } = new(32);

    /// <summary>Campaigns out of the running for the slot at hand, and why.</summary>
    public StructList<(int Brand, int Campaign, NoDecisionReason Reason)> Excluded { get; } = new(8);

    /// <summary>What the market refused in this request: an input of the decision that its replay needs.</summary>
    public StructList<(int Brand, int Campaign, MarketRefusal Refusal)> Refusals { get; } = new(16);

    /// <summary>How far campaigns came with the slots of this request.</summary>
    public FunnelTrace Funnel { get; } = new();

    public void Bind(ConsumerState state, DecideCommand command, IMarket market, long now)
    {
        State = state;
        Command = command;
        Market = market;
        Now = now;
        Readings.Clear();
        Chosen.Clear();
        Refusals.Clear();
        Funnel.Clear();
        foreach (BrandSnapshot brand in command.Brands)
        {
            bool contextual = command.ConsumerId is null || command.Consent == false || (brand.RequireConsent && command.Consent != true);
            Readings.Add(new BrandReading(brand, contextual ? -1 : state.SlotOf(brand.Symbol), contextual));
        }
    }

    public bool IsChosen(int brand, CreativeSnapshot creative)
    {
        foreach (ref readonly (int Brand, int Creative) chosen in Chosen.Items)
        {
            if (chosen.Brand == brand && chosen.Creative == creative.Symbol)
            {
                return true;
            }
        }

        return false;
    }

    public NoDecisionReason? ExclusionOf(CampaignSnapshot campaign)
    {
        foreach (ref readonly (int Brand, int Campaign, NoDecisionReason Reason) excluded in Excluded.Items)
        {
            if (excluded.Campaign == campaign.Symbol && excluded.Brand == campaign.Brand.Symbol)
            {
                return excluded.Reason;
            }
        }

        return null;
    }

    /// <summary>Whether a brand may not share the page with one that already has a slot.</summary>
    public bool MeetsCompetitor(in BrandReading reading) => Chosen.Count > 0 && MeetsCompetitor(reading.Brand);

    public bool MeetsCompetitor(BrandSnapshot brand)
    {
        foreach ((string a, string b) in Command.Catalogue.Settings.Competitors)
        {
            string? other = a == brand.Id ? b : b == brand.Id ? a : null;
            if (other is not null && Command.Catalogue.Find(other) is { } rival && HasSlot(rival.Symbol))
            {
                return true;
            }
        }

        return false;
    }

    public bool HaveRoom(int slot, CapScope scope, int symbol, CapRule[] caps) =>
        caps.Length == 0 || slot == Unknown || CapRules.HaveRoom(State, slot, scope, symbol, caps, Now);

    /// <summary>The slot of a brand the consumer has no record with: its caps are untouched.</summary>
    public const int Unknown = -2;

    /// <summary>Whether this request has already given out a creative of the brand.</summary>
    public bool HasSlot(int brand)
    {
        foreach (ref readonly (int Brand, int Creative) chosen in Chosen.Items)
        {
            if (chosen.Brand == brand)
            {
                return true;
            }
        }

        return false;
    }
}
