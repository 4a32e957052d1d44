using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Consumers;

/// <summary>
/// When a stage changes although nothing happens. Without new evidence a stage only falls, at the end of some evidence's window, so the instant is found among
/// the ends that lie ahead.
/// </summary>
internal static class StageExpiry
{
    /// <summary>Ends of windows that one brand's evidence can have: three an order, and one for each other kind and window.</summary>
    private const int MostEnds = 3 * StateBounds.Orders + 24;

    private static readonly EventType[] AwarenessKinds =
        [EventType.View, EventType.Click, EventType.Watched, EventType.Engage, EventType.Search, EventType.Viewable, EventType.Impression];

    private static readonly EventType[] InterestKinds =
        [EventType.CouponClaim, EventType.SampleClaim, EventType.BrandSearch, EventType.ContentEngage, EventType.ShopVisit, EventType.Click];

    /// <summary>The first instant after <paramref name="t"/> at which the stage is another than at it; <see cref="long.MaxValue"/> for never.</summary>
    public static long Of(ConsumerState state, int slot, BrandRules rules, long t)
    {
        DeeplinkStage now = StageRules.At(state, slot, rules, t);
        if (now == DeeplinkStage.None)
        {
            return long.MaxValue;
        }

        Span<long> ends = stackalloc long[MostEnds];
        ends = ends[..Collect(state, slot, rules, t, ends)];
        ends.Sort();
        int low = 0, high = ends.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (StageRules.At(state, slot, rules, ends[middle]) == now)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low < ends.Length ? ends[low] : long.MaxValue;
    }

    /// <summary>The newest instant of any evidence of the brand that a stage can rest on; <see cref="Evidence.Never"/> for none.</summary>
    public static long NewestEvidence(ConsumerState state, int slot)
    {
        long newest = Evidence.NewestView(state, slot, 0);
        foreach (ref readonly NewestEntry entry in Evidence.SlotRange(state.Newest, slot))
        {
            newest = Math.Max(newest, entry.Instant);
        }

        foreach (ref readonly OrderEntry order in state.Orders.Items)
        {
            newest = order.Slot == slot ? Math.Max(newest, Math.Max(order.PurchasedAt, Math.Max(order.DepositAt, order.RefundedAt))) : newest;
        }

        foreach (ref readonly ItemEntry item in state.Items.Items)
        {
            newest = item.Slot == slot ? Math.Max(newest, item.Instant) : newest;
        }

        return newest;
    }

    private static int Collect(ConsumerState state, int slot, BrandRules rules, long t, Span<long> ends)
    {
        var list = new EndList(ends, t);
        foreach (EventType kind in AwarenessKinds)
        {
            list.Add(Evidence.NewestOf(state, slot, kind), rules.AwarenessWindow);
        }

        foreach (EventType kind in InterestKinds)
        {
            list.Add(Evidence.NewestOf(state, slot, kind), rules.InterestWindow);
        }

        list.Add(Evidence.NewestView(state, slot, 1), rules.InterestWindow);
        list.Add(Evidence.NewestHeld(state, slot, ItemFamily.Cart), rules.InterestWindow);
        list.Add(Evidence.NewestHeld(state, slot, ItemFamily.Favorite), rules.InterestWindow);
        list.Add(Evidence.NewestOf(state, slot, EventType.Review), rules.LoyaltyWindow);
        foreach (ref readonly OrderEntry order in state.Orders.Items)
        {
            if (order.Slot == slot)
            {
                list.Add(order.PurchasedAt, rules.PurchaseWindow);
                list.Add(order.PurchasedAt, rules.LoyaltyWindow);
                list.Add(order.DepositAt, StateBounds.DepositMs);
            }
        }

        return list.Count;
    }

    private ref struct EndList(Span<long> ends, long after)
    {
        private readonly Span<long> _ends = ends;

        public int Count { get; private set; }

        public void Add(long at, long window)
        {
            if (at >= 0 && at + window > after)
            {
                _ends[Count++] = at + window;
            }
        }
    }
}
