using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Decide;

/// <summary>What a campaign in flight can show to a stranger in a placement, put into a list.</summary>
/// <returns>How far the campaign comes where that is nothing.</returns>
internal delegate FunnelReach StrangerSearch(DecisionContext context, CampaignSnapshot campaign, PlacementCommand placement, StructList<Candidate> arms);

/// <summary>
/// What brands can show to somebody they have no record with. Where no audience is asked for, that depends on the placement alone, so it is worked out once a
/// kind of placement and catalogue, and most brands of most requests are answered from here. Scratch of one search.
/// </summary>
internal sealed class StrangerPlans(StrangerSearch find)
{
    /// <summary>Kinds of placements that are remembered; more begin anew.</summary>
    private const int MostPlacements = 64;

    private readonly Dictionary<Kind, StrangerPlan> _plans = [];
    private CatalogueSnapshot _catalogue = CatalogueSnapshot.Empty;
    private Kind _lastKind;
    private StrangerPlan? _last;

    public StrangerPlan For(DecisionContext context, PlacementCommand placement)
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

        if (!_plans.TryGetValue(kind, out StrangerPlan? plan))
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

    // Apart: what the function captures would be allocated for every search.
    private StrangerPlan Make(DecisionContext context, PlacementCommand placement) =>
        new(_catalogue, (campaign, arms) => find(context, campaign, placement, arms));

    private readonly record struct Kind(int Formats, string? Size, string? Channel, string? Country);
}

/// <summary>What each brand can show to a stranger in one kind of placement, in rows that lie side by side: a search walks over all of them.</summary>
internal sealed class StrangerPlan
{
    private readonly (int First, int Count)[] _rowsOf;
    private readonly StrangerCampaign[] _rows;
    private readonly Candidate[] _arms;
    private BrandSnapshot[] _asked = [];
    private StrangerBlock? _block;

    /// <param name="find">Puts a campaign's arms into the list; says how far it comes without.</param>
    public StrangerPlan(CatalogueSnapshot catalogue, Func<CampaignSnapshot, StructList<Candidate>, FunnelReach> find)
    {
        _rowsOf = new (int First, int Count)[catalogue.Brands.Length == 0 ? 0 : catalogue.Brands.Max(b => b.Symbol) + 1];
        List<StrangerCampaign> rows = [];
        StructList<Candidate> arms = new(64);
        foreach (BrandSnapshot brand in catalogue.Brands)
        {
            if (Array.Exists(brand.Campaigns, static c => c.Targeting.NeedsProfile))
            {
                _rowsOf[brand.Symbol] = (0, -1);
                continue;
            }

            _rowsOf[brand.Symbol] = (rows.Count, brand.Campaigns.Length);
            foreach (CampaignSnapshot campaign in brand.Campaigns)
            {
                int first = arms.Count;
                FunnelReach reach = find(campaign, arms);
                rows.Add(new StrangerCampaign(campaign, reach, first, arms.Count - first));
            }
        }

        _rows = [.. rows];
        _arms = arms.Items.ToArray();
    }

    /// <summary>Finds a brand's campaigns. False where audiences are asked for, so that every consumer has to be looked at.</summary>
    public bool TryFind(BrandSnapshot brand, out ReadOnlySpan<StrangerCampaign> campaigns)
    {
        (int first, int count) = _rowsOf[brand.Symbol];
        campaigns = count < 0 ? default : _rows.AsSpan(first, count);
        return count >= 0;
    }

    /// <summary>The block of these brands at that instant, once they were asked for twice running; null where there is none. The lists are not to change.</summary>
    public StrangerBlock? BlockOf(BrandSnapshot[] brands, long now)
    {
        if (_block is not null && _block.HoldsAt(now) && _block.IsOf(brands))
        {
            return _block.IsEven ? _block : null;
        }

        if (!StrangerBlock.AreSame(brands, _asked))
        {
            _asked = brands;
            return null;
        }

        _block = new StrangerBlock(this, brands, now);
        return _block.IsEven ? _block : null;
    }

    /// <summary>What a campaign can show, as <see cref="Candidate"/>s of no request yet; empty where nothing.</summary>
    public ReadOnlySpan<Candidate> ArmsOf(in StrangerCampaign campaign) => _arms.AsSpan(campaign.FirstArm, campaign.ArmCount);
}

/// <summary>One campaign in a plan, with all of it at hand that a search asks for.</summary>
/// <param name="reach">How far it comes where it has no arms.</param>
/// <param name="firstArm">Position of its first arm in the plan.</param>
/// <param name="armCount">Arms from there on.</param>
internal readonly struct StrangerCampaign(CampaignSnapshot campaign, FunnelReach reach, int firstArm, int armCount)
{
    private readonly long _from = campaign.From;
    private readonly long _until = campaign.Paused ? long.MinValue : campaign.Until;

    public CampaignSnapshot Campaign { get; } = campaign;

    /// <summary>The value of one of its creatives.</summary>
    public double Score { get; } = campaign.PriorValue;

    /// <summary>Symbol of the brand.</summary>
    public int Brand { get; } = campaign.Brand.Symbol;

    /// <summary>Symbol of the campaign.</summary>
    public int Symbol { get; } = campaign.Symbol;

    public int FirstArm { get; } = firstArm;

    public int ArmCount { get; } = armCount;

    public Priority Priority { get; } = campaign.Priority;

    public FunnelReach Reach { get; } = reach;

    /// <summary>The part of a span around an instant in which the campaign neither begins nor ends its flight.</summary>
    public (long From, long Until) Narrow(long now, long from, long until)
    {
        (from, until) = _from <= now ? (Math.Max(from, _from), until) : (from, Math.Min(until, _from));
        return _until <= now ? (Math.Max(from, _until), until) : (from, Math.Min(until, _until));
    }

    /// <summary>As <see cref="Eligibility.InFlight"/>.</summary>
    public bool InFlight(long now) => _from <= now && now < _until;
}
