namespace Decisioning.Core.Aggregate;

/// <summary>Every bound of a brand's books, in one place.</summary>
public static class BookBounds
{
    /// <summary>Channels told apart by name; further ones count as other.</summary>
    public const int Channels = 64;

    /// <summary>Lines of the asset ledger that are kept whole, the newest.</summary>
    public const int Lines = 100;

    /// <summary>Seconds of the activity strip.</summary>
    public const int StripSeconds = 60;

    /// <summary>Days of the intent index's window and of dwell times; the index looks at as many before.</summary>
    public const int WindowDays = 28;

    /// <summary>Hours whose flows a pulse shows.</summary>
    public const int FlowHours = 24;

    /// <summary>Hours that stay in memory after they were stored: those of a pulse and a little more, for turns that come late.</summary>
    public const int KeptHours = 48;

    /// <summary>Where channels beyond the bound, or with a mark that means several, are shown.</summary>
    public const string OtherChannel = "other";
}
