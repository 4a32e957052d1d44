using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Consumers;

/// <summary>
/// The relationship stage as a pure function of evidence and instant: the highest DEEPLINK stage with live evidence (AIPL follows from it). Evidence is live
/// while occurredAt ≤ t &lt; occurredAt + window. Windows and stages: Brand Databank and Quick Audience for AIPL; DEEPLINK as this project refines it.
/// </summary>
public static class StageRules
{
    /// <summary>The stage of one relationship at an instant at or after the state's last one.</summary>
    public static DeeplinkStage At(ConsumerState state, int slot, BrandRules rules, long t)
    {
        if (slot < 0)
        {
            return DeeplinkStage.None;
        }

        ReadOnlySpan<NewestEntry> newest = Evidence.NewestOf(state, slot);
        DeeplinkStage bought = FromOrders(state, slot, rules, t);
        if (bought == DeeplinkStage.Keen || IsLive(Evidence.NewestOf(newest, EventType.Review), rules.LoyaltyWindow, t))
        {
            return DeeplinkStage.Keen;
        }

        if (bought >= DeeplinkStage.Initial)
        {
            return bought;
        }

        return bought == DeeplinkStage.Perform || Performs(state, slot, newest, rules, t) ? DeeplinkStage.Perform
            : IsEnthused(state, slot, newest, rules, t) ? DeeplinkStage.Enthuse
            : IsEngaged(state, slot, newest, rules, t) ? DeeplinkStage.Engage
            : HasDiscovered(newest, rules, t) ? DeeplinkStage.Discover
            : DeeplinkStage.None;
    }

    /// <summary>
    /// The first instant after <paramref name="t"/> at which the stage will differ if nothing more happens; <see cref="long.MaxValue"/> for never. An event that
    /// waits for its instant bounds it too. Evidence lies at or before <paramref name="t"/>.
    /// </summary>
    public static long StableUntil(ConsumerState state, int slot, BrandRules rules, long t) =>
        slot < 0 ? long.MaxValue : Math.Min(StageExpiry.Of(state, slot, rules, t), NextPending(state, t));

    private static long NextPending(ConsumerState state, long t)
    {
        foreach (ref readonly PendingEntry pending in state.Pending.Items)
        {
            if (pending.OccurredAt > t)
            {
                return pending.OccurredAt;
            }
        }

        return long.MaxValue;
    }

    /// <summary>What orders alone make of it: Keen, Numerous, Initial, Perform (a deposit) or None.</summary>
    private static DeeplinkStage FromOrders(ConsumerState state, int slot, BrandRules rules, long t)
    {
        int firstDay = -1;
        bool twoDays = false, initial = false, deposit = false;
        long spend = 0;
        foreach (ref readonly OrderEntry order in state.Orders.Items)
        {
            if (order.Slot != slot)
            {
                continue;
            }

            if (order.CountsAsPurchase)
            {
                initial |= IsLive(order.PurchasedAt, rules.PurchaseWindow, t);
                if (IsLive(order.PurchasedAt, rules.LoyaltyWindow, t))
                {
                    twoDays |= firstDay >= 0 && firstDay != order.PurchaseDay;
                    firstDay = order.PurchaseDay;
                    spend += order.Value - order.Refunded;
                }
            }
            else if (!order.IsPurchased && order.DepositAt >= 0 && order.RefundedAt < 0)
            {
                deposit |= IsLive(order.DepositAt, StateBounds.DepositMs, t);
            }
        }

        return twoDays && rules.KeenSpendMicros <= spend ? DeeplinkStage.Keen
            : twoDays ? DeeplinkStage.Numerous
            : initial ? DeeplinkStage.Initial
            : deposit ? DeeplinkStage.Perform
            : DeeplinkStage.None;
    }

    private static bool Performs(ConsumerState state, int slot, ReadOnlySpan<NewestEntry> newest, BrandRules rules, long t) =>
        IsLive(Evidence.NewestHeld(state, slot, ItemFamily.Cart), rules.InterestWindow, t)
        || IsLive(Evidence.NewestHeld(state, slot, ItemFamily.Favorite), rules.InterestWindow, t)
        || IsLive(Evidence.NewestOf(newest, EventType.CouponClaim), rules.InterestWindow, t)
        || IsLive(Evidence.NewestOf(newest, EventType.SampleClaim), rules.InterestWindow, t);

    private static bool IsEnthused(ConsumerState state, int slot, ReadOnlySpan<NewestEntry> newest, BrandRules rules, long t) =>
        IsLive(Evidence.NewestView(state, slot, 1), rules.InterestWindow, t)
        || IsLive(Evidence.NewestOf(newest, EventType.BrandSearch), rules.InterestWindow, t)
        || IsLive(Evidence.NewestOf(newest, EventType.ContentEngage), rules.InterestWindow, t)
        || IsLive(Evidence.NewestOf(newest, EventType.ShopVisit), rules.InterestWindow, t)
        || (rules.AdClickIsInterest && IsLive(Evidence.NewestOf(newest, EventType.Click), rules.InterestWindow, t))
        || Evidence.NewestHeld(state, slot, ItemFamily.Follow) >= 0
        || Evidence.NewestHeld(state, slot, ItemFamily.Member) >= 0;

    private static bool IsEngaged(ConsumerState state, int slot, ReadOnlySpan<NewestEntry> newest, BrandRules rules, long t) =>
        IsLive(Evidence.NewestView(state, slot, 0), rules.AwarenessWindow, t)
        || IsLive(Evidence.NewestOf(newest, EventType.Click), rules.AwarenessWindow, t)
        || IsLive(Evidence.NewestOf(newest, EventType.Watched), rules.AwarenessWindow, t)
        || IsLive(Evidence.NewestOf(newest, EventType.Engage), rules.AwarenessWindow, t)
        || IsLive(Evidence.NewestOf(newest, EventType.Search), rules.AwarenessWindow, t);

    private static bool HasDiscovered(ReadOnlySpan<NewestEntry> newest, BrandRules rules, long t) =>
        IsLive(Evidence.NewestOf(newest, EventType.Viewable), rules.AwarenessWindow, t)
        || (rules.AwarenessFromImpression && IsLive(Evidence.NewestOf(newest, EventType.Impression), rules.AwarenessWindow, t));

    private static bool IsLive(long occurredAt, long window, long t) => occurredAt >= 0 && occurredAt <= t && t - occurredAt < window;
}
