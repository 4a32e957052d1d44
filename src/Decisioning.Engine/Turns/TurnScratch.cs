using System.Buffers;
using System.Globalization;
using System.Text;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record;

namespace Decisioning.Engine.Turns;

/// <summary>What one thread needs to run turns, used again from turn to turn.</summary>
internal sealed class TurnScratch(ulong seed)
{
    /// <summary>Most UTF-8 bytes of a consumer's id.</summary>
    public const int MaxIdBytes = 128;

    private readonly byte[] _id = new byte[MaxIdBytes];
    private readonly char[] _mark = new char[MaxIdBytes];
    private int _idLength;

    public Turn Turn { get; } = new(seed);

    /// <summary>A row as read from disk.</summary>
    public ArrayBufferWriter<byte> Row { get; } = new(4096);

    /// <summary>What the journal is told of an erasure.</summary>
    public ByteWriter Facts { get; } = new();

    public EventGroups Groups { get; } = new();

    /// <summary>What <see cref="TrySetId"/> or <see cref="SetMark"/> set last.</summary>
    public ReadOnlySpan<byte> Id => _id.AsSpan(0, _idLength);

    /// <summary>False where the id is not 1 to 128 bytes of UTF-8.</summary>
    public bool TrySetId(string? id)
    {
        _idLength = 0;
        return !string.IsNullOrEmpty(id) && Encoding.UTF8.TryGetBytes(id, _id, out _idLength);
    }

    /// <summary>The mark that stands for a contextual decision in a consumer's place: it begins with a byte 1.</summary>
    public void SetMark(DecisionRef decision)
    {
        _mark.AsSpan().TryWrite(CultureInfo.InvariantCulture, $"\u0001ctx:{decision.Brand}.{decision.Ordinal}.{decision.DecidedAt}", out int length);
        _idLength = Encoding.ASCII.GetBytes(_mark.AsSpan(0, length), _id);
    }

    /// <summary>True for what <see cref="SetMark"/> makes.</summary>
    public static bool IsMark(ReadOnlySpan<byte> id) => id.StartsWith("\u0001ctx:"u8);
}
