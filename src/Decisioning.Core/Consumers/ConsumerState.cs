using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Consumers;

/// <summary>
/// The working form of one consumer's state: scratch, filled from the packed form, changed within a turn and packed again. Owned by one thread at a time and
/// used again for the next consumer. What the lists hold is a function of the set of events recorded, not of their order (relationship slots aside).
/// </summary>
public sealed class ConsumerState
{
    private readonly byte[] _id = new byte[128];
    private int _idLength;

    public ConsumerState() => ExposuresBySlot = new ExposureIndex(Exposures, Relationships);

    /// <summary>Turns so far that changed the state.</summary>
    public uint Sequence { get; set; }

    /// <summary>Instant of the last turn that changed the state; turns never go back behind it.</summary>
    public long LastInstant { get; set; }

    /// <summary>The host's position of the journal record of the last turn; 0 for none.</summary>
    public long Position { get; set; }

    /// <summary>Decisions so far; the next one's ordinal.</summary>
    public uint NextOrdinal { get; set; }

    /// <summary>
    /// The UTC hour (counted from the epoch) of the consumer's one calendar entry: no stage changes by time alone before it. 0: none, no change is due.
    /// </summary>
    public int CalendarHour { get; set; }

    /// <summary>True for what stands in a consumer's place under a contextual decision: an id that begins with a byte 1. It has no relationship to count.</summary>
    public bool IsMark => _idLength > 0 && _id[0] == 1;

    /// <summary>Exposures at or before this instant may have left the list.</summary>
    public long ArchivedUntil { get; set; }

    /// <summary>1 to 128 bytes.</summary>
    public ReadOnlySpan<byte> IdUtf8 => _id.AsSpan(0, _idLength);

    internal StructList<Relationship> Relationships { get; } = new(8);

    internal StructList<NewestEntry> Newest { get; } = new(32);

    internal StructList<HourEntry> Hours { get; } = new(64);

    internal StructList<ViewDayEntry> ViewDays { get; } = new(8);

    internal StructList<ItemEntry> Items { get; } = new(32);

    internal StructList<OrderEntry> Orders { get; } = new(8);

    internal StructList<ExposureEntry> Exposures { get; } = new(64);

    internal ExposureIndex ExposuresBySlot { get; }

    internal StructList<StepArchiveEntry> StepArchive { get; } = new(8);

    internal StructList<CapCounterEntry> CapCounters { get; } = new(16);

    internal StructList<StageChangeEntry> StageChanges { get; } = new(32);

    internal StructList<ulong> EventIds { get; } = new(64);

    /// <summary>Beside <see cref="EventIds"/>: the hour, modulo 2^16, from which the id may be forgotten.</summary>
    internal StructList<ushort> EventIdHours { get; } = new(64);

    internal StructList<AttributeEntry> Attributes { get; } = new(16);

    internal StructList<MemoEntry> Memos { get; } = new(8);

    internal StructList<PendingEntry> Pending { get; } = new(8);

    internal StructList<TrialEntry> Trials { get; } = new(8);

    internal StructList<byte> TextHeap { get; } = new(256);

    /// <summary>Starts a consumer never seen.</summary>
    public void Reset(ReadOnlySpan<byte> idUtf8)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(idUtf8.Length, _id.Length);
        idUtf8.CopyTo(_id);
        _idLength = idUtf8.Length;
        Sequence = 0;
        LastInstant = 0;
        Position = 0;
        NextOrdinal = 0;
        ArchivedUntil = 0;
        CalendarHour = 0;
        Relationships.Clear();
        Newest.Clear();
        Hours.Clear();
        ViewDays.Clear();
        Items.Clear();
        Orders.Clear();
        Exposures.Clear();
        ExposuresBySlot.Forget();
        StepArchive.Clear();
        CapCounters.Clear();
        StageChanges.Clear();
        EventIds.Clear();
        EventIdHours.Clear();
        Attributes.Clear();
        Memos.Clear();
        Pending.Clear();
        Trials.Clear();
        TextHeap.Clear();
    }

    /// <summary>The slot of a brand, −1 where there is no record with it.</summary>
    public int SlotOf(int brand)
    {
        Span<Relationship> relationships = Relationships.Items;
        for (int i = 0; i < relationships.Length; i++)
        {
            if (relationships[i].Brand == brand)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The fine stage that was last published for the brand of a slot: what the brand's books count the consumer in.</summary>
    /// <param name="slot">From <see cref="SlotOf"/>, not −1.</param>
    public DeeplinkStage PublishedStageOf(int slot) => Relationships[slot].Stage;

    /// <summary>The slot of a brand, made where there is none; −1 where there is no room for one more.</summary>
    internal int OpenSlot(int brand)
    {
        int slot = SlotOf(brand);
        if (slot >= 0 || Relationships.Count == StateBounds.Relationships)
        {
            return slot;
        }

        Relationships.Add(new Relationship(brand, Catalogue.DeeplinkStage.None));
        return Relationships.Count - 1;
    }

    internal TextRef AddText(ReadOnlySpan<byte> text)
    {
        var reference = new TextRef(TextHeap.Count, text.Length);
        text.CopyTo(TextHeap.Extend(text.Length));
        return reference;
    }

    internal ReadOnlySpan<byte> TextOf(TextRef reference) => TextHeap.Items.Slice(reference.Start, reference.Length);
}
