using Decisioning.Core.Catalogue;
using Decisioning.Core.Record;

namespace Decisioning.Lab.Recount;

/// <summary>One order, put together from its purchases, deposits and refunds. Instants are null where there was none; money is in micros.</summary>
internal sealed record RecountedOrder(string OrderId, long? PurchasedAt, int PurchaseDay, long? DepositAt, long Value, long Refunded, long? RefundedAt)
{
    public long At => PurchasedAt ?? DepositAt ?? RefundedAt!.Value;

    public bool Waits => PurchasedAt is null && DepositAt is null;

    /// <summary>Bought and not refunded in full.</summary>
    public bool Counts => PurchasedAt is not null && (RefundedAt is null || Refunded < Value);

    public string Status => Waits ? "refund_waiting"
        : Counts ? "purchased"
        : PurchasedAt is not null || RefundedAt is not null ? "refunded"
        : "deposit";
}

/// <summary>Puts orders together: of several purchases of one order the newest counts (then the dearest), of several deposits too; refunds add up.</summary>
internal static class OrderRecount
{
    /// <param name="events">Of one brand, in the order they came.</param>
    /// <param name="t">Instant of the recount.</param>
    public static List<RecountedOrder> Of(IEnumerable<BookedEvent> events, long t) =>
    [
        .. events.Where(b => b.Event.Type is EventType.Purchase or EventType.Deposit or EventType.Refund)
            .GroupBy(b => b.Event.OrderId!, StringComparer.Ordinal)
            .Select(o => Of(o.Key, Remembered(o)))
            .Where(o => !o.Waits || t - o.At <= RecountRules.Memory)
            .OrderBy(o => o.At).ThenBy(o => o.OrderId, StringComparer.Ordinal),
    ];

    /// <summary>Refunds that waited for their order for over 30 d were forgotten when it came after all.</summary>
    private static List<ConsumerEvent> Remembered(IEnumerable<BookedEvent> order)
    {
        List<ConsumerEvent> remembered = [];
        foreach ((ConsumerEvent e, long at, _) in order)
        {
            if (remembered.Count > 0 && remembered.TrueForAll(r => r.Type == EventType.Refund) && at - remembered.Max(r => r.OccurredAt) > RecountRules.Memory)
            {
                remembered.Clear();
            }

            remembered.Add(e);
        }

        return remembered;
    }

    private static RecountedOrder Of(string id, List<ConsumerEvent> events)
    {
        List<ConsumerEvent> purchases = Newest(events, EventType.Purchase);
        List<ConsumerEvent> deposits = Newest(events, EventType.Deposit);
        List<ConsumerEvent> refunds = Newest(events, EventType.Refund);
        return new RecountedOrder(
            id,
            purchases.Count > 0 ? purchases[0].OccurredAt : null,
            purchases.Count > 0 ? purchases[0].LocalDay : 0,
            deposits.Count > 0 ? deposits[0].OccurredAt : null,
            purchases.Count > 0 ? purchases[0].Value : deposits.Count > 0 ? deposits[0].Value : 0,
            refunds.Sum(r => r.Value),
            refunds.Count > 0 ? refunds[0].OccurredAt : null);
    }

    private static List<ConsumerEvent> Newest(List<ConsumerEvent> events, EventType type) =>
        [.. events.Where(e => e.Type == type).OrderByDescending(e => e.OccurredAt).ThenByDescending(e => e.Value)];
}
