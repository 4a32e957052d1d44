using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Aggregate;

/// <summary>
/// Where a brand's consumers stood at the beginning of one of its days and where at its end: start = stayed + up + down + lost, whatever happened in between.
/// Who had no live evidence, or was not known yet, stood at <see cref="Stage.None"/>.
/// </summary>
/// <param name="day">The brand's local day, counted from 1970-01-01.</param>
public sealed class NetMatrix(int day)
{
    private const int Stages = (int)Stage.Loyalty + 1;

    private readonly long[] _cells = new long[Stages * Stages];

    public int Day => day;

    /// <summary>Consumers who began the day in one stage and ended it in another, or the same.</summary>
    public long this[Stage from, Stage to] => _cells[(int)from * Stages + (int)to];

    public bool IsEmpty => Array.TrueForAll(_cells, static cell => cell == 0);

    /// <summary>Counts a consumer.</summary>
    public void Add(Stage from, Stage to) => _cells[(int)from * Stages + (int)to]++;

    internal void Write(ByteWriter to)
    {
        to.Varint((ulong)day);
        Figures.Write(_cells, to);
    }

    internal static NetMatrix Read(ref ByteReader from)
    {
        var matrix = new NetMatrix(from.Int(ushort.MaxValue));
        Figures.Read(matrix._cells, ref from);
        return matrix;
    }
}
