using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Consumers;

// The entries of a consumer's state. Those packed in one number sort by it: first by slot (the position of the brand among the consumer's
// relationships), then as each says. Instants are ms since the Unix epoch in 48 bits; hours are counted from the epoch, UTC.

/// <summary>One brand the consumer has any record with.</summary>
/// <param name="Brand">Brand symbol.</param>
/// <param name="Stage">The stage as last published: at the end of the last turn that changed it.</param>
/// <param name="Arrivals">Intent behaviours of the newest day on which one arrived.</param>
public record struct Relationship(int Brand, DeeplinkStage Stage, DayCounts Arrivals = default);

/// <summary>The newest instant of a kind of evidence: slot 8 | kind 8 | instant 48.</summary>
public readonly record struct NewestEntry(ulong Packed)
{
    public NewestEntry(int slot, EventType kind, long instant)
        : this((ulong)slot << 56 | (ulong)kind << 48 | (ulong)instant)
    {
    }

    public int Slot => (int)(Packed >> 56);

    public EventType Kind => (EventType)(byte)(Packed >> 48);

    public long Instant => (long)(Packed & 0xFFFF_FFFF_FFFF);
}

/// <summary>How often a kind happened in an hour: slot 8 | hour 24 | kind 8 | count 24.</summary>
public readonly record struct HourEntry(ulong Packed)
{
    public const int MaxCount = (1 << 24) - 1;

    public HourEntry(int slot, int hour, EventType kind, int count)
        : this((ulong)slot << 56 | (ulong)hour << 32 | (ulong)kind << 24 | (uint)count)
    {
    }

    public int Slot => (int)(Packed >> 56);

    public int Hour => (int)(Packed >> 32) & 0xFF_FFFF;

    public EventType Kind => (EventType)(byte)(Packed >> 24);

    public int Count => (int)Packed & MaxCount;

    public long StartsAt => Hour * StateBounds.MillisecondsPerHour;
}

/// <summary>The newest product view of a local day: slot 8 | day 16 | instant as ms from the day's UTC midnight 40 (biased).</summary>
public readonly record struct ViewDayEntry(ulong Packed)
{
    private const long Bias = 1L << 39;

    public ViewDayEntry(int slot, int day, long instant)
        : this((ulong)slot << 56 | (ulong)day << 40 | (ulong)(instant - day * BrandCalendar.MillisecondsPerDay + Bias))
    {
    }

    public int Slot => (int)(Packed >> 56);

    public int Day => (int)(Packed >> 40) & 0xFFFF;

    public long Instant => (long)(Packed & 0xFF_FFFF_FFFF) - Bias + Day * BrandCalendar.MillisecondsPerDay;
}

/// <summary>What can be taken back: by item for favourites and carts, one state a brand for following and membership.</summary>
public enum ItemFamily : byte { Favorite, Cart, Follow, Member }

/// <summary>One putting in or taking out: slot 8 | family 7 | instant 48 | out 1, then the item's hash. At one instant, out is after in, so it wins.</summary>
public readonly record struct ItemEntry(ulong Packed, ulong Item)
{
    public ItemEntry(int slot, ItemFamily family, long instant, bool isOut, ulong item)
        : this((ulong)slot << 56 | (ulong)family << 49 | (ulong)instant << 1 | (isOut ? 1UL : 0), item)
    {
    }

    public int Slot => (int)(Packed >> 56);

    public ItemFamily Family => (ItemFamily)((Packed >> 49) & 0x7F);

    public long Instant => (long)(Packed >> 1) & 0xFFFF_FFFF_FFFF;

    public bool IsOut => (Packed & 1) != 0;

    public int CompareTo(in ItemEntry other) => Packed != other.Packed ? Packed.CompareTo(other.Packed) : Item.CompareTo(other.Item);
}

