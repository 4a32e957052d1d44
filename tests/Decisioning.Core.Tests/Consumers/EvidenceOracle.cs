using Decisioning.Core.Catalogue;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Consumers;

/// <summary>
/// What a consumer's stage and intent must be, by brute force over the list of accepted events. Written from the domain's rules alone and knowing nothing of how
/// evidence is kept: every answer looks at every event.
/// </summary>
internal sealed class EvidenceOracle(BrandRules rules, TimeZoneInfo zone, IReadOnlyList<Happening> accepted)
{
    private const long Hour = 3_600_000;
    private const long Day = 24 * Hour;

    private readonly record struct Bought(long At, DateOnly LocalDay, long Spend);

    public DeeplinkStage StageAt(long t)
    {
        List<Bought> purchases = Purchases(t);
        List<Bought> lately = [.. purchases.Where(p => t < p.At + rules.LoyaltyWindow)];
        bool numerous = lately.Select(p => p.LocalDay).Distinct().Count() >= 2;
        if (Until(t, EventType.Review).Any(r => r.Rating >= 4 && t < r.At + rules.LoyaltyWindow)
            || (numerous && rules.KeenSpendMicros is { } keen && lately.Sum(p => p.Spend) >= keen))
        {
            return DeeplinkStage.Keen;
        }

        return numerous ? DeeplinkStage.Numerous
            : purchases.Any(p => t < p.At + rules.PurchaseWindow) ? DeeplinkStage.Initial
            : Performs(t) ? DeeplinkStage.Perform
            : Enthuses(t) ? DeeplinkStage.Enthuse
            : Engages(t) ? DeeplinkStage.Engage
            : Discovers(t) ? DeeplinkStage.Discover
            : DeeplinkStage.None;
    }

    public double IntentAt(long t)
    {
        long last = Purchases(t).Select(p => p.At).DefaultIfEmpty(-1).Max();
        double x = 0;
        for (int b = 0; b < IntentRules.Behaviours.Length; b++)
        {
            EventType behaviour = IntentRules.Behaviours[b];
            IEnumerable<Happening> counted = behaviour switch
            {
                EventType.Follow => Held(t, EventType.Follow, EventType.Unfollow),
                EventType.Favorite => Held(t, EventType.Favorite, EventType.Unfavorite),
                EventType.Cart => Held(t, EventType.Cart, EventType.RemoveFromCart),
                _ => Until(t, behaviour),
            };
            bool hourly = behaviour is not (EventType.Follow or EventType.Favorite or EventType.Cart);
            double sum = 0;
            foreach (Happening h in counted)
            {
                long hour = h.At / Hour * Hour;
                bool before = hourly ? hour <= last : h.At <= last;
                double age = Math.Max(0, t - (hour + Hour / 2));
                sum += t - hour >= 90 * Day ? 0 : (before ? rules.AfterPurchase : 1) * Math.Pow(2, -age / rules.Intent[b].HalfLifeMs);
            }

            x += rules.Intent[b].Weight * Math.Min(sum, rules.Intent[b].Cap);
        }

        return 100 * (1 - Math.Exp(-x));
    }

    private bool Performs(long t) =>
        Held(t, EventType.Cart, EventType.RemoveFromCart).Concat(Held(t, EventType.Favorite, EventType.Unfavorite)).Any(h => t < h.At + rules.InterestWindow)
        || AnyLive(t, rules.InterestWindow, EventType.CouponClaim, EventType.SampleClaim)
        || Until(t, EventType.Deposit).Any(d => t < d.At + 30 * Day && !Until(t, EventType.Purchase).Any(p => p.Order == d.Order) && !Refunds(t, d.Order).Any());

    private bool Enthuses(long t) =>
        Until(t, EventType.View).Where(v => t < v.At + rules.InterestWindow).Select(v => LocalDay(v.At)).Distinct().Count() >= 2
        || AnyLive(t, rules.InterestWindow, EventType.BrandSearch, EventType.ContentEngage, EventType.ShopVisit)
        || (rules.AdClickIsInterest && AnyLive(t, rules.InterestWindow, EventType.Click))
        || Held(t, EventType.Follow, EventType.Unfollow).Any()
        || Held(t, EventType.JoinMember, EventType.LeaveMember).Any();

    private bool Engages(long t) =>
        AnyLive(t, rules.AwarenessWindow, EventType.View, EventType.Click, EventType.Watched, EventType.Engage, EventType.Search);

    private bool Discovers(long t) =>
        AnyLive(t, rules.AwarenessWindow, EventType.Viewable) || (rules.AwarenessFromImpression && AnyLive(t, rules.AwarenessWindow, EventType.Impression));

    /// <summary>Orders with a purchase that were not refunded in full; of two reports of one order the later, then the dearer one holds.</summary>
    private List<Bought> Purchases(long t)
    {
        List<Bought> bought = [];
        foreach (IGrouping<string?, Happening> order in Until(t, EventType.Purchase).GroupBy(p => p.Order))
        {
            Happening holds = order.OrderBy(p => p.At).ThenBy(p => p.Value).Last();
            List<Happening> refunds = [.. Refunds(t, order.Key)];
            long back = refunds.Sum(r => r.Value!.Value);
            if (refunds.Count == 0 || back < holds.Value)
            {
                bought.Add(new Bought(holds.At, LocalDay(holds.At), holds.Value!.Value - back));
            }
        }

        return bought;
    }

    /// <summary>An order's refunds up to an instant, without those that had waited for their order for more than 30 days when something else of it was heard.</summary>
    private IEnumerable<Happening> Refunds(long t, string? order)
    {
        List<Happening> kept = [];
        bool waiting = true;
        foreach (Happening heard in accepted.Where(h => h.Order == order).OrderBy(HeardAt))
        {
            if (waiting && kept.Count > 0 && HeardAt(heard) - kept.Max(r => r.At) > 30 * Day)
            {
                kept.Clear();
            }

            if (heard.Type == EventType.Refund)
            {
                kept.Add(heard);
            }
            else
            {
                waiting = false;
            }
        }

        return kept.Where(r => r.At <= t);
    }

    // What lies ahead is taken in when its instant has come.
    private static long HeardAt(Happening happening) => Math.Max(happening.At, happening.ReceivedAt);

    /// <summary>What was put in and never taken out since; following and membership are of the brand, the rest of items.</summary>
    private IEnumerable<Happening> Held(long t, EventType put, EventType taken) => Until(t, put).Where(p =>
        !Until(t, taken).Any(o => o.At >= p.At && (put is EventType.Follow or EventType.JoinMember || o.Item == p.Item)));

    private bool AnyLive(long t, long window, params EventType[] types) => Until(t, types).Any(h => t < h.At + window);

    private IEnumerable<Happening> Until(long t, params EventType[] types) => accepted.Where(h => h.At <= t && types.Contains(h.Type));

    private DateOnly LocalDay(long at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(at), zone).DateTime);
}
