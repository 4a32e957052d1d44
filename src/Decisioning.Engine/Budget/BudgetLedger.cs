using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;
using Decisioning.Engine.Books;
using Decisioning.Engine.Catalogues;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Budget;

/// <summary>
/// Every campaign's money: spent for good, spent on the local day, and held. Spent + held never exceeds the total nor, for the day, the daily budget, as long as
/// budgets are not lowered below it; a hold lives a quarter of a second to one and a quarter longer than it says.
/// </summary>
/// <param name="catalogue">Whose budgets count where a charge names its campaign by number.</param>
/// <param name="opened">Holds that end before are not taken in; ms since the Unix epoch.</param>
internal sealed class BudgetLedger(ICatalogueSource catalogue, long opened) : IMarket, IMarketReplay, IMoney
{
    private readonly Lock _growing = new();
    private CampaignCounter?[][] _counters = [];
    private long _released = opened;

    public MarketAnswer Check(CampaignSnapshot campaign, long now) =>
        campaign.Budget is null || campaign.UnitPriceMicros == 0 ? default : CounterOf(campaign.Brand.Symbol, campaign.Symbol).Check(campaign, now);

    // Held also where there is no budget: one may be put before the hold ends.
    public bool TryHold(CampaignSnapshot campaign, long amount, long now, long expiresAt) =>
        amount == 0 || CounterOf(campaign.Brand.Symbol, campaign.Symbol).TryHold(campaign, amount, now, expiresAt);

    // Also where brand or campaign are gone: the money was set aside for this.
    public bool TryChargeHeld(int brand, int campaign, long amount, long expiresAt, long now) =>
        CounterOf(brand, campaign).TryChargeHeld(amount, expiresAt, now, Find(brand, campaign));

    public bool TryCharge(int brand, int campaign, long amount, long now) =>
        Find(brand, campaign) is { } found && CounterOf(brand, campaign).TryCharge(found, amount, now);

    /// <summary>Spends of what is due of a flat price what the budget has room for, and says how much that is.</summary>
    /// <param name="day">Local, counted from 1970-01-01.</param>
    public long ChargeFee(CampaignSnapshot campaign, int day, long due, long now) => CounterOf(campaign.Brand.Symbol, campaign.Symbol).ChargeFee(campaign, day, due, now);

    /// <summary>A flat price took something on a day.</summary>
    public void Charged(CampaignSnapshot campaign, int day, long amount) => CounterOf(campaign.Brand.Symbol, campaign.Symbol).Charge(campaign, day, amount);

    public void Held(int brand, int campaign, long amount, long expiresAt) => CounterOf(brand, campaign).Hold(amount, expiresAt);

    public void Charged(int brand, int campaign, long amount, long at, long? heldUntil) => CounterOf(brand, campaign).Charge(amount, at, heldUntil);

    /// <summary>A hold was used up by a charge that is already counted.</summary>
    public void Unheld(int brand, int campaign, long amount, long heldUntil) => CounterOf(brand, campaign).Unhold(amount, heldUntil);

    public PacingSpending SpendingOf(int brand, int campaign) => CounterOf(brand, campaign).Spending;

    public long HeldOf(int brand, int campaign, long now) => CounterOf(brand, campaign).HeldAt(now);

    public void Restore(IReadOnlyList<SpendingRow> rows)
    {
        foreach (SpendingRow row in rows)
        {
            CounterOf(row.Brand, row.Campaign).Restore(row);
        }
    }

    /// <summary>Lets go of every hold that is over, and takes in none that is.</summary>
    public void Release(long now)
    {
        lock (_growing)
        {
            _released = now;
        }

        foreach ((_, _, CampaignCounter counter) in Counters())
        {
            counter.HeldAt(now);
        }
    }

    /// <summary>Every campaign that ever spent, in the order of their numbers.</summary>
    public List<SpendingRow> Rows()
    {
        List<SpendingRow> rows = [];
        foreach ((int brand, int campaign, CampaignCounter counter) in Counters())
        {
            PacingSpending spending = counter.Spending;
            if (spending.Total != 0)
            {
                rows.Add(new SpendingRow(brand, campaign, spending.Total, spending.Day, spending.Today));
            }
        }

        return rows;
    }

    /// <summary>Every campaign with its number and that of its brand.</summary>
    public IEnumerable<(int Brand, int Campaign, CampaignCounter Counter)> Counters()
    {
        CampaignCounter?[][] brands = Volatile.Read(ref _counters);
        for (int brand = 0; brand < brands.Length; brand++)
        {
            for (int campaign = 0; campaign < brands[brand].Length; campaign++)
            {
                if (brands[brand][campaign] is { } counter)
                {
                    yield return (brand, campaign, counter);
                }
            }
        }
    }

    private CampaignSnapshot? Find(int brand, int campaign)
    {
        CampaignSnapshot?[] campaigns = catalogue.Current.Find(brand)?.CampaignsBySymbol ?? [];
        return (uint)campaign < (uint)campaigns.Length ? campaigns[campaign] : null;
    }

    private CampaignCounter CounterOf(int brand, int campaign)
    {
        CampaignCounter?[][] brands = Volatile.Read(ref _counters);
        if ((uint)brand < (uint)brands.Length)
        {
            CampaignCounter?[] campaigns = Volatile.Read(ref brands[brand]);
            if ((uint)campaign < (uint)campaigns.Length && Volatile.Read(ref campaigns[campaign]) is { } counter)
            {
                return counter;
            }
        }

        return Open(brand, campaign);
    }

    private CampaignCounter Open(int brand, int campaign)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(brand);
        ArgumentOutOfRangeException.ThrowIfNegative(campaign);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(brand, BrandSymbols.Capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(campaign, BrandSymbols.Capacity);
        lock (_growing)
        {
            CampaignCounter?[][] brands = _counters;
            if (brand >= brands.Length)
            {
                CampaignCounter?[][] grown = new CampaignCounter?[Math.Max(brand + 1, 2 * brands.Length)][];
                brands.CopyTo(grown, 0);
                Array.Fill(grown, [], brands.Length, grown.Length - brands.Length);
                Volatile.Write(ref _counters, brands = grown);
            }

            CampaignCounter?[] campaigns = brands[brand];
            if (campaign >= campaigns.Length)
            {
                CampaignCounter?[] grown = new CampaignCounter?[Math.Max(campaign + 1, 2 * campaigns.Length)];
                campaigns.CopyTo(grown, 0);
                Volatile.Write(ref brands[brand], campaigns = grown);
            }

            if (campaigns[campaign] is not { } counter)
            {
                counter = new CampaignCounter(_released);
                if (catalogue.Current.Find(brand) is { } known)
                {
                    counter.UseCalendar(known.Calendar);
                }

                Volatile.Write(ref campaigns[campaign], counter);
            }

            return counter;
        }
    }
}
