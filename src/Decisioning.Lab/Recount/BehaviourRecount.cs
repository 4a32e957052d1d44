using Decisioning.Core.Catalogue;
using Decisioning.Core.Record;

namespace Decisioning.Lab.Recount;

/// <summary>How often something happened in the last 90 d, and when last; withdrawn things not counted.</summary>
internal readonly record struct RecountedBehaviour(long Count, long? LastAt);

/// <summary>Counts one brand's events by type, as a consumer's page shows them.</summary>
internal static class BehaviourRecount
{
    private static readonly (EventType In, EventType Out)[] Families =
    [
        (EventType.Favorite, EventType.Unfavorite), (EventType.Cart, EventType.RemoveFromCart),
        (EventType.Follow, EventType.Unfollow), (EventType.JoinMember, EventType.LeaveMember),
    ];

    public static RecountedBehaviour Of(EventType type, BrandEvidence evidence, IEnumerable<RecountedExposure> exposures)
    {
        long since = evidence.At - RecountRules.EvidenceReach;
        foreach ((EventType putIn, EventType takenOut) in Families)
        {
            if (type == putIn || type == takenOut)
            {
                return OfItems(type == putIn, evidence.Held(putIn, takenOut), evidence.TakenOut(putIn, takenOut), since);
            }
        }

        if (type is EventType.Purchase or EventType.Deposit or EventType.Refund)
        {
            return Of(evidence.Orders.Select(o => InstantOf(o, type)).OfType<long>(), since);
        }

        List<ConsumerEvent> events = [.. evidence.Of(type)];
        long? last = events.Count > 0 ? events.Max(e => e.OccurredAt) : null;
        return type <= EventType.Dismiss
            ? new RecountedBehaviour(exposures.Count(p => p.Brand == evidence.Brand.Symbol && p.Interactions.Contains(type) && p.At > since), last)
            : new RecountedBehaviour(events.Count(e => e.OccurredAt - e.OccurredAt % RecountRules.Hour + RecountRules.Hour > since), last);
    }

    /// <summary>Items that are out of reach are let go of, all but the newest of both kinds.</summary>
    private static RecountedBehaviour OfItems(bool wantsHeld, List<ConsumerEvent> held, List<ConsumerEvent> takenOut, long since)
    {
        long newest = held.Concat(takenOut).Select(e => e.OccurredAt).DefaultIfEmpty().Max();
        return Of((wantsHeld ? held : takenOut).Select(e => e.OccurredAt).Where(i => i > since || i == newest), since);
    }

    private static RecountedBehaviour Of(IEnumerable<long> instants, long since)
    {
        List<long> all = [.. instants];
        return new RecountedBehaviour(all.Count(i => i > since), all.Count > 0 ? all.Max() : null);
    }

    private static long? InstantOf(RecountedOrder order, EventType type) => type switch
    {
        EventType.Purchase => order.Counts ? order.PurchasedAt : null,
        EventType.Deposit => order.DepositAt,
        _ => order.RefundedAt,
    };
}
