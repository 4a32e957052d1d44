using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record.Facts;
using Decisioning.Engine.Storage;
using Decisioning.Lab.Folder;
using Decisioning.Lab.Recount;

namespace Decisioning.Lab.Verify;

/// <summary>The books that the engine holds: the stored ones, and after them what the journal has since, as on opening.</summary>
internal sealed class HeldBooks
{
    private readonly ServerTotals _totals = new();
    private readonly IStateStore _store;

    /// <exception cref="InvalidDataException">Stored books, or the facts of a record, cannot be read.</exception>
    public HeldBooks(DataFolder folder)
    {
        _store = folder.Store;
        foreach (BrandBooks brand in _store.ReadBooks())
        {
            _totals.Restore(brand.Brand, BrandTotals.Read(brand.Totals.Span));
        }

        foreach (TurnRecord record in folder.Log.ReadAfter(_store.BooksPosition))
        {
            if (record.Head.Kind != TurnKind.Scrubbed)
            {
                _totals.Fold(TurnFacts.Of(record.Payload.Span));
            }
        }
    }

    /// <summary>A brand's totals; empty ones where it has none.</summary>
    public BrandTotals Of(int brand) => _totals.Of(brand);

    /// <summary>What is booked of flat prices.</summary>
    public Dictionary<(int Brand, int Campaign), FeeLine> Fees() =>
        _totals.Brands.SelectMany(static b => b.Value.Fees, static (b, fee) => (Key: (b.Key, fee.Key), fee.Value)).ToDictionary(static f => f.Key, static f => f.Value);

    /// <summary>What brands' powers come from, to be counted again.</summary>
    public IEnumerable<RecountedAppraisal> Appraisals(CatalogueSnapshot known) =>
        known.Brands.Where(b => Of(b.Symbol).Appraisal is not null).Select(b => new RecountedAppraisal(b, Of(b.Symbol).Appraisal!));

    /// <summary>A brand's hourly rows by their hour: those in memory stand for the stored ones, parts add to them.</summary>
    /// <exception cref="InvalidDataException">A stored row cannot be read.</exception>
    public SortedDictionary<long, HourRow> RowsOf(int brand)
    {
        SortedDictionary<long, HourRow> rows = [];
        foreach (HourBooks stored in _store.ReadHours(brand, 0, int.MaxValue))
        {
            ByteReader from = new(stored.Sums.Span);
            HourRow row = HourRow.Read(ref from);
            rows[row.Hour] = from.Failed || !from.AtEnd ? throw new InvalidDataException($"hour {stored.Hour} cannot be read") : row;
        }

        foreach (HourRow row in Of(brand).Rows())
        {
            if (row.IsPart && rows.TryGetValue(row.Hour, out HourRow? whole))
            {
                whole.Merge(row);
            }
            else
            {
                rows[row.Hour] = row;
            }
        }

        return rows;
    }
}
