using Decisioning.Core.Consumers;

namespace Decisioning.Core.Aggregate;

/// <summary>What the intent index is worked out from: credits, organic weight, newly exposed consumers and late touches by UTC day, of twice its window.</summary>
internal sealed class ImpactBook
{
    private const int Credits = 0, Organic = 1, Exposed = 2, Late = 3, Length = 4;
    private const int Days = 2 * BookBounds.WindowDays;

    private readonly SortedDictionary<int, long[]> _days = [];

    public void AddCredit(long instant, long micros) => Of(instant)[Credits] += micros;

    public void AddOrganic(long instant, long micros) => Of(instant)[Organic] += micros;

    public void AddExposed(long instant) => Of(instant)[Exposed]++;

    public void AddLate(long instant) => Of(instant)[Late]++;

    public void Merge(ImpactBook other)
    {
        foreach ((int day, long[] sums) in other._days)
        {
            Figures.Add(Day(day), sums);
        }
    }

    /// <summary>The index as of an instant: its day and the 27 before it, against the 28 before those.</summary>
    public IntentIndex At(long asOf)
    {
        int today = DayOf(asOf);
        long[] now = Sum(today - BookBounds.WindowDays, today), before = Sum(today - Days, today - BookBounds.WindowDays);
        double? rate = RateOf(now), rateBefore = RateOf(before);
        return new IntentIndex(
            now[Credits], now[Organic], now[Credits] + now[Organic], rate, rateBefore > 0 ? 100 * rate / rateBefore : null, now[Late]);
    }

    public void Write(ByteWriter to)
    {
        to.Varint((ulong)_days.Count);
        foreach ((int day, long[] sums) in _days)
        {
            to.Varint((ulong)day);
            Figures.Write(sums, to);
        }
    }

    public static ImpactBook Read(ref ByteReader from)
    {
        var book = new ImpactBook();
        for (int left = from.Int(Days); left > 0 && !from.Failed; left--)
        {
            Figures.Read(book.Day(from.Int(int.MaxValue)), ref from);
        }

        return book;
    }

    private static double? RateOf(long[] sums) => sums[Exposed] == 0 ? null : sums[Credits] / 1e6 * 1000 / sums[Exposed];

    private static int DayOf(long instant) => (int)(instant / StateBounds.MillisecondsPerDay);

    private long[] Sum(int after, int until)
    {
        long[] sum = new long[Length];
        foreach ((int day, long[] sums) in _days)
        {
            if (day > after && day <= until)
            {
                Figures.Add(sum, sums);
            }
        }

        return sum;
    }

    private long[] Of(long instant) => Day(DayOf(instant));

    private long[] Day(int day)
    {
        if (!_days.TryGetValue(day, out long[]? sums))
        {
            _days[day] = sums = new long[Length];
            Prune();
        }

        return sums;
    }

    private void Prune()
    {
        while (_days.Count > Days || (_days.Count > 1 && _days.Keys.First() <= _days.Keys.Last() - Days))
        {
            _days.Remove(_days.Keys.First());
        }
    }
}
