using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Books;

/// <summary>A brand's hours, wherever they are kept.</summary>
internal interface IHours
{
    /// <summary>Shows the hours that begin in a range, ms since the Unix epoch: of one that is shown twice the later showing counts.</summary>
    void Visit(int brand, long first, long end, Action<HourRow> visit);

    /// <summary>A metric in the newest hour before an instant; null where there is none.</summary>
    long? LevelBefore(int brand, string metric, long first);
}

/// <summary>Stored hours, and over them those still in memory: one in memory stands for the one stored, a part with it.</summary>
internal sealed class StoredHours(IBooks books, IStateStore store) : IHours
{
    private const long HourMs = 3_600_000;

    public void Visit(int brand, long first, long end, Action<HourRow> visit)
    {
        Dictionary<long, HourRow> stored = [];
        foreach (HourBooks hour in store.ReadHours(brand, (int)(first / HourMs), (int)((end + HourMs - 1) / HourMs)))
        {
            HourRow row = HistoryReader.RowOf(hour);
            stored[row.Hour] = row;
            visit(row);
        }

        books.Read(brand, (totals, _) =>
        {
            foreach (HourRow row in totals.Rows().Where(r => r.Hour >= first && r.Hour < end))
            {
                visit(HistoryReader.Over(stored.GetValueOrDefault(row.Hour), row));
            }

            return true;
        });
    }

    public long? LevelBefore(int brand, string metric, long first)
    {
        long? inMemory = books.Read(brand, (totals, _) => totals.Rows().LastOrDefault(r => r.Hour < first && !r.IsPart)?.Value(metric));
        return inMemory ?? (store.ReadHourBefore(brand, (int)(first / HourMs)) is { } stored ? HistoryReader.RowOf(stored).Value(metric) : null);
    }
}

/// <summary>Reads series of one metric. A UTC hour counts for the local day in which it begins.</summary>
internal sealed class HistoryReader(IHours hours, HostClock clock)
{
    private const long HourMs = 3_600_000;

    /// <exception cref="ArgumentException">There is no such metric, or the range is empty or too long.</exception>
    public Series Read(BrandSnapshot brand, in SeriesQuery query)
    {
        Check(query);
        (string metric, long from, long to, bool byDay) = (query.Metric, query.From, query.To, query.ByDay);
        bool level = IsLevel(metric);

        // Every day is read whole, also where the range begins or ends within it.
        (long first, long end) = byDay ? (brand.Calendar.StartOf(brand.Calendar.DayOf(from)), brand.Calendar.StartOf(brand.Calendar.DayOf(to - 1) + 1)) : (from - from % HourMs, to);
        if (metric.StartsWith(SeriesMetrics.NetPrefix, StringComparison.Ordinal))
        {
            return new Series(metric, true, [.. NetOf(brand, metric, from, to)]);
        }

        SortedDictionary<long, long> values = ValuesOf(brand.Symbol, metric, first, end);
        SortedDictionary<long, long> points = [];
        foreach ((long hour, long value) in values)
        {
            long at = byDay ? brand.Calendar.StartOf(brand.Calendar.DayOf(hour)) : hour;
            points[at] = level ? value : points.GetValueOrDefault(at) + value;
        }

        return new Series(metric, byDay, [.. level ? Carried(brand, metric, points, first, end, byDay) : points.Where(p => p.Value != 0).Select(p => new SeriesPoint(p.Key, p.Value))]);
    }

    /// <exception cref="ArgumentException">There is no such metric, or the range is empty or too long.</exception>
    public static void Check(in SeriesQuery query)
    {
        Require(SeriesMetrics.IsKnown(query.Metric), $"There is no metric '{query.Metric}'.");
        Require(query.From >= 0 && query.From < query.To && query.To - query.From <= StoredBooks.KeptHours * HourMs, "A series is of 1 ms to 800 days.");
    }

    /// <summary>Whether the metric stands until it changes.</summary>
    public static bool IsLevel(string metric) =>
        metric.StartsWith(SeriesMetrics.StagePrefix, StringComparison.Ordinal) || metric.StartsWith(SeriesMetrics.DeeplinkPrefix, StringComparison.Ordinal);

    // A day's net moves stand in an hour of the day after, the one in which they were worked out.
    private IEnumerable<SeriesPoint> NetOf(BrandSnapshot brand, string metric, long from, long to)
    {
        int firstDay = brand.Calendar.DayOf(from), lastDay = brand.Calendar.DayOf(to - 1);
        SortedDictionary<int, long> days = [];
        hours.Visit(brand.Symbol, brand.Calendar.StartOf(firstDay + 1) - HourMs, brand.Calendar.StartOf(lastDay + 2), row =>
        {
            if (row.Net is { } net && net.Day >= firstDay && net.Day <= lastDay)
            {
                days[net.Day] = row.Value(metric);
            }
        });
        return days.Select(d => new SeriesPoint(brand.Calendar.StartOf(d.Key), d.Value));
    }

    private SortedDictionary<long, long> ValuesOf(int brand, string metric, long first, long end)
    {
        SortedDictionary<long, long> values = [];
        bool level = IsLevel(metric);
        hours.Visit(brand, first, end, row =>
        {
            // A part alone in its hour has levels of no moment.
            if (!(level && row.IsPart))
            {
                values[row.Hour] = row.Value(metric);
            }
        });
        return values;
    }

    // A level stands until it changes, up to now.
    private IEnumerable<SeriesPoint> Carried(BrandSnapshot brand, string metric, SortedDictionary<long, long> points, long first, long end, bool byDay)
    {
        long? last = hours.LevelBefore(brand.Symbol, metric, first);
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

    /// <exception cref="InvalidDataException">What is stored cannot be read.</exception>
    public static HourRow RowOf(HourBooks stored)
    {
        ByteReader from = new(stored.Sums.Span);
        HourRow row = HourRow.Read(ref from);
        return from.Failed || !from.AtEnd ? throw new InvalidDataException($"Hour {stored.Hour} of brand {stored.Brand} cannot be read.") : row;
    }

    /// <summary>An hour as it is: one in memory stands for the one stored, a part goes with it.</summary>
    /// <param name="stored">Takes the part in; null: there is none.</param>
    public static HourRow Over(HourRow? stored, HourRow inMemory)
    {
        if (stored is null || !inMemory.IsPart)
        {
            return inMemory;
        }

        stored.Merge(inMemory);
        return stored;
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ArgumentException(otherwise);
        }
    }
}
