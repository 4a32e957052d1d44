using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Decide;

/// <summary>
/// What the brands of one list can show to strangers in one kind of placement, lined up in the list's order with what the funnel notes of them: a search
/// copies stretches of it instead of asking campaign by campaign. Good for a span of time in which no flight begins or ends, and only
/// where all campaigns in flight are of one priority.
/// </summary>
internal sealed class StrangerBlock
{
    private readonly BrandSnapshot[] _brands;
    private readonly long _from;
    private readonly long _until;
    private readonly int[] _positionOf;
    private readonly ulong[] _strayed;
    private readonly Candidate[] _candidates;
    private readonly double[] _scores;
    private readonly int[] _counts;
    private readonly byte[] _funnel;
    private readonly (int Candidate, int Funnel)[] _starts;
    private readonly CampaignSnapshot[] _offering;

    public StrangerBlock(StrangerPlan plan, BrandSnapshot[] brands, long now)
    {
        _brands = brands;
        _starts = new (int Candidate, int Funnel)[brands.Length + 1];
        _positionOf = new int[brands.Length == 0 ? 0 : brands.Max(b => b.Symbol) + 1];
        Array.Fill(_positionOf, -1);
        (_from, _until) = (long.MinValue, long.MaxValue);
        _strayed = new ulong[(brands.Length + 63) / 64];
        List<CampaignSnapshot> offering = [];
        SortedSet<Priority> priorities = [];
        StructList<Candidate> arms = new(64);
        FunnelTrace funnel = new();
        for (int b = 0; b < brands.Length; b++)
        {
            _positionOf[brands[b].Symbol] = b;
            _starts[b] = (arms.Count, funnel.Runs.Length);
            if (!plan.TryFind(brands[b], out ReadOnlySpan<StrangerCampaign> campaigns))
            {
                _strayed[b / 64] |= 1UL << b;
                continue;
            }

            foreach (ref readonly StrangerCampaign campaign in campaigns)
            {
                (_from, _until) = campaign.Narrow(now, _from, _until);
                if (campaign.InFlight(now))
                {
                    priorities.Add(campaign.Priority);
                    funnel.Add(campaign.Brand, campaign.Symbol, campaign.ArmCount == 0 ? campaign.Reach : FunnelReach.Paced);
                    AddArms(plan, campaign, b, arms, offering);
                }
            }
        }

        _starts[^1] = (arms.Count, funnel.Runs.Length);
        _candidates = arms.Items.ToArray();
        _scores = [.. _candidates.Select(c => c.Offer.Campaign.PriorValue)];
        _counts = [.. _candidates.Select(c => c.Count)];
        _funnel = funnel.Runs.ToArray();
        _offering = [.. offering];
        Priority = priorities.Count == 0 ? Priority.House : priorities.Min;
        IsEven = priorities.Count < 2;
    }

    /// <summary>Of every campaign in flight.</summary>
    public Priority Priority { get; }

    /// <summary>Whether they are of one priority; where not, the block is of no use.</summary>
    public bool IsEven { get; }

    /// <summary>Positions, as bits, of brands that ask for audiences: every consumer has to be looked at.</summary>
    public ReadOnlySpan<ulong> Strayed => _strayed;

    /// <summary>Whether it was made for this list.</summary>
    public bool IsOf(BrandSnapshot[] brands) => AreSame(brands, _brands);

    /// <summary>Whether two lists hold the very same brands in the same order.</summary>
    public static bool AreSame(BrandSnapshot[] one, BrandSnapshot[] other)
    {
        if (ReferenceEquals(one, other))
        {
            return true;
        }

        if (one.Length != other.Length)
        {
            return false;
        }

        for (int b = 0; b < one.Length; b++)
        {
            if (!ReferenceEquals(one[b], other[b]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the same campaigns are in flight as when it was made.</summary>
    public bool HoldsAt(long now) => _from <= now && now < _until;

    /// <summary>The position in the list of the brand with that symbol; −1 where it is not in it.</summary>
    public int PositionOf(int symbol) => symbol < _positionOf.Length ? _positionOf[symbol] : -1;

    /// <summary>Whether the market refuses any of the campaigns that have something to show.</summary>
    public bool AnyRefused(IMarket market, long now)
    {
        foreach (CampaignSnapshot campaign in _offering)
        {
            if (market.Check(campaign, now).Refusal != MarketRefusal.None)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// What the brands from one position up to, not including, another have to show: creatives, the value of one of each, how many each stands for, and what the funnel notes.
    /// </summary>
    public void Find(
        int from, int to, out ReadOnlySpan<Candidate> candidates, out ReadOnlySpan<double> scores, out ReadOnlySpan<int> counts, out ReadOnlySpan<byte> funnel)
    {
        ((int first, int note), (int last, int noteEnd)) = (_starts[from], _starts[to]);
        candidates = _candidates.AsSpan(first, last - first);
        scores = _scores.AsSpan(first, last - first);
        counts = _counts.AsSpan(first, last - first);
        funnel = _funnel.AsSpan(note, noteEnd - note);
    }

    private static void AddArms(StrangerPlan plan, in StrangerCampaign campaign, int brand, StructList<Candidate> arms, List<CampaignSnapshot> offering)
    {
        if (campaign.ArmCount > 0)
        {
            offering.Add(campaign.Campaign);
        }

        foreach (ref readonly Candidate arm in plan.ArmsOf(campaign))
        {
            arms.Add(arm with { Brand = brand });
        }
    }
}
