using Decisioning.Cluster.Storage;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Hosting;
using Decisioning.Engine.Books;

namespace Decisioning.Cluster.Watch;

/// <summary>One brand's hours as far as a query may need them: read from the store, and over them those that its grain has.</summary>
internal sealed class HourSheet : IHours
{
    private const int HourMs = 3_600_000;

    /// <summary>Hours before and after the range that its local days may reach into: net moves stand on the day after.</summary>
    private const int Margin = 75;

    private readonly SortedDictionary<long, HourRow> _rows = [];

    /// <param name="query">A checked one.</param>
    /// <param name="open">The hours that the grain has.</param>
    public static async Task<HourSheet> ReadAsync(IClusterStore store, int brand, SeriesQuery query, IEnumerable<HourRow> open, CancellationToken cancellation)
    {
        HourSheet sheet = new();
        int from = Math.Max(0, (int)(query.From / HourMs) - Margin), to = (int)Math.Min(query.To / HourMs + Margin, int.MaxValue);
        await sheet.AddAsync(store, brand, from, to, cancellation);

        // A level stands until it changes: the newest hour before the range, looked for further and further back.
        for (int back = 24; from > 0 && HistoryReader.IsLevel(query.Metric) && !sheet._rows.Keys.Any(h => h < query.From) && back < 2 * StoredBooks.KeptHours; back *= 8)
        {
            int before = from;
            from = Math.Max(0, from - back);
            await sheet.AddAsync(store, brand, from, before, cancellation);
        }

        foreach (HourRow row in open)
        {
            sheet._rows[row.Hour] = HistoryReader.Over(sheet._rows.GetValueOrDefault(row.Hour), row);
        }

        return sheet;
    }

    public void Visit(int brand, long first, long end, Action<HourRow> visit)
    {
        foreach (HourRow row in _rows.Values.Where(r => r.Hour >= first && r.Hour < end))
        {
            visit(row);
        }
    }

    public long? LevelBefore(int brand, string metric, long first) => _rows.Values.LastOrDefault(r => r.Hour < first && !r.IsPart)?.Value(metric);

    private async Task AddAsync(IClusterStore store, int brand, int from, int to, CancellationToken cancellation)
    {
        foreach (HourRow row in (await store.ReadHoursAsync(brand, from, to, cancellation)).Select(HistoryReader.RowOf))
        {
            _rows[row.Hour] = row;
        }
    }
}
