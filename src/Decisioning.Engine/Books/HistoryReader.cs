using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Books;

/// <summary>Reads series of one metric: stored hours, and over them those still in memory. A UTC hour counts for the local day in which it begins.</summary>
internal sealed class HistoryReader(Bookkeeper books, IStateStore store, HostClock clock)
{
    private const long HourMs = 3_600_000;

    /// <exception cref="ArgumentException">There is no such metric, or the range is empty or too long.</exception>
    public Series Read(BrandSnapshot brand, in SeriesQuery query)
    {
        (string metric, long from, long to, bool byDay) = (query.Metric, query.From, query.To, query.ByDay);
        Require(SeriesMetrics.IsKnown(metric), $"There is no metric '{metric}'.");
        Require(from >= 0 && from < to && to - from <= StoredBooks.KeptHours * HourMs, "A series is of 1 ms to 800 days.");
        bool level = metric.StartsWith(SeriesMetrics.StagePrefix, StringComparison.Ordinal) || metric.StartsWith(SeriesMetrics.DeeplinkPrefix, StringComparison.Ordinal);

        // Every day is read whole, also where the range begins or ends within it.
        (long first, long end) = byDay ? (brand.Calendar.StartOf(brand.Calendar.DayOf(from)), brand.Calendar.StartOf(brand.Calendar.DayOf(to - 1) + 1)) : (from - from % HourMs, to);
        SortedDictionary<long, long> hours = HoursOf(brand.Symbol, metric, first, end);
        SortedDictionary<long, long> points = [];
        foreach ((long hour, long value) in hours)
        {
            long at = byDay ? brand.Calendar.StartOf(brand.Calendar.DayOf(hour)) : hour;
            points[at] = level ? value : points.GetValueOrDefault(at) + value;
        }

        return new Series(metric, byDay, [.. level ? Carried(brand, metric, points, first, end, byDay) : points.Where(p => p.Value != 0).Select(p => new SeriesPoint(p.Key, p.Value))]);
    }

    private SortedDictionary<long, long> HoursOf(int brand, string metric, long first, long end)
    {
        SortedDictionary<long, long> values = [];
        foreach (HourBooks stored in store.ReadHours(brand, (int)(first / HourMs), (int)((end + HourMs - 1) / HourMs)))
        {
            HourRow row = RowOf(stored);
            values[row.Hour] = row.Value(metric);
        }

        books.Read(brand, (totals, _) =>
        {
            foreach (HourRow row in totals.Rows().Where(r => r.Hour >= first && r.Hour < end))
            {
                values[row.Hour] = row.Value(metric);
            }

            return true;
        });
        return values;
    }

    // A level stands until it changes, up to now.
    private IEnumerable<SeriesPoint> Carried(BrandSnapshot brand, string metric, SortedDictionary<long, long> points, long first, long end, bool byDay)
    {
        long? last = LevelBefore(brand.Symbol, metric, first);
        long upTo = Math.Min(end, clock.Now + 1);
        for (long at = first; at < upTo; at = byDay ? brand.Calendar.StartOf(brand.Calendar.DayOf(at) + 1) : at + HourMs)
        {
            last = points.TryGetValue(at, out long value) ? value : last;
            if (last is { } level)
            {
                yield return new SeriesPoint(at, level);
            }
        }
    }

    private long? LevelBefore(int brand, string metric, long first)
    {
        long? inMemory = books.Read(brand, (totals, _) => totals.Rows().LastOrDefault(r => r.Hour < first)?.Value(metric));
        return inMemory ?? (store.ReadHourBefore(brand, (int)(first / HourMs)) is { } stored ? RowOf(stored).Value(metric) : null);
    }

    /// <exception cref="InvalidDataException">What is stored cannot be read.</exception>
    public static HourRow RowOf(HourBooks stored)
    {
        ByteReader from = new(stored.Sums.Span);
        HourRow row = HourRow.Read(ref from);
        return from.Failed || !from.AtEnd ? throw new InvalidDataException($"Hour {stored.Hour} of brand {stored.Brand} cannot be read.") : row;
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ArgumentException(otherwise);
        }
    }
}
