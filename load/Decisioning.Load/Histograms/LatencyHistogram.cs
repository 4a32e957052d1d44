using System.Numerics;

namespace Decisioning.Load.Histograms;

/// <summary>
/// Counts durations to three significant digits: exact to the microsecond below 2.048 ms, within a thousandth above, up to an hour. Each power of two is cut into
/// equal parts, so that counting is a shift and an addition, and histograms of several clients merge without loss. Used by one thread.
/// </summary>
internal sealed class LatencyHistogram
{
    /// <summary>An hour, in microseconds.</summary>
    public const long Highest = 3_600_000_000;

    /// <summary>Parts of the first range, of 1 µs each; every later range has the upper half of them, each twice as wide as in the range before.</summary>
    public const int Parts = 1 << PartBits;

    private const int PartBits = 11;
    private const int Half = Parts / 2;

    /// <summary>Ranges that it takes to reach <see cref="Highest"/>.</summary>
    public static readonly int Ranges = BitOperations.Log2(Highest) - PartBits + 2;

    private readonly long[] _counts = new long[(Ranges + 1) * Half];
    private double _sum;
    private double _squares;

    /// <summary>How many were recorded.</summary>
    public long Count { get; private set; }

    /// <summary>The longest recorded, µs, as it was; 0 where there is none.</summary>
    public long Max { get; private set; }

    /// <summary>The mean, µs; 0 where there is none.</summary>
    public double Mean => Count == 0 ? 0 : _sum / Count;

    /// <summary>The standard deviation, µs; 0 where there is none.</summary>
    public double Deviation => Count == 0 ? 0 : Math.Sqrt(Math.Max(0, (_squares / Count) - (Mean * Mean)));

    /// <summary>Counts one duration.</summary>
    /// <param name="microseconds">From 0 to <see cref="Highest"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is none of these.</exception>
    public void Record(long microseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(microseconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(microseconds, Highest);
        _counts[PlaceOf(microseconds)]++;
        Count++;
        Max = Math.Max(Max, microseconds);
        _sum += microseconds;
        _squares += (double)microseconds * microseconds;
    }

    /// <summary>Adds what another has counted.</summary>
    public void Add(LatencyHistogram other)
    {
        for (int place = 0; place < _counts.Length; place++)
        {
            _counts[place] += other._counts[place];
        }

        Count += other.Count;
        Max = Math.Max(Max, other.Max);
        _sum += other._sum;
        _squares += other._squares;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        if (Count > 0)
        {
            Array.Clear(_counts);
        }

        (Count, Max, _sum, _squares) = (0, 0, 0, 0);
    }

    /// <summary>So many µs, or less than a thousandth fewer, the given share took at most; 0 where nothing was recorded.</summary>
    /// <param name="share">From 0 to 1.</param>
    public long Quantile(double share)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (int place = 0; place < _counts.Length; place++)
        {
            seen += _counts[place];
            if (seen >= rank)
            {
                return Math.Min(UpperOf(place), Max);
            }
        }

        return Max;
    }

    /// <summary>How many took at most so long, to the precision of the histogram.</summary>
    public long CountUpTo(long microseconds)
    {
        long seen = 0;
        for (int place = PlaceOf(Math.Min(microseconds, Highest)); place >= 0; place--)
        {
            seen += _counts[place];
        }

        return seen;
    }

    /// <summary>The longest duration, µs, that is counted at the place of this one.</summary>
    public static long UpperOf(long microseconds) => UpperOf(PlaceOf(microseconds));

    /// <summary>Every place with a count, in order.</summary>
    internal IEnumerable<(int Place, long Count)> Places()
    {
        for (int place = 0; place < _counts.Length; place++)
        {
            if (_counts[place] > 0)
            {
                yield return (place, _counts[place]);
            }
        }
    }

    /// <summary>Makes one of what <see cref="Places"/>, <see cref="Mean"/>, <see cref="Deviation"/> and <see cref="Max"/> told.</summary>
    /// <exception cref="InvalidDataException">They do not go together.</exception>
    internal static LatencyHistogram Of(IEnumerable<(int Place, long Count)> places, double mean, double deviation, long max)
    {
        LatencyHistogram made = new() { Max = max };
        foreach ((int place, long count) in places)
        {
            if (place < 0 || place >= made._counts.Length || count <= 0)
            {
                throw new InvalidDataException($"No histogram has {count} at place {place}.");
            }

            made._counts[place] = count;
            made.Count += count;
        }

        made._sum = mean * made.Count;
        made._squares = ((deviation * deviation) + (mean * mean)) * made.Count;
        return made;
    }

    private static int PlaceOf(long microseconds)
    {
        int range = Math.Max(0, BitOperations.Log2((ulong)microseconds) - PartBits + 1);
        return (range * Half) + (int)(microseconds >> range);
    }

    private static long UpperOf(int place)
    {
        int range = Math.Max(0, (place / Half) - 1);
        long part = place - (range * Half);
        return ((part + 1) << range) - 1;
    }
}
