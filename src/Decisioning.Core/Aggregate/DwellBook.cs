using System.Numerics;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Aggregate;

/// <summary>How long those who left an AIPL stage had been in it: histograms by the day of leaving (UTC), eight steps an octave, of the newest days.</summary>
internal sealed class DwellBook
{
    private const int StepsAnOctave = 8;
    private const int MaxBucket = 64 * StepsAnOctave;

    private readonly SortedDictionary<(int Day, Stage Stage, int Bucket), long> _counts = [];
    private int _newest;

    /// <param name="day">UTC day of leaving, counted from 1970-01-01.</param>
    /// <param name="stage">The stage left.</param>
    /// <param name="spentMs">0 or more.</param>
    public void Add(int day, Stage stage, long spentMs)
    {
        Reach(day);
        if (day > _newest - BookBounds.WindowDays)
        {
            (int, Stage, int) key = (day, stage, BucketOf(spentMs));
            _counts[key] = _counts.GetValueOrDefault(key) + 1;
        }
    }

    public void Merge(DwellBook other)
    {
        Reach(other._newest);
        foreach (((int Day, Stage, int) key, long count) in other._counts)
        {
            if (key.Day > _newest - BookBounds.WindowDays)
            {
                _counts[key] = _counts.GetValueOrDefault(key) + count;
            }
        }
    }

    /// <summary>Median and quartiles by stage over the days up to one; stages nobody left are absent.</summary>
    public StageDwell[] Of(int day)
    {
        List<StageDwell> dwell = [];
        for (Stage stage = Stage.Awareness; stage <= Stage.Loyalty; stage++)
        {
            SortedDictionary<int, long> buckets = [];
            foreach (((int Day, Stage Stage, int Bucket) key, long count) in _counts)
            {
                if (key.Stage == stage && key.Day > day - BookBounds.WindowDays && key.Day <= day)
                {
                    buckets[key.Bucket] = buckets.GetValueOrDefault(key.Bucket) + count;
                }
            }

            long left = buckets.Values.Sum();
            if (left > 0)
            {
                dwell.Add(new StageDwell(stage, left, QuantileOf(buckets, left, 1), QuantileOf(buckets, left, 2), QuantileOf(buckets, left, 3)));
            }
        }

        return [.. dwell];
    }

    public void Write(ByteWriter to)
    {
        to.Varint((ulong)_newest);
        to.Varint((ulong)_counts.Count);
        foreach (((int Day, Stage Stage, int Bucket) key, long count) in _counts)
        {
            to.Varint((ulong)key.Day);
            to.Byte((byte)key.Stage);
            to.Varint((ulong)key.Bucket);
            to.Varint((ulong)count);
        }
    }

    public static DwellBook Read(ref ByteReader from)
    {
        var book = new DwellBook { _newest = from.Int(int.MaxValue) };
        int count = from.Int(BookBounds.WindowDays * 5 * MaxBucket);
        for (int i = 0; i < count && !from.Failed; i++)
        {
            book._counts[(from.Int(int.MaxValue), (Stage)from.Byte(), from.Int(MaxBucket))] = (long)from.Varint();
        }

        return book;
    }

    /// <summary>The bucket of a time: its octave, and which eighth of it.</summary>
    private static int BucketOf(long spentMs)
    {
        if (spentMs < StepsAnOctave)
        {
            return (int)spentMs;
        }

        int octave = BitOperations.Log2((ulong)spentMs);
        return (octave - 2) * StepsAnOctave + (int)((spentMs >> (octave - 3)) & (StepsAnOctave - 1));
    }

    /// <summary>The middle of a bucket.</summary>
    private static long MiddleOf(int bucket)
    {
        if (bucket < StepsAnOctave)
        {
            return bucket;
        }

        int octave = bucket / StepsAnOctave + 2;
        long width = 1L << (octave - 3);
        return (StepsAnOctave + bucket % StepsAnOctave) * width + width / 2;
    }

    private static long QuantileOf(SortedDictionary<int, long> buckets, long count, int quarter)
    {
        long rank = (count * quarter + 3) / 4;
        foreach ((int bucket, long inIt) in buckets)
        {
            rank -= inIt;
            if (rank <= 0)
            {
                return MiddleOf(bucket);
            }
        }

        return 0;
    }

    /// <summary>Comes to a day; what a newer one leaves behind goes.</summary>
    private void Reach(int day)
    {
        if (day <= _newest)
        {
            return;
        }

        _newest = day;
        while (_counts.Count > 0 && _counts.Keys.First() is var oldest && oldest.Day <= _newest - BookBounds.WindowDays)
        {
            _counts.Remove(oldest);
        }
    }
}
