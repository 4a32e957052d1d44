using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Aggregate;

public sealed partial class BrandTotals
{
    private FeeBook _fees = new();

    /// <summary>What is booked of flat prices, by campaign symbol.</summary>
    public IReadOnlyDictionary<int, FeeLine> Fees => _fees.Lines;

    /// <summary>What is booked of a campaign's flat price, by symbol; null: nothing.</summary>
    public FeeLine? FeeOf(int campaign) => _fees.Of(campaign);

    /// <summary>Books what is due of a campaign's flat price at an instant: see <see cref="FlatFee"/>.</summary>
    /// <param name="now">ms since the Unix epoch.</param>
    /// <param name="bill">Bills micros to the campaign's money on a local day, as far as the budget has room, and says how much that was.</param>
    /// <returns>Whether anything was booked.</returns>
    public bool BookFee(CampaignSnapshot campaign, long now, Func<CampaignSnapshot, int, long, long> bill)
    {
        int day = FlatFee.DayOf(campaign, now);
        long due = FlatFee.DueOn(campaign, _fees.Of(campaign.Symbol), day);
        long billed = due == 0 ? 0 : bill(campaign, day, due);
        if (billed == 0)
        {
            return false;
        }

        Changes++;
        _fees.Add(campaign.Symbol, day, billed);
        _spend += billed;
        HourRow row = RowAt(now);
        row.Add(HourSum.Spend, billed);
        row.Add(HourSum.Fees, billed);
        return true;
    }
}
