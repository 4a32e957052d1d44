using System.Buffers.Binary;
using System.Numerics;

namespace Decisioning.Api.Tokens;

/// <summary>SipHash-2-4 (Aumasson and Bernstein, 2012): a fast keyed pseudorandom function of 64 bits.</summary>
internal readonly struct SipHash
{
    private readonly ulong _key0;
    private readonly ulong _key1;

    /// <param name="key">16 bytes.</param>
    public SipHash(ReadOnlySpan<byte> key)
    {
        _key0 = BinaryPrimitives.ReadUInt64LittleEndian(key);
        _key1 = BinaryPrimitives.ReadUInt64LittleEndian(key[8..]);
    }

    public ulong Of(ReadOnlySpan<byte> data)
    {
        ulong v0 = _key0 ^ 0x736f6d6570736575;
        ulong v1 = _key1 ^ 0x646f72616e646f6d;
        ulong v2 = _key0 ^ 0x6c7967656e657261;
        ulong v3 = _key1 ^ 0x7465646279746573;
        ulong last = (ulong)data.Length << 56;
        while (data.Length >= 8)
        {
            Absorb(BinaryPrimitives.ReadUInt64LittleEndian(data), ref v0, ref v1, ref v2, ref v3);
            data = data[8..];
        }

        for (int i = 0; i < data.Length; i++)
        {
            last |= (ulong)data[i] << (8 * i);
        }

        Absorb(last, ref v0, ref v1, ref v2, ref v3);
        v2 ^= 0xff;
        for (int i = 0; i < 4; i++)
        {
            Round(ref v0, ref v1, ref v2, ref v3);
        }

        return v0 ^ v1 ^ v2 ^ v3;
    }

    private static void Absorb(ulong word, ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v3 ^= word;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= word;
    }

    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v3;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}
