using System.Buffers.Binary;

namespace Decisioning.Engine.Storage.Journal;

/// <summary>
/// How a record lies in its block, little endian: length of the payload (4 bytes), kind (1), consumer's key (8), sequence (4), instant (8),
/// previous position (8), payload.
/// </summary>
internal static class JournalFrame
{
    public const int HeadSize = 33;

    public const int MaxPayload = 1 << 20;

    public static void Write(Span<byte> into, in TurnHead head, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteInt32LittleEndian(into, payload.Length);
        into[4] = (byte)head.Kind;
        BinaryPrimitives.WriteUInt64LittleEndian(into[5..], head.Consumer);
        BinaryPrimitives.WriteUInt32LittleEndian(into[13..], head.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(into[17..], head.Instant);
        BinaryPrimitives.WriteInt64LittleEndian(into[25..], head.Previous);
        payload.CopyTo(into[HeadSize..]);
    }

    /// <summary>The size of the frame at the start of the bytes, 0 where no whole, sound frame is there.</summary>
    public static int SizeAt(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadSize || bytes[4] > (byte)TurnKind.Erasure)
        {
            return 0;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return length <= MaxPayload && length <= bytes.Length - HeadSize ? HeadSize + (int)length : 0;
    }

    /// <summary>Reads the head of a frame that <see cref="SizeAt"/> has found sound.</summary>
    public static TurnHead HeadAt(ReadOnlySpan<byte> frame) => new(
        (TurnKind)frame[4],
        BinaryPrimitives.ReadUInt64LittleEndian(frame[5..]),
        BinaryPrimitives.ReadUInt32LittleEndian(frame[13..]),
        BinaryPrimitives.ReadInt64LittleEndian(frame[17..]),
        BinaryPrimitives.ReadInt64LittleEndian(frame[25..]));

    /// <summary>Zeroes the payload of a frame and marks it.</summary>
    public static void Scrub(Span<byte> frame)
    {
        frame[4] = (byte)TurnKind.Scrubbed;
        frame[HeadSize..].Clear();
    }
}