/// <summary>One order, known from a purchase, a deposit, a refund, or several of them in any order. Instants are −1 where not seen; money is in micros.</summary>
public struct OrderEntry
{
    public int Slot;
    public TextRef Id;
    public long PurchasedAt;
    public int PurchaseDay;
    public long Value;
    public long DepositAt;
    public long Refunded;
    public long RefundedAt;

    /// <summary>The order's place among the others.</summary>
    public readonly long At => PurchasedAt >= 0 ? PurchasedAt : DepositAt >= 0 ? DepositAt : RefundedAt;

    public readonly bool IsPurchased => PurchasedAt >= 0;

    public readonly bool IsWaitingRefund => PurchasedAt < 0 && DepositAt < 0;

    /// <summary>A purchase that counts: not refunded in full.</summary>
    public readonly bool CountsAsPurchase => PurchasedAt >= 0 && (RefundedAt < 0 || Refunded < Value);
}

/// <summary>Bits of an exposure beside its interactions.</summary>
[Flags]
public enum ExposureFlags : byte
{
    None = 0,

    /// <summary>It counts: an impression (or anything that implies one) came, or the decision itself counted.</summary>
    Confirmed = 1,

    /// <summary>Its impression came after its reservation had been released.</summary>
    Late = 2,

    /// <summary>Reported by creative, shown elsewhere: no decision behind it.</summary>
    Elsewhere = 4,
}

/// <summary>
/// A decision's place in caps and story: a reservation until confirmed. Sorted by (instant, ordinal). Symbols take 24 bits and lie packed as they do in a
/// state's binary form, so that reading a state copies words.
/// </summary>
public struct ExposureEntry
{
    private const uint SymbolBits = 0xFF_FFFF;

    private ushort _reserveSeconds;

    /// <summary>Instant of the decision (of the impression where shown elsewhere).</summary>
    public long At;

    public uint Ordinal;

    internal ExposureEntry(long at, uint ordinal, ulong place, uint kind)
    {
        At = at;
        Ordinal = ordinal;
        Place = place;
        Kind = kind;
    }

    /// <summary>Campaign 24 | step 24 | slot 8 | interactions 8.</summary>
    internal ulong Place { get; private set; }

    /// <summary>Creative 24 | flags 4 | stage 4.</summary>
    internal uint Kind { get; private set; }

    /// <summary>How long it holds its place, at most 65,535; 0 once confirmed.</summary>
    public int ReserveSeconds
    {
        readonly get => _reserveSeconds;
        set => _reserveSeconds = checked((ushort)value);
    }

    /// <summary>The <see cref="Consumers.ChannelMark"/> of the placement it was made for; none before it is confirmed: until then its token knows.</summary>
    public ushort ChannelMark { get; set; }

    public int Campaign
    {
        readonly get => (int)((uint)Place & SymbolBits);
        set => Place = Place & ~(ulong)SymbolBits | (uint)value & SymbolBits;
    }

    public int Step
    {
        readonly get => (int)((uint)(Place >> 24) & SymbolBits);
        set => Place = Place & ~((ulong)SymbolBits << 24) | (ulong)((uint)value & SymbolBits) << 24;
    }

    public int Slot
    {
        readonly get => (byte)(Place >> 48);
        set => Place = Place & ~(0xFFUL << 48) | (ulong)(byte)value << 48;
    }

    /// <summary>Bit n = event type n, impression to dismiss.</summary>
    public byte Interactions
    {
        readonly get => (byte)(Place >> 56);
        set => Place = Place & ~(0xFFUL << 56) | (ulong)value << 56;
    }

    public int Creative
    {
        readonly get => (int)(Kind & SymbolBits);
        set => Kind = Kind & ~SymbolBits | (uint)value & SymbolBits;
    }

    public ExposureFlags Flags
    {
        readonly get => (ExposureFlags)(Kind >> 24 & 0xF);
        set => Kind = Kind & ~(0xFU << 24) | ((uint)value & 0xF) << 24;
    }

