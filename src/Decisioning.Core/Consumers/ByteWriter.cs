using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Decisioning.Core.Consumers;

/// <summary>Writes the compact binary forms (journal payloads, memos): little endian, unsigned varints, texts with a length before them.</summary>
public sealed class ByteWriter
{
    private byte[] _bytes = new byte[1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Forgets what was written after a length.</summary>
    public void Rewind(int length) => Length = length;

    public void Byte(byte value)
    {
        byte[] bytes = _bytes;
        int at = Length;
        if ((uint)at < (uint)bytes.Length)
        {
            bytes[at] = value;
            Length = at + 1;
            return;
        }

        Room(1)[0] = value;
        Length++;
    }

    public void UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Room(8), value);
        Length += 8;
    }

    public void Single(float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(Room(4), value);
        Length += 4;
    }

    public void Double(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(Room(8), value);
        Length += 8;
    }

    public void Varint(ulong value)
    {
        byte[] bytes = _bytes;
        int at = Length;
        if (value < 0x80 && (uint)at < (uint)bytes.Length)
        {
            bytes[at] = (byte)value;
            Length = at + 1;
            return;
        }

        LongVarint(value);
    }

    /// <summary>Three varints, quickest where each takes one byte.</summary>
    public void Varints(uint first, uint second, uint third)
    {
        byte[] bytes = _bytes;
        int at = Length;
        if ((first | second | third) < 0x80 && at + 2 < bytes.Length)
        {
            bytes[at + 2] = (byte)third;
            bytes[at + 1] = (byte)second;
            bytes[at] = (byte)first;
            Length = at + 3;
            return;
        }

        Varint(first);
        Varint(second);
        Varint(third);
    }

    private void LongVarint(ulong value)
    {
        Span<byte> room = Room(10);
        int n = 0;
        while (value >= 0x80)
        {
            room[n++] = (byte)(value | 0x80);
            value >>= 7;
        }

        room[n++] = (byte)value;
        Length += n;
    }

    /// <summary>A whole number of either sign, small ones short (zigzag).</summary>
    public void Signed(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Varint((ulong)bytes.Length);
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Text as UTF-8; null and empty are told apart.</summary>
    public void Text(string? text)
    {
        if (text is null)
        {
            Varint(0);
            return;
        }

        int length = Encoding.UTF8.GetByteCount(text);
        Varint((ulong)length + 1);
        Encoding.UTF8.GetBytes(text, Room(length));
        Length += length;
    }

    /// <summary>Text as UTF-8 with its length before it; null as the empty text.</summary>
    public void Utf8(string? text)
    {
        int length = text is null ? 0 : Encoding.UTF8.GetByteCount(text);
        Varint((ulong)length);
        Encoding.UTF8.GetBytes(text, Room(length));
        Length += length;
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Room(4), value);
        Length += 4;
    }

    /// <summary>Bytes without their length before them.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Room(int count)
    {
        if (Length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(Length + count, _bytes.Length * 2));
        }

        return _bytes.AsSpan(Length);
    }
}

/// <summary>
/// Reads what <see cref="ByteWriter"/> wrote. Never throws on bad bytes: after the first fault <see cref="Failed"/> stays true and every read gives a default.
/// </summary>
public ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private const ulong MaxInstant = (1UL << 48) - 1;

    private ReadOnlySpan<byte> _rest = bytes;

    public bool Failed { get; private set; }

    public readonly bool AtEnd => _rest.IsEmpty;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public byte Byte() => Take(1) is { Length: 1 } b ? b[0] : default;

    public ulong UInt64() => Take(8) is { Length: 8 } b ? BinaryPrimitives.ReadUInt64LittleEndian(b) : default;

    public float Single() => Take(4) is { Length: 4 } b ? BinaryPrimitives.ReadSingleLittleEndian(b) : default;

    public double Double() => Take(8) is { Length: 8 } b ? BinaryPrimitives.ReadDoubleLittleEndian(b) : default;

    public ulong Varint()
    {
        ulong value = 0;
        for (int i = 0; i < 10 && i < _rest.Length; i++)
        {
            byte b = _rest[i];
            value |= (ulong)(b & 0x7F) << (7 * i);
            if (b < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }

        Fail();
        return 0;
    }

    /// <summary>Steps over so many varints, unread.</summary>
    public void SkipVarints(int count)
    {
        int length = 0;
        while (count > 0 && length < _rest.Length)
        {
            count -= _rest[length++] < 0x80 ? 1 : 0;
        }

        Take(count > 0 ? int.MaxValue : length);
    }

    /// <summary>A count or a symbol: fails above <paramref name="max"/>.</summary>
    public int Int(int max)
    {
        ulong value = Varint();
        if (value > (ulong)max)
        {
            Fail();
            return 0;
        }

        return (int)value;
    }

    public long Signed()
    {
        ulong raw = Varint();
        return (long)(raw >> 1) ^ -(long)(raw & 1);
    }

    public ReadOnlySpan<byte> Bytes() => Take(Int(int.MaxValue));

    /// <summary>An instant, ms since the Unix epoch: fails beyond the 48 bits that a state keeps.</summary>
    public long Instant()
    {
        ulong value = Varint();
        if (value > MaxInstant)
        {
            Fail();
            return 0;
        }

        return (long)value;
    }

    /// <summary>A text: fails where it is longer than so many bytes or no UTF-8.</summary>
    public string? Text(int maxBytes)
    {
        int length = Int(maxBytes + 1);
        if (length == 0)
        {
            return null;
        }

        ReadOnlySpan<byte> utf8 = Take(length - 1);
        if (!System.Text.Unicode.Utf8.IsValid(utf8))
        {
            Fail();
            return null;
        }

        return Encoding.UTF8.GetString(utf8);
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        if (Failed || (uint)count > (uint)_rest.Length)
        {
            Fail();
            return default;
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public void Fail()
    {
        Failed = true;
        _rest = default;
    }
}
