using System.Buffers;
using System.Buffers.Binary;

namespace Decisioning.Engine.Storage.States;

/// <summary>Bytes as a row holds them: behind them their CRC-32C (little endian).</summary>
internal static class CheckedForm
{
    /// <summary>Appends the stored form to the buffer.</summary>
    public static void Write(ReadOnlySpan<byte> content, ArrayBufferWriter<byte> into)
    {
        Span<byte> stored = into.GetSpan(content.Length + Crc32C.Size);
        content.CopyTo(stored);
        BinaryPrimitives.WriteUInt32LittleEndian(stored[content.Length..], Crc32C.Of(content));
        into.Advance(content.Length + Crc32C.Size);
    }

    /// <summary>The bytes of a consumer's row.</summary>
    /// <exception cref="StorageDamagedException">They are not what was written.</exception>
    public static ReadOnlySpan<byte> Read(ReadOnlySpan<byte> stored, long key, string file)
    {
        if (!IsSound(stored))
        {
            ThrowDamaged(file, $"the state of consumer {(ulong)key} (row {key})", stored.Length);
        }

        return stored[..^Crc32C.Size];
    }

    /// <summary>The bytes of any other row.</summary>
    /// <param name="what">Names the row in the message.</param>
    /// <exception cref="StorageDamagedException">They are not what was written.</exception>
    public static ReadOnlySpan<byte> Read(ReadOnlySpan<byte> stored, string file, string what)
    {
        if (!IsSound(stored))
        {
            ThrowDamaged(file, what, stored.Length);
        }

        return stored[..^Crc32C.Size];
    }

    private static bool IsSound(ReadOnlySpan<byte> stored) =>
        stored.Length > Crc32C.Size && BinaryPrimitives.ReadUInt32LittleEndian(stored[^Crc32C.Size..]) == Crc32C.Of(stored[..^Crc32C.Size]);

    private static void ThrowDamaged(string file, string what, int bytes) =>
        throw new StorageDamagedException(file, $"{what}, {bytes} bytes, does not match its checksum");
}
