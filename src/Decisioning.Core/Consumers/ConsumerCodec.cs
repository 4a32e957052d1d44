using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Decisioning.Core.Consumers;

/// <summary>
/// The compact binary form of a consumer's state, version 2, little endian: a header of 33 bytes (version, id length, length of the whole, sequence,
/// last instant, next ordinal, journal position, which lists are there, calendar hour), the id, then each list that is not empty as a count and its entries.
/// Reading refuses every truncation and whatever is not consistent, and never throws.
/// </summary>
public static partial class ConsumerCodec
{
    public const byte Version = 2;

    private const int HeaderLength = 33;
    private const int CalendarOffset = 30;
    private const int RelationshipLength = 12;
    private const int ExposureLength = 22;
    private const int StepArchiveLength = 46;
    private const int CapCounterLength = 14;
    private const int TrialLength = 21;
    private const int OrderLength = 1 + 8 + 2 + 8 + 8 + 8 + 8 + 1;

    /// <summary>Exposures are stored as ms before this long after the last instant, in 32 bits.</summary>
    private const long ExposureLead = StateBounds.AheadMs * 2;

    private enum Section
    {
        Relationships, Newest, Hours, ViewDays, Items, Exposures, EventIds, StageChanges, Orders, StepArchive, CapCounters, Attributes, Memos, Pending, Archived, Trials,
    }

    /// <summary>Whether the bytes begin as a form of exactly their length does: then what is asked of its head can be answered.</summary>
    public static bool IsState(ReadOnlySpan<byte> packed) =>
        packed.Length >= HeaderLength && packed[0] == Version && LengthOf(packed) == packed.Length && packed[1] is > 0 and <= 128 && packed.Length >= HeaderLength + packed[1];

    /// <summary>The length of the form in an array that may be longer than it.</summary>
    public static int LengthOf(ReadOnlySpan<byte> packed) => BinaryPrimitives.ReadInt32LittleEndian(packed[2..]);

    public static uint SequenceOf(ReadOnlySpan<byte> packed) => BinaryPrimitives.ReadUInt32LittleEndian(packed[6..]);

    public static long PositionOf(ReadOnlySpan<byte> packed) => BinaryPrimitives.ReadInt64LittleEndian(packed[20..]);

    /// <summary>The UTC hour of the consumer's calendar entry, counted from the epoch; 0: none.</summary>
    public static int CalendarHourOf(ReadOnlySpan<byte> packed) =>
        BinaryPrimitives.ReadUInt16LittleEndian(packed[CalendarOffset..]) | packed[CalendarOffset + 2] << 16;

    public static ReadOnlySpan<byte> IdOf(ReadOnlySpan<byte> packed) => packed.Slice(HeaderLength, packed[1]);

    /// <summary>Bytes that <see cref="Write"/> will write.</summary>
    public static int SizeOf(ConsumerState state)
    {
        int size = HeaderLength + state.IdUtf8.Length
            + Sized(state.Relationships.Count, RelationshipLength) + Sized(state.Newest.Count, 8) + Sized(state.Hours.Count, 8) + Sized(state.ViewDays.Count, 8)
            + Sized(state.Items.Count, 16) + Sized(state.Exposures.Count, ExposureLength) + Sized(state.EventIds.Count, 10)
            + Sized(state.StageChanges.Count, 8) + Sized(state.Orders.Count, OrderLength) + Sized(state.StepArchive.Count, StepArchiveLength)
            + Sized(state.CapCounters.Count, CapCounterLength) + Sized(state.Attributes.Count, 1 + 1 + 8 + 1)
            + Sized(state.Memos.Count, 8 + 6 + 4) + Sized(state.Pending.Count, 6 + 4) + (state.ArchivedUntil > 0 ? 6 : 0)
            + Sized(state.Trials.Count, TrialLength);
        foreach (ref readonly OrderEntry order in state.Orders.Items)
        {
            size += order.Id.Length;
        }

        foreach (ref readonly AttributeEntry attribute in state.Attributes.Items)
        {
            size += attribute.Name.Length + attribute.Text.Length;
        }

        foreach (ref readonly MemoEntry memo in state.Memos.Items)
        {
            size += memo.Reply.Length;
        }

        foreach (ref readonly PendingEntry pending in state.Pending.Items)
        {
            size += pending.Event.Length;
        }

        return size;
    }

