using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Record;

/// <summary>
/// Puts one event into a consumer's evidence. Whatever the order events come in, the lists end up the same: newest instants and days by maximum, counts by
/// addition, items and orders as sets with the newest kept.
/// </summary>
internal static class EvidenceRecorder
{
    /// <summary>Records an event whose instant is not ahead of <paramref name="now"/>. The slot is the brand's.</summary>
    public static void Apply(ConsumerState state, int slot, in ConsumerEvent e, long now)
    {
        if (Evidence.FamilyOf(e.Type, out bool isOut) is { } family)
        {
            ApplyItem(state, new ItemEntry(slot, family, e.OccurredAt, isOut, e.ItemHash));
            return;
        }

        switch (e.Type)
        {
            case EventType.Purchase or EventType.Deposit or EventType.Refund:
                ApplyOrder(state, slot, e);
                return;
            case EventType.View:
                ApplyView(state, new ViewDayEntry(slot, e.LocalDay, e.OccurredAt));
                CountHour(state, slot, e, now);
                return;
            case EventType.Review when e.Rating < 4:
                return;
            default:
                ApplyNewest(state, new NewestEntry(slot, e.Type, e.OccurredAt));
                if (e.Type > EventType.Dismiss)
                {
                    CountHour(state, slot, e, now);
                }

                return;
        }
    }

    /// <summary>The order of a brand with that id, −1 where there is none.</summary>
    /// <param name="state">The consumer.</param>
    /// <param name="slot">The brand's slot.</param>
    /// <param name="id">At most <see cref="EventRules.MaxIdBytes"/> bytes of UTF-8.</param>
    public static int FindOrder(ConsumerState state, int slot, string? id)
    {
        Span<byte> utf8 = stackalloc byte[EventRules.MaxIdBytes];
        return FindOrder(state, slot, utf8[..Encoding.UTF8.GetBytes(id, utf8)]);
    }

