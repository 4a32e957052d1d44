using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Decisioning.Core.Consumers;

public static partial class ConsumerCodec
{
    private static void WriteRelationships(ConsumerState state, ref SpanWriter to)
    {
        to.Count(state.Relationships.Count);
        foreach (ref readonly Relationship relationship in state.Relationships.Items)
        {
            to.UInt32((uint)relationship.Brand << 8 | (byte)relationship.Stage);
            to.UInt64(relationship.Arrivals.Packed);
        }
    }

    private static void WriteExposures(ConsumerState state, ref SpanWriter to)
    {
        Span<ExposureEntry> entries = state.Exposures.Items;
        to.Count(entries.Length);
        Span<PackedExposure> packed = MemoryMarshal.Cast<byte, PackedExposure>(to.Take(entries.Length * ExposureLength));
        long latest = state.LastInstant + ExposureLead;
        for (int i = 0; i < entries.Length; i++)
        {
            packed[i] = PackedExposure.Of(entries[i], latest);
        }
    }

    private static void WriteRare(ConsumerState state, ref SpanWriter to)
    {
        to.Count(state.Orders.Count);
        foreach (ref readonly OrderEntry order in state.Orders.Items)
        {
            to.Byte((byte)order.Slot);
            to.UInt64((ulong)order.PurchasedAt);
            to.UInt16((ushort)order.PurchaseDay);
            to.UInt64((ulong)order.Value);
            to.UInt64((ulong)order.DepositAt);
            to.UInt64((ulong)order.Refunded);
            to.UInt64((ulong)order.RefundedAt);
            to.ShortText(state.TextOf(order.Id));
        }

        to.Count(state.StepArchive.Count);
        foreach (ref readonly StepArchiveEntry step in state.StepArchive.Items)
        {
            to.Byte((byte)step.Slot);
            to.UInt32((uint)step.Step);
            to.UInt64((ulong)step.First);
            to.UInt64((ulong)step.Last);
            to.Byte((byte)step.LastStage);
            foreach (int count in step.Counts)
            {
                to.UInt32((uint)count);
            }
        }

        to.Count(state.CapCounters.Count);
        foreach (ref readonly CapCounterEntry counter in state.CapCounters.Items)
        {
            to.Byte((byte)counter.Slot);
            to.Byte((byte)counter.Scope);
            to.UInt32((uint)counter.Symbol);
            to.UInt32((uint)counter.Day);
            to.UInt32((uint)counter.Count);
        }

        WriteTexts(state, ref to);
    }

    private static void WriteTexts(ConsumerState state, ref SpanWriter to)
    {
        to.Count(state.Attributes.Count);
        foreach (ref readonly AttributeEntry attribute in state.Attributes.Items)
        {
            to.Byte((byte)attribute.Kind);
            to.UInt64(BitConverter.DoubleToUInt64Bits(attribute.Number));
            to.ShortText(state.TextOf(attribute.Name));
            to.ShortText(state.TextOf(attribute.Text));
        }

        to.Count(state.Memos.Count);
        foreach (ref readonly MemoEntry memo in state.Memos.Items)
        {
            to.UInt64(memo.RequestHash);
            to.Instant(memo.At);
            to.LongText(state.TextOf(memo.Reply));
        }

        to.Count(state.Pending.Count);
        foreach (ref readonly PendingEntry pending in state.Pending.Items)
        {
            to.Instant(pending.OccurredAt);
            to.LongText(state.TextOf(pending.Event));
        }

        if (state.ArchivedUntil > 0)
        {
            to.Instant(state.ArchivedUntil);
        }
    }

    private static void WriteTrials(ConsumerState state, ref SpanWriter to)
    {
        to.Count(state.Trials.Count);
        foreach (ref readonly TrialEntry trial in state.Trials.Items)
        {
            to.UInt24(trial.Brand);
            to.UInt24(trial.Campaign);
            to.Byte(trial.HeldOut ? (byte)1 : (byte)0);
            to.Instant(trial.Since);
            to.UInt64((ulong)trial.WeightMicros);
        }
    }

    /// <summary>Writes into a span that is known to be long enough.</summary>
    private ref struct SpanWriter(Span<byte> into)
    {
        private readonly Span<byte> _into = into;

        public int Length { get; private set; }

        public void Byte(byte value) => _into[Length++] = value;

        public void UInt16(ushort value)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(_into[Length..], value);
            Length += 2;
        }

        public void UInt24(int value)
        {
            UInt16((ushort)value);
            Byte(checked((byte)(value >> 16)));
        }

        public void UInt32(uint value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_into[Length..], value);
            Length += 4;
        }

        public void UInt64(ulong value)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_into[Length..], value);
            Length += 8;
        }

        /// <summary>48 bits.</summary>
        public void Instant(long value)
        {
            UInt32((uint)value);
            UInt16((ushort)(value >> 32));
        }

        /// <summary>The next bytes, for the caller to fill.</summary>
        public Span<byte> Take(int count)
        {
            Span<byte> taken = _into.Slice(Length, count);
            Length += count;
            return taken;
        }

        public void Bytes(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_into[Length..]);
            Length += bytes.Length;
        }

        public void ShortText(ReadOnlySpan<byte> text)
        {
            Byte(checked((byte)text.Length));
            Bytes(text);
        }

        public void LongText(ReadOnlySpan<byte> text)
        {
            UInt32((uint)text.Length);
            Bytes(text);
        }

        /// <summary>A list's count; nothing for an empty list, whose absence the header says.</summary>
        public void Count(int count)
        {
            uint rest = (uint)count;
            for (; rest >= 0x80; rest >>= 7)
            {
                Byte((byte)(rest | 0x80));
            }

            if (count > 0)
            {
                Byte((byte)rest);
            }
        }

        public void Numbers(ReadOnlySpan<byte> bytes, int count)
        {
            Count(count);
            Bytes(bytes);
        }
    }
}
