using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Consumers;

/// <summary>
/// The purchase-intent score: x = Σ w_b · min(Σ 2^(−age/half-life), cap_b) over the eight behaviours, reported as 100·(1 − e^(−x)), 0 to 100.
/// The age is taken from the middle of the event's hour and is never below 0. What lies before the last unrefunded purchase counts × afterPurchase;
/// an hour's count lies before a purchase within that hour. Sums run in hour order, so the same evidence gives the same bits.
/// </summary>
public static class IntentScore
{
    private static readonly ItemFamily[] Families = [ItemFamily.Favorite, ItemFamily.Cart, ItemFamily.Follow];
    private static readonly EventType[] FamilyBehaviours = [EventType.Favorite, EventType.Cart, EventType.Follow];

    /// <summary>0 to 100; 0 where there is no record with the brand.</summary>
    public static double At(ConsumerState state, int slot, BrandRules rules, long t)
    {
        if (slot < 0)
        {
            return 0;
        }

        Span<double> sums = stackalloc double[IntentRules.Behaviours.Length];
        sums.Clear();
        long purchase = Evidence.LastPurchase(state, slot);
        foreach (ref readonly HourEntry hour in Evidence.SlotRange(state.Hours, slot))
        {
            int behaviour = IntentRules.IndexOf(hour.Kind);
            if (behaviour >= 0)
            {
                double factor = hour.StartsAt <= purchase ? rules.AfterPurchase : 1;
                sums[behaviour] += hour.Count * factor * Decay(hour.StartsAt, rules.Intent[behaviour].HalfLifeMs, t);
            }
        }

        for (int f = 0; f < Families.Length; f++)
        {
            ReadOnlySpan<ItemEntry> items = Evidence.ItemsOf(state, slot, Families[f]);
            int behaviour = IntentRules.IndexOf(FamilyBehaviours[f]);
            for (int i = 0; i < items.Length; i++)
            {
                if (t - items[i].Instant < StateBounds.EvidenceMs && Evidence.IsHeld(items, i))
                {
                    double factor = items[i].Instant <= purchase ? rules.AfterPurchase : 1;
                    long hour = items[i].Instant - items[i].Instant % StateBounds.MillisecondsPerHour;
                    sums[behaviour] += factor * Decay(hour, rules.Intent[behaviour].HalfLifeMs, t);
                }
            }
        }

        double x = 0;
        for (int b = 0; b < sums.Length; b++)
        {
            x += rules.Intent[b].Weight * Math.Min(sums[b], rules.Intent[b].Cap);
        }

        return x == 0 ? 0 : 100 * (1 - Math.Exp(-x));
    }

    private static double Decay(long hourStart, long halfLife, long t)
    {
        if (t - hourStart >= StateBounds.EvidenceMs)
        {
            return 0;
        }

        long age = Math.Max(0, t - (hourStart + StateBounds.MillisecondsPerHour / 2));
        return double.Exp2(-(double)age / halfLife);
    }
}