    /// <summary>The fine stage at the decision.</summary>
    public DeeplinkStage Stage
    {
        readonly get => (DeeplinkStage)(Kind >> 28);
        set => Kind = Kind & ~(0xFU << 28) | (uint)value << 28;
    }

    public readonly bool IsConfirmed => (Flags & ExposureFlags.Confirmed) != 0;

    /// <summary>First instant at which an unconfirmed reservation no longer counts.</summary>
    public readonly long ReservedUntil => At + ReserveSeconds * 1000L;

    /// <summary>Makes a reservation count for good.</summary>
    public void Confirm(ushort channelMark, ExposureFlags more = ExposureFlags.None)
    {
        Flags |= ExposureFlags.Confirmed | more;
        ReserveSeconds = 0;
        ChannelMark = channelMark;
    }

    public readonly bool CountsAt(long now) => IsConfirmed || now < ReservedUntil;

    public readonly bool Has(EventType interaction) => (Interactions >> (int)interaction & 1) != 0;
}

/// <summary>What is kept of a step's exposures once they have left the list.</summary>
public struct StepArchiveEntry
{
    public int Slot;
    public int Step;
    public long First;
    public long Last;
    public DeeplinkStage LastStage;

    /// <summary>Counts by <see cref="EventType"/> impression (= seen) to engage.</summary>
    public StepCounts Counts;
}

/// <summary>Six counters, one for each interaction a story can ask for.</summary>
[System.Runtime.CompilerServices.InlineArray(Length)]
public struct StepCounts
{
    public const int Length = 6;
    private int _first;
}

/// <summary>The levels that carry caps.</summary>
public enum CapScope : byte { Brand, Campaign, Step, Creative }

/// <summary>How many exposures of one UTC day have left the list, for caps longer than it; day 0 = older than any rolling window.</summary>
public record struct CapCounterEntry(int Slot, CapScope Scope, int Symbol, int Day, int Count);

/// <summary>
/// A consumer's part in the trial of a campaign that holds some out, from its first win of the campaign on: shown to it or not. Nothing else knows of it; the
/// consumer need have no record with the brand.
/// </summary>
/// <param name="Brand">Brand symbol.</param>
/// <param name="Campaign">Campaign symbol.</param>
/// <param name="HeldOut">The first win was a ghost.</param>
/// <param name="Since">Instant of the first win.</param>
/// <param name="WeightMicros">Weight of the behaviours that followed within the look-back, millionths.</param>
public record struct TrialEntry(int Brand, int Campaign, bool HeldOut, long Since, long WeightMicros);

/// <summary>One published change of stage: instant 48 | slot 8 | from 4 | to 4, oldest first.</summary>
public readonly record struct StageChangeEntry(ulong Packed)
{
    public StageChangeEntry(long instant, int slot, DeeplinkStage from, DeeplinkStage to)
        : this((ulong)instant << 16 | (ulong)slot << 8 | (ulong)from << 4 | (ulong)to)
    {
    }

    public long Instant => (long)(Packed >> 16);

    public int Slot => (int)(Packed >> 8) & 0xFF;

    public DeeplinkStage From => (DeeplinkStage)((Packed >> 4) & 0xF);

    public DeeplinkStage To => (DeeplinkStage)(Packed & 0xF);
}

/// <summary>An attribute the consumer's front end sent.</summary>
public record struct AttributeEntry(TextRef Name, AttributeKind Kind, double Number, TextRef Text);

/// <summary>An answered request, kept for repeats: the reply's compact form.</summary>
public record struct MemoEntry(ulong RequestHash, long At, TextRef Reply);

/// <summary>An event that lies ahead of the server's clock, kept whole until its instant comes.</summary>
public record struct PendingEntry(long OccurredAt, TextRef Event);

/// <summary>Bytes in the state's text heap.</summary>
public record struct TextRef(int Start, int Length);
