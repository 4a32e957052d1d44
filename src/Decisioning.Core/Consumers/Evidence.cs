using System.Runtime.InteropServices;
using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Consumers;

/// <summary>What the state's lists say of one brand: newest instants, hourly counts, items held, orders. Everything in the lists lies at or before the turn's instant.</summary>
public static class Evidence
{
    /// <summary>Where an instant is not known.</summary>
    public const long Never = -1;

    /// <summary>The newest instant of a kind that is kept as such; <see cref="Never"/> where there is none.</summary>
    public static long NewestOf(ConsumerState state, int slot, EventType kind)
    {
        if (kind == EventType.View)
        {
            return NewestView(state, slot, 0);
        }

        return NewestOf(NewestOf(state, slot), kind);
    }

    /// <summary>The newest instants of one slot's kinds, for asking about several of them; product views are kept by day instead.</summary>
    internal static ReadOnlySpan<NewestEntry> NewestOf(ConsumerState state, int slot) => SlotRange(state.Newest, slot);

    /// <summary>As <see cref="NewestOf(ConsumerState, int, EventType)"/>, among one slot's.</summary>
    internal static long NewestOf(ReadOnlySpan<NewestEntry> ofSlot, EventType kind)
    {
        foreach (ref readonly NewestEntry entry in ofSlot)
        {
            if (entry.Kind == kind)
            {
                return entry.Instant;
            }
        }

        return Never;
    }

    /// <summary>The newest instant of any event type, withdrawn ones left out: what exits and audiences ask for.</summary>
    public static long NewestEvent(ConsumerState state, int slot, EventType type) => type switch
    {
        EventType.Purchase => LastPurchase(state, slot),
        EventType.Deposit => LastDeposit(state, slot),
        EventType.Refund => LastRefund(state, slot),
        EventType.Favorite => NewestHeld(state, slot, ItemFamily.Favorite),
        EventType.Cart => NewestHeld(state, slot, ItemFamily.Cart),
        EventType.Follow => NewestHeld(state, slot, ItemFamily.Follow),
        EventType.JoinMember => NewestHeld(state, slot, ItemFamily.Member),
        EventType.Unfavorite => NewestOut(state, slot, ItemFamily.Favorite),
        EventType.RemoveFromCart => NewestOut(state, slot, ItemFamily.Cart),
        EventType.Unfollow => NewestOut(state, slot, ItemFamily.Follow),
        EventType.LeaveMember => NewestOut(state, slot, ItemFamily.Member),
        _ => NewestOf(state, slot, type),
    };

    /// <summary>The newest product view of the newest (0) or second newest (1) local day with one; <see cref="Never"/> where there is none.</summary>
    public static long NewestView(ConsumerState state, int slot, int daysBack)
    {
        ReadOnlySpan<ViewDayEntry> days = SlotRange(state.ViewDays, slot);
        return days.Length > daysBack ? days[^(daysBack + 1)].Instant : Never;
    }

    /// <summary>The newest putting in that no later taking out of the same item undid; <see cref="Never"/> where nothing is held.</summary>
    public static long NewestHeld(ConsumerState state, int slot, ItemFamily family)
    {
        ReadOnlySpan<ItemEntry> items = ItemsOf(state, slot, family);
        for (int i = items.Length - 1; i >= 0; i--)
        {
            if (IsHeld(items, i))
            {
                return items[i].Instant;
            }
        }

        return Never;
    }

