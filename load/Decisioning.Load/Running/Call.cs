namespace Decisioning.Load.Running;

/// <summary>What is asked of the server; the figures of each kind are kept apart.</summary>
internal enum CallKind : byte
{
    /// <summary>A decision.</summary>
    Decisions,

    /// <summary>A batch of events.</summary>
    Events,

    /// <summary>A tracker's address is called.</summary>
    Trackers,

    /// <summary>A brand's document is put anew.</summary>
    Changes,

    /// <summary>Something that must be refused.</summary>
    Bad,
}

/// <summary>Which tracker of a decision.</summary>
internal enum TrackerKind : byte
{
    Impression,
    Viewable,
    Click,
}

/// <summary>One call to the server, from the instant when it is meant to be sent.</summary>
internal struct Call
{
    /// <summary>When it is meant to be sent, in ticks of the machine's clock.</summary>
    public long Due;

    /// <summary>The number of the request or of the batch: the same again for a retry.</summary>
    public long Number;

    /// <summary>Who it is about.</summary>
    public int Consumer;

    /// <summary>A tracker's token in the <see cref="TokenStore"/>.</summary>
    public int Token;

    /// <summary>Which brand it names; -1: none.</summary>
    public short Brand;

    public CallKind Kind;

    /// <summary>Of a tracker: which. Of events: 1 for the purchase of one who clicked. Of bad input: which.</summary>
    public byte Variant;

    /// <summary>Whether the same was answered before.</summary>
    public bool Again;

    /// <summary>Of a decision and its retry: how many of its consumer's had been answered when it was first asked for.</summary>
    public int Answered;
}
