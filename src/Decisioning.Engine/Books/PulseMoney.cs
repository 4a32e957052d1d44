using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;

namespace Decisioning.Engine.Books;

/// <summary>A campaign's money as a pulse shows it.</summary>
internal static class PulseMoney
{
    public static CampaignMoney Of(IMoney money, BrandSnapshot brand, int campaign, long now)
    {
        PacingSpending spending = money.SpendingOf(brand.Symbol, campaign);
        long today = spending.Day == brand.Calendar.DayOf(now) ? spending.Today : 0;
        CampaignSnapshot? live = campaign < brand.CampaignsBySymbol.Length ? brand.CampaignsBySymbol[campaign] : null;
        long? planned = live switch
        {
            null => null,
            { PriceModel: PriceModel.Flat } => today,
            _ => Planned(live, spending.Total - today, now),
        };
        return new CampaignMoney(today, money.HeldOf(brand.Symbol, campaign, now), planned);
    }

    /// <summary>What pacing would have let it spend today until now; null where nothing bounds it.</summary>
    /// <param name="before">Spent before today.</param>
    private static long? Planned(CampaignSnapshot campaign, long before, long now)
    {
        PacingAllowance allowance = PacingRules.At(campaign, now);
        long ofTotal = allowance.Total == long.MaxValue ? long.MaxValue : Math.Max(0, allowance.Total - before);
        long planned = Math.Min(ofTotal, allowance.Daily);
        return planned == long.MaxValue ? null : planned;
    }
}
