using Decisioning.Core.Catalogue;
using Decisioning.Core.Record;

namespace Decisioning.Lab.Recount;

/// <summary>
/// Splits one consumer's behaviours and purchases over touched decisions, as they came: a decision is touched by a click within the brand's click look-back, else by
/// a viewable showing within the viewable one; shares are whole millionths or micros and the newest decision takes the rest. The same behaviours count in trials.
/// </summary>
internal sealed class CreditRecount(ExposureRecount exposures, TrialRecount trials, FigureSums sums)
{
    /// <summary>A whole conversion, or weight 1.</summary>
    private const long Unit = 1_000_000;

    /// <summary>The heaviest weight that is told apart.</summary>
    private const double MaxWeight = 1_000_000;

    /// <summary>Most of one behaviour a day that are told apart.</summary>
    private const double MaxPerDay = 63;

    private readonly Dictionary<(int Brand, EventType Type, int Day), int> _arrivals = [];
    private readonly Dictionary<(int Brand, string Order), bool> _orders = [];
    private readonly HashSet<int> _crowded = [];

    /// <summary>Brands of which there are more orders than are kept: one that was let go of may be bought again.</summary>
    public IReadOnlySet<int> Crowded => _crowded;

    /// <summary>Takes in the next event, before it joins the exposures.</summary>
    public void Add(in BookedEvent booked, BrandSnapshot? brand)
    {
        (ConsumerEvent e, long at, bool imported) = booked;
        if (e.Type is EventType.Purchase or EventType.Deposit or EventType.Refund)
        {
            AddOrder(e, at, imported, brand);
        }
        else if (!imported && brand is not null && Array.IndexOf(IntentRules.Behaviours, e.Type) is >= 0 and int behaviour)
        {
            IntentRule rule = brand.Rules.Intent[behaviour];
            int before = _arrivals.GetValueOrDefault((e.Brand, e.Type, e.ReceivedDay));
            _arrivals[(e.Brand, e.Type, e.ReceivedDay)] = before + 1;
            long weight = (long)Math.Round(Math.Min(rule.Weight, MaxWeight) * Unit, MidpointRounding.AwayFromZero);
            if (before < Math.Ceiling(Math.Min(rule.Cap, MaxPerDay)) && weight > 0)
            {
                Split(e, at, brand, weight, 0);
                trials.Add(brand, e.OccurredAt, weight);
            }
        }
    }

    private void AddOrder(in ConsumerEvent e, long at, bool imported, BrandSnapshot? brand)
    {
        (int, string) order = (e.Brand, e.OrderId!);
        bool bought = _orders.GetValueOrDefault(order);
        _orders[order] = bought || e.Type == EventType.Purchase;
        if (_orders.Keys.Count(o => o.Brand == order.Item1) > RecountRules.Orders)
        {
            _crowded.Add(e.Brand);
        }

        if (e.Type != EventType.Purchase || bought || imported)
        {
            return;
        }

        sums.AddBrand(e.Brand, FigureNames.Revenue, e.Value);
        sums.AddHour(e.Brand, at, FigureNames.Revenue, e.Value);
        if (brand is not null)
        {
            Split(e, at, brand, Unit, e.Value);
        }
    }

    private void Split(in ConsumerEvent e, long at, BrandSnapshot brand, long weight, long value)
    {
        long occurredAt = e.OccurredAt;
        List<RecountedExposure> touched =
        [
            .. exposures.All.Where(p => p.Brand == brand.Symbol && !p.Elsewhere && !ExposureRecount.IsAged(p, at)
                && p.At <= occurredAt && occurredAt - p.At < LookBack(p, brand.Rules)),
        ];
        bool isPurchase = e.Type == EventType.Purchase;
        if (touched.Count == 0)
        {
            sums.AddHour(e.Brand, at, FigureNames.Organic, isPurchase ? 0 : weight);
            return;
        }

        sums.AddHour(e.Brand, at, isPurchase ? FigureNames.Conversions : FigureNames.Credits, weight);
        for (int i = 0; i < touched.Count; i++)
        {
            bool newest = i == touched.Count - 1;
            var of = new Delivered(e.Brand, touched[i].Campaign, touched[i].Step, touched[i].Creative, touched[i].ChannelMark);
            sums.AddDelivery(of, isPurchase ? FigureNames.Conversions : FigureNames.Credits, weight / touched.Count + (newest ? weight % touched.Count : 0));
            sums.AddDelivery(of, FigureNames.Revenue, value / touched.Count + (newest ? value % touched.Count : 0));
        }
    }

    private static long LookBack(RecountedExposure place, BrandRules rules) => Math.Max(
        place.Interactions.Contains(EventType.Click) ? rules.ClickLookBack : 0,
        place.Interactions.Contains(EventType.Viewable) ? rules.ViewableLookBack : 0);
}