    /// <summary>Whether the entry puts its item in and nothing after it takes it out.</summary>
    public static bool IsHeld(ReadOnlySpan<ItemEntry> items, int index)
    {
        if (items[index].IsOut)
        {
            return false;
        }

        for (int i = index + 1; i < items.Length; i++)
        {
            if (items[i].IsOut && items[i].Item == items[index].Item)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Entries of one brand and family, oldest first.</summary>
    public static ReadOnlySpan<ItemEntry> ItemsOf(ConsumerState state, int slot, ItemFamily family)
    {
        ReadOnlySpan<ItemEntry> items = state.Items.Items;
        int start = 0;
        while (start < items.Length && (items[start].Slot < slot || (items[start].Slot == slot && items[start].Family < family)))
        {
            start++;
        }

        int end = start;
        while (end < items.Length && items[end].Slot == slot && items[end].Family == family)
        {
            end++;
        }

        return items[start..end];
    }

    /// <summary>Instant of the newest purchase that was not refunded in full; <see cref="Never"/> where there is none.</summary>
    public static long LastPurchase(ConsumerState state, int slot)
    {
        long last = Never;
        foreach (ref readonly OrderEntry order in state.Orders.Items)
        {
            if (order.Slot == slot && order.CountsAsPurchase)
            {
                last = Math.Max(last, order.PurchasedAt);
            }
        }

        return last;
    }

    /// <summary>
    /// Counts of a kind after an instant: items and orders exactly, ad interactions by the instant of their decision (30 d), other kinds from the hour
    /// that contains the instant.
    /// </summary>
    public static long CountSince(ConsumerState state, int slot, EventType type, long since)
    {
        long count = 0;
        if (FamilyOf(type, out bool isOut) is { } family)
        {
            ReadOnlySpan<ItemEntry> items = ItemsOf(state, slot, family);
            for (int i = 0; i < items.Length; i++)
            {
                count += items[i].Instant > since && (isOut ? items[i].IsOut : IsHeld(items, i)) ? 1 : 0;
            }

            return count;
        }

        if (type is EventType.Purchase or EventType.Deposit or EventType.Refund)
        {
            foreach (ref readonly OrderEntry order in state.Orders.Items)
            {
                long at = type switch
                {
                    EventType.Purchase => order.CountsAsPurchase ? order.PurchasedAt : Never,
                    EventType.Deposit => order.DepositAt,
                    _ => order.RefundedAt,
                };
                count += order.Slot == slot && at > since ? 1 : 0;
            }

            return count;
        }

        if (type <= EventType.Dismiss)
        {
            foreach (ref readonly ExposureEntry exposure in state.ExposuresBySlot.Of(slot))
            {
                count += exposure.Has(type) && exposure.At > since ? 1 : 0;
            }

            return count;
        }

        foreach (ref readonly HourEntry hour in SlotRange(state.Hours, slot))
        {
            count += hour.Kind == type && hour.StartsAt + StateBounds.MillisecondsPerHour > since ? hour.Count : 0;
        }

        return count;
    }

    /// <summary>The family that an event puts into or takes out of; null where it is of neither kind.</summary>
    public static ItemFamily? FamilyOf(EventType type, out bool isOut)
    {
        isOut = type is EventType.Unfavorite or EventType.RemoveFromCart or EventType.Unfollow or EventType.LeaveMember;
        return type switch
        {
            EventType.Favorite or EventType.Unfavorite => ItemFamily.Favorite,
            EventType.Cart or EventType.RemoveFromCart => ItemFamily.Cart,
            EventType.Follow or EventType.Unfollow => ItemFamily.Follow,
            EventType.JoinMember or EventType.LeaveMember => ItemFamily.Member,
            _ => null,
        };
    }

    /// <summary>The entries of one slot in a list that sorts by slot first.</summary>
    internal static ReadOnlySpan<T> SlotRange<T>(StructList<T> list, int slot)
        where T : struct
    {
        ReadOnlySpan<ulong> numbers = MemoryMarshal.Cast<T, ulong>(list.Items);
        int start = LowerBound(numbers, (ulong)slot << 56);
        int end = slot == 255 ? numbers.Length : start + LowerBound(numbers[start..], (ulong)(slot + 1) << 56);
        return list.Items[start..end];
    }

    internal static int LowerBound(ReadOnlySpan<ulong> sorted, ulong value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static long NewestOut(ConsumerState state, int slot, ItemFamily family)
    {
        ReadOnlySpan<ItemEntry> items = ItemsOf(state, slot, family);
        for (int i = items.Length - 1; i >= 0; i--)
        {
            if (items[i].IsOut)
            {
                return items[i].Instant;
            }
        }

        return Never;
    }

    private static long LastDeposit(ConsumerState state, int slot)
    {
        long last = Never;
        foreach (ref readonly OrderEntry order in state.Orders.Items)
        {
            last = order.Slot == slot ? Math.Max(last, order.DepositAt) : last;
        }

        return last;
    }

    private static long LastRefund(ConsumerState state, int slot)
    {
        long last = Never;
        foreach (ref readonly OrderEntry order in state.Orders.Items)
        {
            last = order.Slot == slot ? Math.Max(last, order.RefundedAt) : last;
        }

        return last;
    }
}
