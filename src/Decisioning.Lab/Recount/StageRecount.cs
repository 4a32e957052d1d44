using Decisioning.Core.Catalogue;

namespace Decisioning.Lab.Recount;

/// <summary>The stage by the table of DOMAIN.md, read from the top: the highest row with live evidence.</summary>
internal static class StageRecount
{
    public static DeeplinkStage Of(BrandEvidence evidence)
    {
        BrandRules rules = evidence.Brand.Rules;
        long t = evidence.At;
        List<RecountedOrder> loyal = evidence.Orders.FindAll(o => o.Counts && RecountRules.IsLive(o.PurchasedAt!.Value, rules.LoyaltyWindow, t));
        bool numerous = loyal.Select(o => o.PurchaseDay).Distinct().Count() >= 2;
        bool spentEnough = rules.KeenSpendMicros is { } keen && loyal.Sum(o => o.Value - o.Refunded) >= keen;
        if (evidence.AnyLive(EventType.Review, rules.LoyaltyWindow) || (numerous && spentEnough))
        {
            return DeeplinkStage.Keen;
        }

        if (numerous)
        {
            return DeeplinkStage.Numerous;
        }

        if (evidence.Orders.Exists(o => o.Counts && RecountRules.IsLive(o.PurchasedAt!.Value, rules.PurchaseWindow, t)))
        {
            return DeeplinkStage.Initial;
        }

        return Performs(evidence, rules.InterestWindow) ? DeeplinkStage.Perform
            : IsEnthused(evidence, rules) ? DeeplinkStage.Enthuse
            : IsEngaged(evidence, rules.AwarenessWindow) ? DeeplinkStage.Engage
            : HasDiscovered(evidence, rules) ? DeeplinkStage.Discover
            : DeeplinkStage.None;
    }

    private static bool Performs(BrandEvidence evidence, long window) =>
        evidence.Held(EventType.Favorite, EventType.Unfavorite).Exists(e => RecountRules.IsLive(e.OccurredAt, window, evidence.At))
        || evidence.Held(EventType.Cart, EventType.RemoveFromCart).Exists(e => RecountRules.IsLive(e.OccurredAt, window, evidence.At))
        || evidence.AnyLive(EventType.CouponClaim, window)
        || evidence.AnyLive(EventType.SampleClaim, window)
        || evidence.Orders.Exists(o => o.PurchasedAt is null && o.RefundedAt is null && RecountRules.IsLive(o.DepositAt!.Value, RecountRules.DepositLasts, evidence.At));

    private static bool IsEnthused(BrandEvidence evidence, BrandRules rules)
    {
        long window = rules.InterestWindow;
        int viewDays = evidence.Of(EventType.View).Where(e => RecountRules.IsLive(e.OccurredAt, window, evidence.At)).Select(e => e.LocalDay).Distinct().Count();
        return viewDays >= 2
            || evidence.AnyLive(EventType.BrandSearch, window)
            || evidence.AnyLive(EventType.ContentEngage, window)
            || evidence.AnyLive(EventType.ShopVisit, window)
            || (rules.AdClickIsInterest && evidence.AnyLive(EventType.Click, window))
            || evidence.Held(EventType.Follow, EventType.Unfollow).Count > 0
            || evidence.Held(EventType.JoinMember, EventType.LeaveMember).Count > 0;
    }

    private static bool IsEngaged(BrandEvidence evidence, long window) =>
        evidence.AnyLive(EventType.View, window)
        || evidence.AnyLive(EventType.Click, window)
        || evidence.AnyLive(EventType.Watched, window)
        || evidence.AnyLive(EventType.Engage, window)
        || evidence.AnyLive(EventType.Search, window);

    private static bool HasDiscovered(BrandEvidence evidence, BrandRules rules) =>
        evidence.AnyLive(EventType.Viewable, rules.AwarenessWindow)
        || (rules.AwarenessFromImpression && evidence.AnyLive(EventType.Impression, rules.AwarenessWindow));
}
