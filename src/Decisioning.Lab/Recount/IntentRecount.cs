using Decisioning.Core.Catalogue;
using Decisioning.Core.Record;

namespace Decisioning.Lab.Recount;

/// <summary>
/// Intent by the formula of DOMAIN.md, event by event: x = Σ w_b · min(Σ 2^(−age/half-life), cap_b), reported as 100·(1 − e^(−x)); ages from the middle of the
/// event's hour, what lies before the last unrefunded purchase counts × afterPurchase.
/// </summary>
internal static class IntentRecount
{
    public static double Of(BrandEvidence evidence)
    {
        BrandRules rules = evidence.Brand.Rules;
        long? bought = evidence.Orders.Where(o => o.Counts).Max(o => o.PurchasedAt);
        double x = 0;
        for (int b = 0; b < IntentRules.Behaviours.Length; b++)
        {
            double sum = 0;
            foreach ((long occurredAt, long comparedAt) in Counted(evidence, IntentRules.Behaviours[b]))
            {
                long age = Math.Max(0, evidence.At - (HourOf(occurredAt) + RecountRules.Hour / 2));
                double factor = comparedAt <= bought ? rules.AfterPurchase : 1;
                sum += factor * Math.Pow(2, -(double)age / rules.Intent[b].HalfLifeMs);
            }

            x += rules.Intent[b].Weight * Math.Min(sum, rules.Intent[b].Cap);
        }

        return 100 * (1 - Math.Exp(-x));
    }

    /// <summary>Each event that counts, and the instant that is compared with the last purchase: items have their own, the others that of their hour.</summary>
    private static IEnumerable<(long OccurredAt, long ComparedAt)> Counted(BrandEvidence evidence, EventType behaviour)
    {
        List<ConsumerEvent>? items = behaviour switch
        {
            EventType.Favorite => evidence.Held(EventType.Favorite, EventType.Unfavorite),
            EventType.Cart => evidence.Held(EventType.Cart, EventType.RemoveFromCart),
            EventType.Follow => evidence.Held(EventType.Follow, EventType.Unfollow),
            _ => null,
        };
        return items is not null
            ? items.Where(e => InReach(e.OccurredAt) && InReach(HourOf(e.OccurredAt))).Select(e => (e.OccurredAt, e.OccurredAt))
            : evidence.Of(behaviour).Where(e => InReach(HourOf(e.OccurredAt))).Select(e => (e.OccurredAt, HourOf(e.OccurredAt)));

        bool InReach(long instant) => evidence.At - instant < RecountRules.EvidenceReach;
    }

    private static long HourOf(long instant) => instant - instant % RecountRules.Hour;
}
