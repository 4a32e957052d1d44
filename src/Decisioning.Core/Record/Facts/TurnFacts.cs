using System.Buffers.Binary;
using System.Numerics;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Record.Facts;

/// <summary>
/// The facts of a turn: what changed by it in the books of its brands. They stand at the end of the turn's payload as one block with its length and a
/// checksum behind it, so that books are folded without reading the rest, and a cut payload is never taken for a shorter one.
/// </summary>
public static class TurnFacts
{
    private const int FooterLength = 8;
    private const uint EmptyCheck = 0x5AC7_F00D;

    /// <summary>The facts of a payload; none for an empty one.</summary>
    /// <exception cref="InvalidDataException">The payload is not one of a turn.</exception>
    public static FactReader Of(ReadOnlySpan<byte> payload) =>
        payload.IsEmpty ? default
        : TrySplit(payload, out _, out ReadOnlySpan<byte> block) ? new FactReader(block)
        : throw Broken();

    /// <summary>Makes the payload of an erasure: the stage that the consumer had with each brand, so that the books let go of it.</summary>
    /// <param name="state">The consumer as it stands before it goes.</param>
    /// <param name="at">The instant of the erasure.</param>
    /// <param name="into">Cleared, then written to.</param>
    public static void WriteErasure(ConsumerState state, long at, ByteWriter into)
    {
        var facts = new FactWriter();
        facts.Begin(at);
        if (!state.IsMark)
        {
            foreach (ref readonly Relationship relationship in state.Relationships.Items)
            {
                facts.Erased(relationship.Brand, relationship.Stage);
            }
        }

        into.Clear();
        into.Bytes([]);
        Append(facts, into);
    }

    /// <summary>Adds a payload of another's facts and nothing else.</summary>
    /// <exception cref="InvalidDataException">The payload is not one of a turn.</exception>
    public static void CopyFacts(ReadOnlySpan<byte> payload, ByteWriter into)
    {
        if (!TrySplit(payload, out _, out ReadOnlySpan<byte> block))
        {
            throw Broken();
        }

        AppendBlock(block, into);
    }

    /// <summary>Parts a payload into what is before the facts and their block. False where it is too short to hold both.</summary>
    internal static bool TrySplit(ReadOnlySpan<byte> payload, out ReadOnlySpan<byte> body, out ReadOnlySpan<byte> block)
    {
        body = block = default;
        if (payload.Length < FooterLength)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(payload[^FooterLength..]);
        if (length > payload.Length - FooterLength)
        {
            return false;
        }

        int start = payload.Length - FooterLength - (int)length;
        body = payload[..start];
        block = payload.Slice(start, (int)length);
        return CheckOf(block) == BinaryPrimitives.ReadUInt32LittleEndian(payload[^4..]);
    }

    /// <summary>What a payload holds before its facts.</summary>
    /// <exception cref="InvalidDataException">The payload is not one of a turn.</exception>
    internal static ReadOnlySpan<byte> BodyOf(ReadOnlySpan<byte> payload) => TrySplit(payload, out ReadOnlySpan<byte> body, out _) ? body : throw Broken();

    internal static void Append(FactWriter facts, ByteWriter payload) => AppendBlock(facts.Block, payload);

    private static void AppendBlock(ReadOnlySpan<byte> block, ByteWriter payload)
    {
        payload.Raw(block);
        payload.UInt32((uint)block.Length);
        payload.UInt32(CheckOf(block));
    }

    /// <summary>CRC-32C.</summary>
    internal static uint CheckOf(ReadOnlySpan<byte> block)
    {
        uint check = EmptyCheck;
        for (; block.Length >= 8; block = block[8..])
        {
            check = BitOperations.Crc32C(check, BinaryPrimitives.ReadUInt64LittleEndian(block));
        }

        foreach (byte b in block)
        {
            check = BitOperations.Crc32C(check, b);
        }

        return check;
    }

    private static InvalidDataException Broken() => new("The payload of a turn does not hold its facts.");
}
