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

    /// <summary>By brand, the changes of its totals as they are stored.</summary>
    private readonly Dictionary<int, long> _marks = [];

    /// <summary>By brand, the oldest hour that was taken to be stored and is not yet known to be.</summary>
    private readonly Dictionary<int, long> _unstored = [];
    private readonly ByteWriter _form = new();
    private int _trimmed;

    public bool AnyChanged(ServerTotals totals) => totals.Brands.Any(b => !IsStored(b.Key, b.Value));

    public BooksChanges Changed(ServerTotals totals, List<SpendingRow> spending, long position, long now)
    {
        int hour = (int)(now / HourMs);
        List<BrandBooks> brands = [];
        List<HourBooks> hours = [];
        Dictionary<int, long> marks = [];
        foreach ((int symbol, BrandTotals brand) in totals.Brands)
        {
            if (IsStored(symbol, brand))
            {
                continue;
            }

            long from = Math.Min(_unstored.GetValueOrDefault(symbol, long.MaxValue), brand.TakeChangedFrom());
            _unstored[symbol] = from;
            hours.AddRange(brand.Rows().Where(r => r.Hour >= from && !r.IsPart).Select(r => new HourBooks(symbol, (int)(r.Hour / HourMs), FormOf(r.Write))));
            marks[symbol] = brand.Changes;
            brands.Add(new BrandBooks(symbol, FormOf(brand.Write)));
        }

        BooksWrite write = new(position, brands, hours, hour == _trimmed ? 0 : hour - KeptHours);
        return new BooksChanges(spending, write, marks, now);
    }

    public void MarkStored(ServerTotals totals, BooksChanges changes)
    {
        _trimmed = (int)(changes.At / HourMs);
        foreach ((int symbol, long mark) in changes.Marks)
        {
            _marks[symbol] = mark;
            _unstored.Remove(symbol);

            // By the newest turn that is in, not by the clock: a turn from before the clock went on may be yet to come.
            BrandTotals brand = totals.Of(symbol);
            brand.DropRows(brand.LastInstant);
        }
    }

    private bool IsStored(int symbol, BrandTotals brand) => _marks.TryGetValue(symbol, out long stored) && brand.Changes == stored;

    private ReadOnlyMemory<byte> FormOf(Action<ByteWriter> write)
    {
        _form.Clear();
        write(_form);
        return _form.Written.ToArray();
    }
}

/// <summary>What of the books is to be stored.</summary>
/// <param name="Marks">By brand, the changes of its totals as they are in it.</param>
/// <param name="At">When it was taken, ms since the Unix epoch.</param>
internal sealed record BooksChanges(List<SpendingRow> Spending, BooksWrite Books, IReadOnlyDictionary<int, long> Marks, long At);
