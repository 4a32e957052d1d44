using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Aggregate;

/// <summary>What is booked of one campaign's flat price.</summary>
/// <param name="BookedMicros">In all.</param>
/// <param name="Day">The newest local day on which anything was, counted from 1970-01-01.</param>
/// <param name="DayMicros">Booked on that day.</param>
public readonly record struct FeeLine(long BookedMicros, int Day, long DayMicros);

/// <summary>What is booked of flat prices, by campaign symbol.</summary>
internal sealed class FeeBook
{
    private readonly SortedDictionary<int, FeeLine> _lines = [];

    public IReadOnlyDictionary<int, FeeLine> Lines => _lines;

    /// <summary>Null where nothing is booked.</summary>
    public FeeLine? Of(int campaign) => _lines.TryGetValue(campaign, out FeeLine line) ? line : null;

    public void Add(int campaign, int day, long amount) => Add(campaign, new FeeLine(amount, day, amount));

    public void Merge(FeeBook other)
    {
        foreach ((int campaign, FeeLine more) in other._lines)
        {
            Add(campaign, more);
        }
    }

    public void Write(ByteWriter to)
    {
        to.Varint((ulong)_lines.Count);
        foreach ((int campaign, FeeLine line) in _lines)
        {
            to.Varint((ulong)campaign);
            to.Signed(line.BookedMicros);
            to.Signed(line.Day);
            to.Signed(line.DayMicros);
        }
    }

    public static FeeBook Read(ref ByteReader from)
    {
        var book = new FeeBook();
        for (int left = from.Int(BrandSymbols.Capacity); left > 0 && !from.Failed; left--)
        {
            book._lines[from.Int(BrandSymbols.Capacity)] = new FeeLine(from.Signed(), (int)from.Signed(), from.Signed());
        }

        return book;
    }

    private void Add(int campaign, in FeeLine more)
    {
        FeeLine line = Of(campaign) ?? more with { BookedMicros = 0, DayMicros = 0 };
        _lines[campaign] = new FeeLine(
            line.BookedMicros + more.BookedMicros, Math.Max(line.Day, more.Day), (line.Day >= more.Day ? line.DayMicros : 0) + (more.Day >= line.Day ? more.DayMicros : 0));
    }
}
