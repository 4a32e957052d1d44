using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Decide;

/// <summary>
/// What brands can show to somebody they have no record with. Where no audience is asked for, that depends on the placement alone, so it is worked out once a
/// kind of placement and catalogue, and most brands of most requests are answered from here. Scratch of one search.
/// </summary>
/// <param name="find">What a campaign in flight can show to a stranger in a placement.</param>
internal sealed class StrangerPlans(Func<DecisionContext, CampaignSnapshot, PlacementCommand, StrangerCampaign> find)
{
    /// <summary>Kinds of placements that are remembered; more begin anew.</summary>
    private const int MostPlacements = 64;

    private readonly Dictionary<Kind, StrangerCampaign[]?[]> _plans = [];
    private CatalogueSnapshot _catalogue = CatalogueSnapshot.Empty;
    private Kind _lastKind;
    private StrangerCampaign[]?[]? _last;

    /// <summary>By brand symbol: its campaigns with what they can show; null where audiences are asked for, so that every consumer has to be looked at.</summary>
    public StrangerCampaign[]?[] For(DecisionContext context, PlacementCommand placement)
    {
        CatalogueSnapshot catalogue = context.Command.Catalogue;
        if (!ReferenceEquals(catalogue, _catalogue))
        {
            _plans.Clear();
            _last = null;
            _catalogue = catalogue;
        }

        Kind kind = new(placement.Formats, placement.Size, placement.Channel, context.Command.Country);
        if (_last is not null && kind == _lastKind)
        {
            return _last;
        }

        if (!_plans.TryGetValue(kind, out StrangerCampaign[]?[]? plan))
        {
            if (_plans.Count == MostPlacements)
            {
                _plans.Clear();
            }

            _plans[kind] = plan = Make(context, placement);
        }

        (_lastKind, _last) = (kind, plan);
        return plan;
    }

    private StrangerCampaign[]?[] Make(DecisionContext context, PlacementCommand placement)
    {
        int most = 0;
        foreach (BrandSnapshot brand in _catalogue.Brands)
        {
            most = Math.Max(most, brand.Symbol);
        }

        var plan = new StrangerCampaign[]?[most + 1];
        foreach (BrandSnapshot brand in _catalogue.Brands)
        {
            plan[brand.Symbol] = Array.TrueForAll(brand.Campaigns, static c => !c.Targeting.NeedsProfile)
                ? Array.ConvertAll(brand.Campaigns, c => find(context, c, placement))
                : null;
        }

        return plan;
    }

    private readonly record struct Kind(int Formats, string? Size, string? Channel, string? Country);
}

/// <summary>One campaign in a plan, with all of it at hand that a search asks for.</summary>
/// <param name="reach">How far it comes where it has no arms.</param>
internal sealed class StrangerCampaign(CampaignSnapshot campaign, FunnelReach reach, Candidate[] arms)
{
    private readonly long _from = campaign.From;
    private readonly long _until = campaign.Paused ? long.MinValue : campaign.Until;

    public CampaignSnapshot Campaign => campaign;

    public FunnelReach Reach => reach;

    /// <summary>Symbol of the brand.</summary>
    public int Brand { get; } = campaign.Brand.Symbol;

    /// <summary>Symbol of the campaign.</summary>
    public int Symbol { get; } = campaign.Symbol;

    public Priority Priority { get; } = campaign.Priority;

    /// <summary>The value of one of its creatives.</summary>
    public double Score { get; } = campaign.PriorValue;

    /// <summary>What it can show, as <see cref="Candidate"/>s of no request yet; empty where nothing.</summary>
    public Candidate[] Arms => arms;

    /// <summary>As <see cref="Eligibility.InFlight"/>.</summary>
    public bool InFlight(long now) => _from <= now && now < _until;
}