    /// <summary>Writes the form; <paramref name="into"/> must have room for <see cref="SizeOf"/>.</summary>
    /// <returns>Bytes written.</returns>
    public static int Write(ConsumerState state, Span<byte> into)
    {
        var to = new SpanWriter(into);
        to.Byte(Version);
        to.Byte((byte)state.IdUtf8.Length);
        to.UInt32(0);
        to.UInt32(state.Sequence);
        to.Instant(state.LastInstant);
        to.UInt32(state.NextOrdinal);
        to.UInt64((ulong)state.Position);
        to.UInt16(Presence(state));
        to.UInt24(state.CalendarHour);
        to.Bytes(state.IdUtf8);
        WriteRelationships(state, ref to);
        to.Numbers(MemoryMarshal.AsBytes(state.Newest.Items), state.Newest.Count);
        to.Numbers(MemoryMarshal.AsBytes(state.Hours.Items), state.Hours.Count);
        to.Numbers(MemoryMarshal.AsBytes(state.ViewDays.Items), state.ViewDays.Count);
        to.Numbers(MemoryMarshal.AsBytes(state.Items.Items), state.Items.Count);
        WriteExposures(state, ref to);
        to.Numbers(MemoryMarshal.AsBytes(state.EventIds.Items), state.EventIds.Count);
        to.Bytes(MemoryMarshal.AsBytes(state.EventIdHours.Items));
        to.Numbers(MemoryMarshal.AsBytes(state.StageChanges.Items), state.StageChanges.Count);
        WriteRare(state, ref to);
        WriteTrials(state, ref to);
        BinaryPrimitives.WriteInt32LittleEndian(into[2..], to.Length);
        return to.Length;
    }

    /// <summary>Reads a form of exactly the span's length. False where it is not one; the state is then undefined.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packed, ConsumerState into)
    {
        if (!IsState(packed))
        {
            return false;
        }

        into.Reset(IdOf(packed));
        into.Sequence = SequenceOf(packed);
        into.LastInstant = (long)(BinaryPrimitives.ReadUInt64LittleEndian(packed[10..]) & 0xFFFF_FFFF_FFFF);
        into.NextOrdinal = BinaryPrimitives.ReadUInt32LittleEndian(packed[16..]);
        into.Position = PositionOf(packed);
        into.CalendarHour = CalendarHourOf(packed);
        int presence = BinaryPrimitives.ReadUInt16LittleEndian(packed[28..]);
        var from = new ByteReader(packed[(HeaderLength + packed[1])..]);
        ReadRelationships(into, presence, ref from);
        ReadSorted(into.Newest, presence, Section.Newest, into, ref from, StateBounds.Newest);
        ReadSorted(into.Hours, presence, Section.Hours, into, ref from, StateBounds.Hours);
        ReadSorted(into.ViewDays, presence, Section.ViewDays, into, ref from, 2 * StateBounds.Relationships);
        ReadItems(into, presence, ref from);
        ReadExposures(into, presence, ref from);
        ReadEventIds(into, presence, ref from);
        ReadStageChanges(into, presence, ref from);
        ReadOrders(into, presence, ref from);
        ReadArchives(into, presence, ref from);
        ReadTexts(into, presence, ref from);
        ReadTrials(into, presence, ref from);
        return !from.Failed && from.AtEnd;
    }

    private static int Sized(int count, int each) => count == 0 ? 0 : VarintLength(count) + count * each;

    private static int VarintLength(int value) => (BitOperations.Log2((uint)value | 1) / 7) + 1;

    private static ushort Presence(ConsumerState state)
    {
        int bits = Bit(state.Relationships.Count, Section.Relationships) | Bit(state.Newest.Count, Section.Newest)
            | Bit(state.Hours.Count, Section.Hours) | Bit(state.ViewDays.Count, Section.ViewDays) | Bit(state.Items.Count, Section.Items)
            | Bit(state.Exposures.Count, Section.Exposures) | Bit(state.EventIds.Count, Section.EventIds)
            | Bit(state.StageChanges.Count, Section.StageChanges) | Bit(state.Orders.Count, Section.Orders)
            | Bit(state.StepArchive.Count, Section.StepArchive) | Bit(state.CapCounters.Count, Section.CapCounters)
            | Bit(state.Attributes.Count, Section.Attributes) | Bit(state.Memos.Count, Section.Memos) | Bit(state.Pending.Count, Section.Pending)
            | Bit(state.ArchivedUntil > 0 ? 1 : 0, Section.Archived) | Bit(state.Trials.Count, Section.Trials);
        return (ushort)bits;

        static int Bit(int count, Section section) => count > 0 ? 1 << (int)section : 0;
    }
}
