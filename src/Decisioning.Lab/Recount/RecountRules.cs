namespace Decisioning.Lab.Recount;

/// <summary>The figures of DOMAIN.md and DESIGN.md that a recount needs, written down a second time: a wrong one in the engine must not be right here too. Milliseconds.</summary>
internal static class RecountRules
{
    public const long Hour = 3_600_000;
    public const long Day = 24 * Hour;

    /// <summary>How far back hourly counts and items reach.</summary>
    public const long EvidenceReach = 90 * Day;

    /// <summary>How long an event id is remembered, exposures are kept one by one, and a refund waits for its order.</summary>
    public const long Memory = 30 * Day;

    public const long DepositLasts = 30 * Day;

    /// <summary>Newest items kept, a brand and kind.</summary>
    public const int Items = 64;

    /// <summary>Newest orders kept, a brand.</summary>
    public const int Orders = 64;

    /// <summary>Exposures kept one by one, a consumer.</summary>
    public const int Exposures = 256;

    /// <summary>Changes of stage kept, a consumer and brand: what lies before them is not known any more.</summary>
    public const int StageChanges = 32;

    /// <summary>Trials of campaigns kept, a consumer.</summary>
    public const int Trials = 64;

    /// <summary>A review of this rating and above is positive.</summary>
    public const int PositiveRating = 4;

    /// <summary>How far a turn may lie behind the newest one for its moves between stages to be booked in its own hour whatever was stored.</summary>
    public const long LateAfter = 48 * Hour;

    /// <summary>Last instant of the UTC day of an instant.</summary>
    public static long EndOfDay(long at) => at - at % Day + Day - 1;

    /// <summary>Evidence is live while occurredAt ≤ t &lt; occurredAt + window.</summary>
    public static bool IsLive(long occurredAt, long window, long t) => occurredAt <= t && t < occurredAt + window;
}
