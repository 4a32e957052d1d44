using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Lab.Folder;
using Decisioning.Lab.Recount;

namespace Decisioning.Lab.Verify;

/// <summary>
/// What is booked of flat prices comes from no journal: it is worked out anew from the catalogue, where a campaign's price, flight and budget have always been what they are, and the
/// hours have to sum to it.
/// </summary>
internal static class FeesCheck
{
    /// <summary>Hourly rows are kept for 800 d; of books that old, the oldest ones are gone.</summary>
    private const long KeptFor = 799 * RecountRules.Day;

    /// <summary>Between a change of the catalogue and the moment from which it is booked by, at most.</summary>
    private const long LiveAfter = 60_000;

    /// <param name="newest">Instant of the newest record that is in the stored books, ms since the Unix epoch; 0: there is none. Prices were booked up to it at least.</param>
    public static void Run(string where, BrandSnapshot brand, BrandTotals totals, SortedDictionary<long, HourRow> rows, RulesHistory rules, long newest, VerifyReport report)
    {
        foreach (CampaignSnapshot campaign in brand.Campaigns.Where(c => FlatFee.Of(c) > 0 && c.Budget is null && rules.IsPricedStill(brand.Symbol, c.Id)))
        {
            FeeLine? line = totals.FeeOf(campaign.Symbol);
            long booked = line?.BookedMicros ?? 0;
            long least = newest >= rules.KnownSince(brand.Symbol, campaign.Id) + LiveAfter ? Through(campaign, FlatFee.DayOf(campaign, newest)) : 0;
            long sum = line is null ? 0 : Through(campaign, line.Value.Day);
            if (booked != sum || booked < least)
            {
                report.Add(new Mismatch(where, $"campaign {campaign.Id}, flat price: its days make {Math.Max(sum, least)}, the engine has {booked}"));
            }
        }

        long hours = rows.Values.Sum(static r => r.Value(FigureNames.Fees)), all = totals.Fees.Values.Sum(static f => f.BookedMicros);
        bool whole = rows.Count == 0 || rows.Keys.Last() - rows.Keys.First() < KeptFor;
        if (whole ? hours != all : hours > all)
        {
            report.Add(new Mismatch(where, $"flat prices: the hours make {hours}, the campaigns {all}"));
        }
    }

    /// <summary>What a campaign takes up to a day: the fee in equal whole parts, the last days one more each for what does not divide.</summary>
    private static long Through(CampaignSnapshot campaign, int day)
    {
        BrandCalendar calendar = campaign.Brand.Calendar;
        int first = calendar.DayOf(campaign.From), days = calendar.DayOf(campaign.Until - 1) - first + 1;
        int begun = Math.Clamp(day - first + 1, 0, days);
        (long part, long rest) = Math.DivRem(campaign.PriceMicros, days);
        return part * begun + Math.Max(0, begun - (days - rest));
    }
}