    /// <summary>The order of a brand with that id, −1 where there is none.</summary>
    public static int FindOrder(ConsumerState state, int slot, ReadOnlySpan<byte> id)
    {
        for (int i = 0; i < state.Orders.Count; i++)
        {
            if (state.Orders[i].Slot == slot && state.TextOf(state.Orders[i].Id).SequenceEqual(id))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Forgets what no rule can ask for any more.</summary>
    public static void Prune(ConsumerState state, long now)
    {
        long before = now - StateBounds.EvidenceMs;
        for (int i = state.Hours.Count - 1; i >= 0; i--)
        {
            if (state.Hours[i].StartsAt <= before)
            {
                state.Hours.RemoveAt(i);
            }
        }

        PruneItems(state, before);
        for (int i = state.Orders.Count - 1; i >= 0; i--)
        {
            ref readonly OrderEntry order = ref state.Orders[i];
            // The order of a refund may be exactly as late as events may be.
            long keep = order.IsWaitingRefund ? StateBounds.LateMs : StateBounds.OrderMs - 1;
            if (now - order.At > keep)
            {
                state.Orders.RemoveAt(i);
            }
        }
    }

    private static void ApplyNewest(ConsumerState state, NewestEntry entry)
    {
        StructList<NewestEntry> list = state.Newest;
        for (int i = 0; i < list.Count; i++)
        {
            if (list[i].Packed >> 48 == entry.Packed >> 48)
            {
                list[i] = list[i].Packed >= entry.Packed ? list[i] : entry;
                return;
            }

            if (list[i].Packed > entry.Packed)
            {
                list.Insert(i, entry);
                return;
            }
        }

        list.Add(entry);
    }

    private static void CountHour(ConsumerState state, int slot, in ConsumerEvent e, long now)
    {
        int hour = (int)(e.OccurredAt / StateBounds.MillisecondsPerHour);
        if (hour * StateBounds.MillisecondsPerHour <= now - StateBounds.EvidenceMs)
        {
            return;
        }

        StructList<HourEntry> list = state.Hours;
        var wanted = new HourEntry(slot, hour, e.Type, 0);
        int at = list.Count;
        while (at > 0 && list[at - 1].Packed >= wanted.Packed)
        {
            at--;
        }

        if (at < list.Count && list[at].Packed >> 24 == wanted.Packed >> 24)
        {
            list[at] = new HourEntry(slot, hour, e.Type, list[at].Count + 1);
        }
        else
        {
            list.Insert(at, new HourEntry(slot, hour, e.Type, 1));
        }
    }

    /// <summary>Keeps the newest instant of each of the two newest days with a view.</summary>
    private static void ApplyView(ConsumerState state, ViewDayEntry entry)
    {
        StructList<ViewDayEntry> list = state.ViewDays;
        int at = list.Count;
        while (at > 0 && list[at - 1].Packed > entry.Packed)
        {
            at--;
        }

        bool sameAsNext = at < list.Count && list[at].Packed >> 40 == entry.Packed >> 40;
        bool sameAsPrevious = at > 0 && list[at - 1].Packed >> 40 == entry.Packed >> 40;
        if (sameAsNext)
        {
            return;
        }

        if (sameAsPrevious)
        {
            list[at - 1] = entry;
            return;
        }

        list.Insert(at, entry);
        int first = Evidence.LowerBound(System.Runtime.InteropServices.MemoryMarshal.Cast<ViewDayEntry, ulong>(list.Items), (ulong)entry.Slot << 56);
        int days = 0;
        while (first + days < list.Count && list[first + days].Slot == entry.Slot)
        {
            days++;
        }

        if (days > 2)
        {
            list.RemoveAt(first);
        }
    }

    private static void ApplyItem(ConsumerState state, in ItemEntry entry)
    {
        StructList<ItemEntry> list = state.Items;
        int at = list.Count;
        while (at > 0 && list[at - 1].CompareTo(entry) > 0)
        {
            at--;
        }

        list.Insert(at, entry);
        ReadOnlySpan<ItemEntry> family = Evidence.ItemsOf(state, entry.Slot, entry.Family);
        if (family.Length > StateBounds.Items)
        {
            for (int i = 0; i < list.Count; i++)
            {
                if (list[i].Slot == entry.Slot && list[i].Family == entry.Family)
                {
                    list.RemoveAt(i);
                    return;
                }
            }
        }
    }

    private static void ApplyOrder(ConsumerState state, int slot, in ConsumerEvent e)
    {
        Span<byte> id = stackalloc byte[EventRules.MaxIdBytes];
        id = id[..Encoding.UTF8.GetBytes(e.OrderId, id)];
        int index = FindOrder(state, slot, id);
        if (index < 0)
        {
            state.Orders.Add(new OrderEntry
            {
                Slot = slot,
                Id = state.AddText(id),
                PurchasedAt = Evidence.Never,
                DepositAt = Evidence.Never,
                RefundedAt = Evidence.Never,
            });
            index = state.Orders.Count - 1;
        }

        ref OrderEntry order = ref state.Orders[index];
        switch (e.Type)
        {
            case EventType.Purchase when (e.OccurredAt, e.Value).CompareTo((order.PurchasedAt, order.PurchasedAt < 0 ? 0 : order.Value)) > 0:
                order.PurchasedAt = e.OccurredAt;
                order.PurchaseDay = e.LocalDay;
                order.Value = e.Value;
                break;
            case EventType.Deposit:
                if (order.PurchasedAt < 0 && e.OccurredAt >= order.DepositAt)
                {
                    order.Value = e.OccurredAt == order.DepositAt ? Math.Max(order.Value, e.Value) : e.Value;
                }

                order.DepositAt = Math.Max(order.DepositAt, e.OccurredAt);
                break;
            case EventType.Refund:
                order.Refunded = checked(order.Refunded + e.Value);
                order.RefundedAt = Math.Max(order.RefundedAt, e.OccurredAt);
                break;
        }

        DropOldestOrder(state, slot);
    }

    private static void DropOldestOrder(ConsumerState state, int slot)
    {
        int count = 0, oldest = -1;
        for (int i = 0; i < state.Orders.Count; i++)
        {
            if (state.Orders[i].Slot != slot)
            {
                continue;
            }

            count++;
            if (oldest < 0 || Compare(state, state.Orders[i], state.Orders[oldest]) < 0)
            {
                oldest = i;
            }
        }

        if (count > StateBounds.Orders)
        {
            state.Orders.RemoveAt(oldest);
        }
    }

    private static int Compare(ConsumerState state, in OrderEntry a, in OrderEntry b) =>
        a.At != b.At ? a.At.CompareTo(b.At) : state.TextOf(a.Id).SequenceCompareTo(state.TextOf(b.Id));

    /// <summary>Items leave after 90 d; the newest entry of each family stays: following and membership last, and so does the end of a story.</summary>
    private static void PruneItems(ConsumerState state, long before)
    {
        StructList<ItemEntry> list = state.Items;
        for (int i = list.Count - 1; i >= 0; i--)
        {
            bool newestOfItsKind = i == list.Count - 1 || list[i + 1].Slot != list[i].Slot || list[i + 1].Family != list[i].Family;
            if (list[i].Instant <= before && !newestOfItsKind)
            {
                list.RemoveAt(i);
            }
        }
    }
}
