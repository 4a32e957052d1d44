using System.Buffers;
using System.Buffers.Binary;

namespace Decisioning.Engine.Storage.States;

/// <summary>A consumer's state as its row holds it: the packed bytes and, behind them, their CRC-32C (little endian).</summary>
internal static class ConsumerForm
{
    /// <summary>Appends the stored form to the buffer.</summary>
    public static void Write(ReadOnlySpan<byte> state, ArrayBufferWriter<byte> into)
    {
        Span<byte> stored = into.GetSpan(state.Length + Crc32C.Size);
        state.CopyTo(stored);
        BinaryPrimitives.WriteUInt32LittleEndian(stored[state.Length..], Crc32C.Of(state));
        into.Advance(state.Length + Crc32C.Size);
    }

    /// <summary>The packed bytes of a row.</summary>
    /// <exception cref="StorageDamagedException">They are not what was written.</exception>
    public static ReadOnlySpan<byte> Read(ReadOnlySpan<byte> stored, long key, string file)
    {
        ReadOnlySpan<byte> state = stored[..Math.Max(0, stored.Length - Crc32C.Size)];
        if (stored.Length <= Crc32C.Size || BinaryPrimitives.ReadUInt32LittleEndian(stored[state.Length..]) != Crc32C.Of(state))
        {
            ThrowDamaged(key, stored.Length, file);
        }

        return state;
    }

    private static void ThrowDamaged(long key, int bytes, string file) =>
        throw new StorageDamagedException(file, $"the state of consumer {(ulong)key} (row {key}, {bytes} bytes) does not match its checksum");
}
