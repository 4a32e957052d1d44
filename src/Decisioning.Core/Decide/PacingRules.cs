using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Decide;

/// <summary>
/// How much of its budget a campaign may have spent by an instant. <c>asap</c> releases the whole at once; <c>even</c> releases a daily budget by the quarter
/// hours of the local day (96 of them, 92 or 100 where the clocks change) and a total without a daily one by the quarter hours of the flight, unless that is
/// open at either end. A total beside a daily budget only limits.
/// </summary>
public static class PacingRules
{
    /// <summary>Days looked ahead for room: a hold lasts less than one, so on the second after it nothing is held any more.</summary>
    private const int DaysAhead = 4;

    /// <summary>What may have been spent by an instant, held money included.</summary>
    public static PacingAllowance At(CampaignSnapshot campaign, long now)
    {
        BrandCalendar calendar = campaign.Brand.Calendar;
        int day = calendar.DayOf(now);
        PacingSlots total = TotalOf(campaign);
        PacingSlots daily = DailyOf(campaign, day);
        long from = Math.Max(calendar.StartOf(day), Math.Max(total.SlotStart(now), daily.SlotStart(now)));
        long until = Math.Min(calendar.StartOf(day + 1), Math.Min(total.SlotEnd(now), daily.SlotEnd(now)));
        return new PacingAllowance(total.AllowanceAt(now), daily.AllowanceAt(now), day, from, until);
    }

    /// <summary>What of the budget itself is left, pacing aside; <see cref="long.MaxValue"/> less what is spent where it is unlimited.</summary>
    public static long BudgetRoom(CampaignSnapshot campaign, in PacingSpending spending, long held) => Math.Min(
        (campaign.Budget?.TotalMicros ?? long.MaxValue) - spending.Total - held,
        (campaign.Budget?.DailyMicros ?? long.MaxValue) - spending.Today - held);

    /// <summary>
    /// The first instant from now at which one more price fits if nothing is spent, held or charged until then; null where waiting does not help,
    /// also because the flight ends before.
    /// </summary>
    /// <param name="holds">Live holds in the order of their ends, which lie after <paramref name="now"/> and less than a day away.</param>
    public static long? EarliestFit(CampaignSnapshot campaign, in PacingSpending spending, ReadOnlySpan<PacingHold> holds, long price, long now)
    {
        long? fits = EarliestFit(TotalOf(campaign), spending.Total, holds, price, now, campaign.Until);
        if (fits is not { } at)
        {
            return null;
        }

        BrandCalendar calendar = campaign.Brand.Calendar;
        int first = calendar.DayOf(at);
        for (int day = first; day < first + DaysAhead; day++)
        {
            long start = Math.Max(at, calendar.StartOf(day));
            long end = Math.Min(campaign.Until, calendar.StartOf(day + 1));
            long today = day <= spending.Day ? spending.Today : 0;
            if (start < end && EarliestFit(DailyOf(campaign, day), today, holds, price, start, end) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static long? EarliestFit(in PacingSlots slots, long spent, ReadOnlySpan<PacingHold> holds, long price, long from, long until)
    {
        int next = 0;
        Int128 held = 0;
        foreach (PacingHold hold in holds)
        {
            if (hold.Until <= from)
            {
                next++;
            }
            else
            {
                held += hold.Amount;
            }
        }

        for (long at = from; at < until; at = holds[next++].Until)
        {
            long heldUntil = next < holds.Length ? holds[next].Until : long.MaxValue;
            if (slots.FirstFor(spent + held + price) is { } start && Math.Max(start, at) < Math.Min(heldUntil, until))
            {
                return Math.Max(start, at);
            }

            if (next == holds.Length)
            {
                break;
            }

            held -= holds[next].Amount;
        }

        return null;
    }

    private static PacingSlots TotalOf(CampaignSnapshot campaign)
    {
        BudgetSnapshot? budget = campaign.Budget;
        bool open = campaign.From == long.MinValue || campaign.Until == long.MaxValue;
        return budget?.TotalMicros is { } total && budget.DailyMicros is null && budget.Pacing != Pacing.Asap && !open
            ? PacingSlots.Even(campaign.From, campaign.Until, total)
            : PacingSlots.AtOnce(budget?.TotalMicros ?? long.MaxValue);
    }

    private static PacingSlots DailyOf(CampaignSnapshot campaign, int day)
    {
        BudgetSnapshot? budget = campaign.Budget;
        BrandCalendar calendar = campaign.Brand.Calendar;
        long start = calendar.StartOf(day);
        long end = calendar.StartOf(day + 1);
        return budget?.DailyMicros is { } daily && budget.Pacing != Pacing.Asap && start < end
            ? PacingSlots.Even(start, end, daily)
            : PacingSlots.AtOnce(budget?.DailyMicros ?? long.MaxValue);
    }
}

/// <summary>What may have been spent and held in all, micros, from one instant until another.</summary>
/// <param name="Total">Over the campaign's life; <see cref="long.MaxValue"/> where unlimited.</param>
/// <param name="Daily">On the local day; <see cref="long.MaxValue"/> where unlimited.</param>
/// <param name="Day">The local day, counted from 1970-01-01.</param>
/// <param name="From">First instant at which this holds.</param>
/// <param name="Until">First instant at which it may be otherwise.</param>
public readonly record struct PacingAllowance(long Total, long Daily, int Day, long From, long Until)
{
    /// <summary>What may still be spent; below 0 where the budget was lowered.</summary>
    public long Room(in PacingSpending spending, long held) => Math.Min(Total - spending.Total - held, Daily - spending.Today - held);
}

/// <summary>What a campaign has spent, micros.</summary>
/// <param name="Day">The local day that <paramref name="Today"/> is of, counted from 1970-01-01.</param>
public readonly record struct PacingSpending(long Total, int Day, long Today);

/// <summary>Money that comes back at an instant unless it is charged before, micros.</summary>
public readonly record struct PacingHold(long Until, long Amount);
