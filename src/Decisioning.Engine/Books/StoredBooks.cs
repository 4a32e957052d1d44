using Decisioning.Core.Aggregate;
using Decisioning.Core.Consumers;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Books;

/// <summary>What of the books is on disk already, so that only what changed is written again. Used under the bookkeeper's lock.</summary>
internal sealed class StoredBooks
{
    private const long HourMs = 3_600_000;

    /// <summary>How long hourly rows are kept.</summary>
    public const int KeptHours = 800 * 24;

    private readonly Dictionary<int, Mark> _marks = [];
    private readonly ByteWriter _form = new();
    private int _trimmed;

    public BooksChanges Changed(ServerTotals totals, List<SpendingRow> spending, long position, long now)
    {
        int hour = (int)(now / HourMs);
        List<BrandBooks> brands = [];
        List<HourBooks> hours = [];
        Dictionary<int, Mark> marks = [];
        foreach ((int symbol, BrandTotals brand) in totals.Brands)
        {
            Mark mark = _marks.GetValueOrDefault(symbol);
            if (brand.Changes == mark.Changes)
            {
                continue;
            }

            // The newest hour that was stored goes on, and the one before it may get turns that began in it and were journalled after one of the next.
            foreach (HourRow row in brand.Rows().Where(r => r.Hour >= mark.Hour - HourMs))
            {
                hours.Add(new HourBooks(symbol, (int)(row.Hour / HourMs), FormOf(row.Write)));
                marks[symbol] = new Mark(brand.Changes, row.Hour);
            }

            marks.TryAdd(symbol, mark with { Changes = brand.Changes });
            brands.Add(new BrandBooks(symbol, FormOf(brand.Write)));
        }

        BooksWrite write = new(position, brands, hours, hour == _trimmed ? 0 : hour - KeptHours);
        return new BooksChanges(spending, write, marks, now);
    }

    public void MarkStored(ServerTotals totals, BooksChanges changes)
    {
        _trimmed = (int)(changes.At / HourMs);
        foreach ((int symbol, Mark mark) in changes.Marks)
        {
            _marks[symbol] = mark;
            totals.Of(symbol).DropRows(changes.At);
        }
    }

    private ReadOnlyMemory<byte> FormOf(Action<ByteWriter> write)
    {
        _form.Clear();
        write(_form);
        return _form.Written.ToArray();
    }

    /// <param name="Changes">Of the totals as they are stored.</param>
    /// <param name="Hour">The newest hour that is stored, ms since the Unix epoch.</param>
    internal readonly record struct Mark(long Changes, long Hour);
}

/// <summary>What of the books is to be stored.</summary>
/// <param name="At">When it was taken, ms since the Unix epoch.</param>
internal sealed record BooksChanges(List<SpendingRow> Spending, BooksWrite Books, IReadOnlyDictionary<int, StoredBooks.Mark> Marks, long At);
