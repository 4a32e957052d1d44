using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Aggregate;

/// <summary>
/// How a flat price is booked: each local day of the flight, as it begins, takes what is left of the fee divided by the days that are left, in whole micros; the last one
/// takes the rest. What is booked is never restated: days that went by unbooked (nobody booked, the campaign was not there, or its price was another) and what the budget
/// had no room for are made up for on the day on which they can be. So a fee or a flight that changes on the way still ends at the fee, unless that falls below what is booked
/// by then. Of an open flight nothing can be booked. Delivery is of no matter, nor is a pause.
/// </summary>
public static class FlatFee
{
    /// <summary>What the campaign pays for its flight, micros; 0 where its price is not flat or its flight is open.</summary>
    public static long Of(CampaignSnapshot campaign) =>
        campaign.PriceModel == PriceModel.Flat && campaign.From != long.MinValue && campaign.Until != long.MaxValue ? campaign.PriceMicros : 0;

    /// <summary>The local day that is booked at an instant, counted from 1970-01-01: that in which the instant's hour (UTC) began, as histories have it.</summary>
    /// <param name="now">ms since the Unix epoch.</param>
    public static int DayOf(CampaignSnapshot campaign, long now) => campaign.Brand.Calendar.DayOf(now - now % StateBounds.MillisecondsPerHour);

    /// <summary>What is due on a day, micros.</summary>
    /// <param name="booked">What is booked already; null: nothing.</param>
    /// <param name="day">Local, counted from 1970-01-01.</param>
    public static long DueOn(CampaignSnapshot campaign, FeeLine? booked, int day)
    {
        long left = Of(campaign) - (booked?.BookedMicros ?? 0);
        BrandCalendar calendar = campaign.Brand.Calendar;
        int first = Math.Max(calendar.DayOf(campaign.From), (booked?.Day ?? int.MinValue + 1) + 1);
        int last = calendar.DayOf(campaign.Until - 1);
        if (left <= 0 || day < calendar.DayOf(campaign.From) || (day < last && day < first))
        {
            return 0;
        }

        // Each of the days in its turn would take what is left by those that are left: equal parts, and of what does not divide one micro each of the last ones.
        (long part, long rest) = Math.DivRem(left, Math.Max(1, last - first + 1));
        int begun = day - first + 1;
        return day >= last ? left : part * begun + Math.Max(0, begun - (last - first + 1 - rest));
    }
}
