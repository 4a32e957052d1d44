using System.Collections.Concurrent;
using Decisioning.Cluster.Books;
using Decisioning.Cluster.Storage;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;
using Decisioning.Engine;
using Decisioning.Engine.Catalogues;

namespace Decisioning.Cluster.Money;

/// <summary>
/// Every campaign's money on one silo: decisions hold and charge out of blocks that the brands' grains lend, and never wait for them. Where a block is short the
/// answer is a refusal, and more is asked for at once. Held + charged never exceeds the blocks.
/// </summary>
/// <remarks>
/// A charge whose hold was made on another silo is paid from this silo's block where it fits, and the hold there comes back by itself; where it does not fit, the block there is
/// asked for it (<see cref="OutcomeLoans"/>).
/// </remarks>
internal sealed class SiloMarket(ICatalogueSource catalogue, HostClock clock) : IMarket
{
    /// <summary>Within about this time a grain answers; ms.</summary>
    public const long AnswerMs = 500;

    /// <summary>Money is asked for so long before a flight begins; ms.</summary>
    private const long Ahead = 60_000;

    private readonly ConcurrentDictionary<(int Brand, int Campaign), CampaignBlock> _blocks = new();

    /// <summary>Called with the brand wherever a block of its is short and more may be had: cheap, and calls nothing back.</summary>
    internal Action<int>? Hungry { get; set; }

    public MarketAnswer Check(CampaignSnapshot campaign, long now) =>
        campaign.Budget is null || campaign.UnitPriceMicros == 0 ? default : BlockOf(campaign.Brand.Symbol, campaign.Symbol).Check(campaign.UnitPriceMicros, now);

    // Held also where there is no budget: one may be put before the hold ends.
    public bool TryHold(CampaignSnapshot campaign, long amount, long now, long expiresAt) =>
        amount == 0 || BlockOf(campaign.Brand.Symbol, campaign.Symbol).TryHold(amount, now, expiresAt, campaign.Budget is not null);

    // Also where brand or campaign are gone: the money was set aside for this.
    public bool TryChargeHeld(int brand, int campaign, long amount, long expiresAt, long now) =>
        BlockOf(brand, campaign).TryChargeHeld(amount, expiresAt, now, IsLimited(Find(brand, campaign)));

    public bool TryCharge(int brand, int campaign, long amount, long now) =>
        Find(brand, campaign) is { } found && BlockOf(brand, campaign).TryCharge(amount, now, IsLimited(found));

    /// <summary>How a brand's blocks stand, with what is given back and asked for; those that did not move are left out.</summary>
    /// <param name="always">True: none is left out.</param>
    public LoanReport[] Report(int brand, bool always)
    {
        long now = clock.Now;
        foreach (CampaignSnapshot campaign in catalogue.Current.Find(brand)?.Campaigns ?? [])
        {
            if (PriceOf(campaign, now) > 0)
            {
                BlockOf(brand, campaign.Symbol);
            }
        }

        List<LoanReport> reports = [];
        foreach ((int campaign, CampaignBlock block) in BlocksOf(brand))
        {
            if (block.Report(campaign, PriceOf(Find(brand, campaign), now), now, always) is { } report)
            {
                reports.Add(report);
            }
        }

        return [.. reports];
    }

    /// <summary>Whether something of a brand was refused that no answer has come to since.</summary>
    public bool IsShort(int brand) => BlocksOf(brand).Any(static b => b.Block.IsShort);

    /// <summary>Gives back everything of a brand that is free.</summary>
    public LoanReport[] Settle(int brand) => [.. BlocksOf(brand).Select(b => b.Block.Settle(b.Campaign, clock.Now))];

    /// <summary>How a campaign's block stands, with what is wanted at once.</summary>
    public LoanReport Claim(int brand, int campaign, long wanted) => BlockOf(brand, campaign).Claim(campaign, wanted, clock.Now);

    /// <summary>Gives back what outcomes on another silo need.</summary>
    public LoanReport Yield(int brand, int campaign, IReadOnlyList<HoldClaim> claims) => BlockOf(brand, campaign).Yield(campaign, claims, clock.Now);

    /// <returns>Whether more was lent.</returns>
    public bool Hear(int brand, IReadOnlyList<LoanAnswer> answers)
    {
        bool more = false;
        foreach (LoanAnswer answer in answers)
        {
            more |= BlockOf(brand, answer.Campaign).Hear(answer);
        }

        return more;
    }

    /// <summary>The brand's rules have changed: what was refused under the old ones is asked for again.</summary>
    public void Forget(int brand)
    {
        foreach ((_, CampaignBlock block) in BlocksOf(brand))
        {
            block.Forget();
        }
    }

    /// <summary>A charge of a turn that never was. Its hold is free, as others' money is.</summary>
    public void Uncharge(int brand, int campaign, long amount)
    {
        if (IsLimited(Find(brand, campaign)))
        {
            BlockOf(brand, campaign).Uncharge(amount);
        }
    }

    /// <summary>A row of this silo that the store refused: what it charged was never spent. Its holds come back by themselves.</summary>
    public void Refused(in TurnRow row) => RowFacts.Read(row, (_, in fact) =>
    {
        if (fact.ChargedMicros > 0)
        {
            Uncharge(fact.Brand, fact.Campaign, fact.ChargedMicros);
        }
    });

    private IEnumerable<(int Campaign, CampaignBlock Block)> BlocksOf(int brand) =>
        _blocks.Where(b => b.Key.Brand == brand).Select(static b => (b.Key.Campaign, b.Value));

    /// <summary>Of one more; 0 where nothing more will be spent of a budget.</summary>
    private static long PriceOf(CampaignSnapshot? campaign, long now) =>
        campaign is { Budget: not null, Paused: false } && now + Ahead >= campaign.From && now < campaign.Until ? campaign.UnitPriceMicros : 0;

    private long Now => clock.Now;

    private static bool IsLimited(CampaignSnapshot? campaign) => campaign is null || campaign.Budget is not null;

    private CampaignBlock BlockOf(int brand, int campaign) =>
        _blocks.TryGetValue((brand, campaign), out CampaignBlock? block) ? block
        : _blocks.GetOrAdd((brand, campaign), static (key, market) => new CampaignBlock(market.Now, () => market.Hungry?.Invoke(key.Brand)), this);

    private CampaignSnapshot? Find(int brand, int campaign)
    {
        CampaignSnapshot?[] campaigns = catalogue.Current.Find(brand)?.CampaignsBySymbol ?? [];
        return (uint)campaign < (uint)campaigns.Length ? campaigns[campaign] : null;
    }
}
