using System.Buffers.Binary;
using System.Numerics;

namespace Decisioning.Engine.Storage;

/// <summary>CRC-32C (Castagnoli), as in iSCSI: the checksum that goes with everything stored.</summary>
internal static class Crc32C
{
    public const int Size = sizeof(uint);

    public static uint Of(ReadOnlySpan<byte> bytes) => ~Continue(uint.MaxValue, bytes);

    /// <summary>Goes on from a raw (not inverted) register.</summary>
    public static uint Continue(uint register, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            register = BitOperations.Crc32C(register, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte b in bytes)
        {
            register = BitOperations.Crc32C(register, b);
        }

        return register;
    }
}
