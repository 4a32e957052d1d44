namespace Decisioning.Core.Consumers;

/// <summary>Every bound of a consumer's state, in one place. Beyond one of the refusing kind an event is answered <c>consumer.full</c>.</summary>
public static class StateBounds
{
    public const long MillisecondsPerHour = 3_600_000;
    public const long MillisecondsPerDay = 86_400_000;

    /// <summary>Brands a consumer may have a record with; refuses.</summary>
    public const int Relationships = 255;

    /// <summary>(brand, kind) newest instants: one for each type of event.</summary>
    public const int Newest = ((int)Catalogue.EventType.LeaveMember + 1) * Relationships;

    /// <summary>(brand, hour, kind) counts; refuses.</summary>
    public const int Hours = 16_384;

    /// <summary>Event ids remembered; refuses.</summary>
    public const int EventIds = 4_096;

    /// <summary>Events ahead of the clock; refuses.</summary>
    public const int Pending = 256;

    /// <summary>Newest kept, a brand and family.</summary>
    public const int Items = 64;

    /// <summary>Newest kept, a brand, by (instant, order id).</summary>
    public const int Orders = 64;

    /// <summary>Refunds that wait for their order, a brand; refuses with <c>event.order_unknown</c>.</summary>
    public const int WaitingRefunds = 16;

    /// <summary>Newest kept in full; older ones go to counters.</summary>
    public const int Exposures = 256;

    /// <summary>Counters by day of exposures gone from the list; beyond it the oldest days merge into the lifetime count.</summary>
    public const int CapCounters = 1_024;

    /// <summary>Changes of stage shown, a brand.</summary>
    public const int StageChanges = 32;

    /// <summary>Trials of campaigns against their holdouts, the newest; one that was let go of may be entered again.</summary>
    public const int Trials = 64;

    /// <summary>Attributes of a consumer; a request that would exceed it is refused by the API's own bound first.</summary>
    public const int Attributes = 32;

    /// <summary>Requests remembered for repeats.</summary>
    public const int Memos = 8;

    /// <summary>How long a request is remembered.</summary>
    public const long MemoMs = 5 * 60_000;

    /// <summary>How long hourly counts and items are kept.</summary>
    public const long EvidenceMs = 90 * MillisecondsPerDay;

    /// <summary>How late an event may be, how long its id is remembered, how long exposures are kept in full and a refund waits.</summary>
    public const long LateMs = 30 * MillisecondsPerDay;

    /// <summary>How far ahead of the clock an event may be.</summary>
    public const long AheadMs = 5 * 60_000;

    /// <summary>How long a deposit counts at most.</summary>
    public const long DepositMs = 30 * MillisecondsPerDay;

    /// <summary>Longest purchase window a brand may set: orders older than this are dropped.</summary>
    public const long OrderMs = 1_825 * MillisecondsPerDay;

    /// <summary>Longest rolling cap.</summary>
    public const long CapMs = 730 * MillisecondsPerDay;
}
