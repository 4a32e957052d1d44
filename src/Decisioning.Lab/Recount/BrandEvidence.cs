using Decisioning.Core.Catalogue;
using Decisioning.Core.Record;

namespace Decisioning.Lab.Recount;

/// <summary>What one consumer did with one brand up to an instant, as plain lists.</summary>
internal sealed class BrandEvidence
{
    private readonly List<ConsumerEvent> _events;

    public BrandEvidence(ConsumerBook book, BrandSnapshot brand, long t)
        : this(book.Events, brand, t)
    {
    }

    /// <param name="booked">What had come by then, in the order it came.</param>
    /// <param name="brand">Whose rules count.</param>
    /// <param name="t">The instant of the recount.</param>
    public BrandEvidence(IEnumerable<BookedEvent> booked, BrandSnapshot brand, long t)
    {
        Brand = brand;
        At = t;
        List<BookedEvent> events = [.. booked.Where(b => b.Event.Brand == brand.Symbol && b.Event.OccurredAt <= t)];
        _events = events.ConvertAll(b => b.Event);
        Orders = OrderRecount.Of(events, t);
    }

    public BrandSnapshot Brand { get; }

    /// <summary>The instant of the recount.</summary>
    public long At { get; }

    /// <summary>Every order ever heard of, oldest first.</summary>
    public List<RecountedOrder> Orders { get; }

    /// <summary>Events of a type that leave evidence as such; of reviews the positive ones.</summary>
    public IEnumerable<ConsumerEvent> Of(EventType type) =>
        _events.Where(e => e.Type == type && (type != EventType.Review || e.Rating >= RecountRules.PositiveRating));

    public bool AnyLive(EventType type, long window) => Of(type).Any(e => RecountRules.IsLive(e.OccurredAt, window, At));

    /// <summary>Puttings-in that no later (or simultaneous) taking-out of the same item withdrew, among the newest that are kept.</summary>
    public List<ConsumerEvent> Held(EventType putIn, EventType takenOut)
    {
        List<ConsumerEvent> kept = KeptItems(putIn, takenOut);
        return kept.FindAll(e => e.Type == putIn && !kept.Exists(o => o.Type == takenOut && o.ItemHash == e.ItemHash && o.OccurredAt >= e.OccurredAt));
    }

    /// <summary>Takings-out among the newest items that are kept.</summary>
    public List<ConsumerEvent> TakenOut(EventType putIn, EventType takenOut) => KeptItems(putIn, takenOut).FindAll(e => e.Type == takenOut);

    private List<ConsumerEvent> KeptItems(EventType putIn, EventType takenOut)
    {
        List<ConsumerEvent> both =
        [
            .. _events.Where(e => e.Type == putIn || e.Type == takenOut).OrderBy(e => e.OccurredAt).ThenBy(e => e.Type == takenOut).ThenBy(e => e.ItemHash),
        ];
        return both.Count > RecountRules.Items ? both[^RecountRules.Items..] : both;
    }
}
