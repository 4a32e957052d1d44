using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record.Facts;

namespace Decisioning.Core.Record;

/// <summary>
/// Splits behaviours and purchases over the decisions that were touched before them. A touch is one decision at its strongest interaction, placed at the
/// decision's instant: a click counts for the brand's click look-back, else a viewable showing for the viewable one. Shares are whole and sum to what is split;
/// the newest decision takes the rest. What no touch precedes is organic.
/// </summary>
internal static class TouchCredits
{
    /// <summary>A whole conversion, or weight 1, in the units of the books.</summary>
    public const long Unit = 1_000_000;

    /// <summary>The heaviest weight of a behaviour that is told apart in the books.</summary>
    public const double MaxWeight = 1_000_000;

    /// <summary>The weight of one behaviour in millionths.</summary>
    public static long WeightOf(in IntentRule rule) => (long)Math.Round(Math.Min(rule.Weight, MaxWeight) * Unit, MidpointRounding.AwayFromZero);

    /// <summary>Events of the behaviour that earn credits, a consumer and day of arrival.</summary>
    public static int DailyCap(in IntentRule rule) => (int)Math.Ceiling(Math.Min(rule.Cap, DayCounts.MaxPerDay));

    /// <summary>Notes the arrival of an intent behaviour.</summary>
    /// <returns>Arrivals of it on that day before this one; −1 for other events.</returns>
    public static int CountArrival(ConsumerState state, int slot, in ConsumerEvent e)
    {
        int behaviour = IntentRules.IndexOf(e.Type);
        if (behaviour < 0)
        {
            return -1;
        }

        ref Relationship relationship = ref state.Relationships[slot];
        relationship.Arrivals = relationship.Arrivals.With(behaviour, e.ReceivedDay, out int before);
        return before;
    }

    /// <summary>Books an event that is no ad interaction, before it joins the evidence.</summary>
    /// <param name="state">The consumer.</param>
    /// <param name="slot">The brand's slot.</param>
    /// <param name="brand">The brand.</param>
    /// <param name="e">The event.</param>
    /// <param name="arrivals">What <see cref="CountArrival"/> gave for it.</param>
    /// <param name="facts">Written to.</param>
    public static void Book(ConsumerState state, int slot, BrandSnapshot brand, in ConsumerEvent e, int arrivals, FactWriter facts)
    {
        if (arrivals >= 0)
        {
            ref readonly IntentRule rule = ref brand.Rules.Intent[IntentRules.IndexOf(e.Type)];
            if (arrivals < DailyCap(rule) && WeightOf(rule) is > 0 and long weight)
            {
                Split(state, slot, brand, e, weight, 0, facts);
                Trials.Book(state, brand, e.OccurredAt, weight, facts);
            }
        }
        else if (e.Type == EventType.Purchase && !IsBought(state, slot, e))
        {
            facts.Money(FactKind.Purchase, e.Brand, e.Value);
            Split(state, slot, brand, e, Unit, e.Value, facts);
        }
        else if (e.Type == EventType.Refund)
        {
            facts.Money(FactKind.Refund, e.Brand, e.Value);
        }
    }

    /// <summary>
    /// Whether a click or viewable showing, not yet in the exposures, makes its decision a touch of a behaviour or purchase that is already recorded. Behaviours
    /// that are known by the hour alone count as at its start.
    /// </summary>
    public static bool IsLate(ConsumerState state, int slot, BrandRules rules, in ConsumerEvent e)
    {
        if (e.Ad.Elsewhere || e.Type is not (EventType.Click or EventType.Viewable))
        {
            return false;
        }

        int index = ExposureList.Find(state, e.Ad.DecidedAt, e.Ad.Ordinal);
        long before = index < 0 ? 0 : LookBack(state.Exposures[index], rules);
        long after = Math.Max(before, e.Type == EventType.Click ? rules.ClickLookBack : rules.ViewableLookBack);
        return after > before && HasOutcome(state, slot, e.Ad.DecidedAt + before, e.Ad.DecidedAt + after);
    }

    private static void Split(ConsumerState state, int slot, BrandSnapshot brand, in ConsumerEvent e, long weight, long value, FactWriter facts)
    {
        int touched = 0;
        foreach (ref readonly ExposureEntry exposure in state.Exposures.Items)
        {
            touched += Touches(exposure, slot, brand.Rules, e.OccurredAt) ? 1 : 0;
        }

        if (touched == 0)
        {
            facts.Organic(e.Brand, e.Type, weight, value);
            return;
        }

        int left = touched;
        foreach (ref readonly ExposureEntry exposure in state.Exposures.Items)
        {
            if (Touches(exposure, slot, brand.Rules, e.OccurredAt))
            {
                bool newest = --left == 0;
                facts.Credit(
                    e.Brand, e.Type, exposure, weight / touched + (newest ? weight % touched : 0), value / touched + (newest ? value % touched : 0));
            }
        }
    }

    private static bool Touches(in ExposureEntry exposure, int slot, BrandRules rules, long occurredAt) =>
        exposure.Slot == slot && exposure.At <= occurredAt && occurredAt - exposure.At < LookBack(exposure, rules);

    /// <summary>How long after its decision an exposure is a touch; 0 for one that is none.</summary>
    private static long LookBack(in ExposureEntry exposure, BrandRules rules)
    {
        long clicked = exposure.Has(EventType.Click) ? rules.ClickLookBack : 0;
        long seen = exposure.Has(EventType.Viewable) ? rules.ViewableLookBack : 0;
        return (exposure.Flags & ExposureFlags.Elsewhere) != 0 ? 0 : Math.Max(clicked, seen);
    }

    private static bool IsBought(ConsumerState state, int slot, in ConsumerEvent e)
    {
        int order = EvidenceRecorder.FindOrder(state, slot, e.OrderId);
        return order >= 0 && state.Orders[order].IsPurchased;
    }

    private static bool HasOutcome(ConsumerState state, int slot, long from, long until)
    {
        foreach (ref readonly OrderEntry order in state.Orders.Items)
        {
            if (order.Slot == slot && IsWithin(order.PurchasedAt, from, until))
            {
                return true;
            }
        }

        foreach (ref readonly ItemEntry item in state.Items.Items)
        {
            if (item.Slot == slot && !item.IsOut && item.Family != ItemFamily.Member && IsWithin(item.Instant, from, until))
            {
                return true;
            }
        }

        foreach (ref readonly NewestEntry newest in Evidence.SlotRange(state.Newest, slot))
        {
            if (IntentRules.IndexOf(newest.Kind) >= 0 && IsWithin(newest.Instant, from, until))
            {
                return true;
            }
        }

        return IsWithin(Evidence.NewestView(state, slot, 0), from, until)
            || IsWithin(Evidence.NewestView(state, slot, 1), from, until)
            || HasHour(state, slot, from, until);
    }

    private static bool HasHour(ConsumerState state, int slot, long from, long until)
    {
        foreach (ref readonly HourEntry hour in Evidence.SlotRange(state.Hours, slot))
        {
            if (IntentRules.IndexOf(hour.Kind) >= 0 && IsWithin(hour.StartsAt, from, until))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsWithin(long instant, long from, long until) => instant >= from && instant < until;
}
