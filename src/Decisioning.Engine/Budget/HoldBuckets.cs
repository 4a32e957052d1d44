using Decisioning.Core.Decide;

namespace Decisioning.Engine.Budget;

/// <summary>
/// A campaign's held money by the second in which it comes back: one number a second, in a ring that starts at the clock, so that holds cost no objects.
/// A hold is kept a quarter of a second to one and a quarter beyond its end, so that a turn that read the clock just before still finds it.
/// Used under the campaign's lock.
/// </summary>
internal sealed class HoldBuckets(long now)
{
    /// <summary>How long after its end a hold stays at least.</summary>
    public const long GraceMs = 250;

    private const int FirstSeconds = 64;
    private const int MaxSeconds = 1 << 18;

    // The bucket of second s stands at s modulo the length; buckets up to _released are empty.
    private long[] _amounts = [];
    private long _released = now / 1000;

    /// <summary>Sum of all buckets.</summary>
    public long Held { get; private set; }

    /// <summary>True where a hold with this end has already come back.</summary>
    public bool IsOver(long expiresAt) => SecondOf(expiresAt) <= _released;

    /// <summary>Holds an amount; one that should have ended already, by a clock that was late, until the next second.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It ends more than three days ahead of the clock.</exception>
    public void Add(long expiresAt, long amount)
    {
        long second = Math.Max(SecondOf(expiresAt), _released + 1);
        if (second - _released > _amounts.Length)
        {
            Grow(second - _released);
        }

        _amounts[second & (_amounts.Length - 1)] += amount;
        Held += amount;
    }

    /// <summary>What of the amount lies in the bucket of a hold: less than all of it, where the hold is not there (any more).</summary>
    public long Available(long expiresAt, long amount)
    {
        long second = SecondOf(expiresAt);
        return second <= _released || second - _released > _amounts.Length ? 0 : Math.Min(amount, _amounts[second & (_amounts.Length - 1)]);
    }

    /// <summary>Takes up to the amount out of the bucket of a hold.</summary>
    public void Take(long expiresAt, long amount)
    {
        long taken = Available(expiresAt, amount);
        if (taken > 0)
        {
            _amounts[SecondOf(expiresAt) & (_amounts.Length - 1)] -= taken;
            Held -= taken;
        }
    }

    /// <summary>Lets go of everything that has come back by now.</summary>
    public void Release(long now)
    {
        long second = now / 1000;
        while (_released < second && Held > 0)
        {
            _released++;
            ref long bucket = ref _amounts[_released & (_amounts.Length - 1)];
            Held -= bucket;
            bucket = 0;
        }

        _released = Math.Max(_released, second);
    }

    /// <summary>What is held, in the order of release.</summary>
    /// <returns>How many entries there are; only as many as fit are written.</returns>
    public int CopyTo(Span<PacingHold> holds)
    {
        int count = 0;
        long left = Held;
        for (long second = _released + 1; left > 0; second++)
        {
            long amount = _amounts[second & (_amounts.Length - 1)];
            if (amount > 0)
            {
                if (count < holds.Length)
                {
                    holds[count] = new PacingHold(second * 1000, amount);
                }

                count++;
                left -= amount;
            }
        }

        return count;
    }

    /// <summary>The end of a hold that would be released with a bucket that <see cref="CopyTo"/> gave.</summary>
    public static long EndOf(PacingHold bucket) => bucket.Until - GraceMs;

    private static long SecondOf(long expiresAt) => (expiresAt + GraceMs + 999) / 1000;

    private void Grow(long seconds)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seconds, MaxSeconds);
        int length = Math.Max(FirstSeconds, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)seconds));
        long[] amounts = new long[length];
        for (long second = _released + 1; second <= _released + _amounts.Length; second++)
        {
            amounts[second & (length - 1)] = _amounts[second & (_amounts.Length - 1)];
        }

        _amounts = amounts;
    }
}
