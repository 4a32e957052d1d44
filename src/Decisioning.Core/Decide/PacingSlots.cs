namespace Decisioning.Core.Decide;

/// <summary>
/// An amount released over a span of time in equal steps: slot k, from 0, starts k quarter hours after the span's start, and from then on
/// amount·(k+1)/count may be spent. The last slot is short where the span is no whole number of quarter hours. Money is in micros.
/// </summary>
internal readonly struct PacingSlots
{
    public const long SlotMs = 900_000;

    private readonly long _start;
    private readonly long _amount;
    private readonly long _count;

    private PacingSlots(long start, long amount, long count)
    {
        _start = start;
        _amount = amount;
        _count = count;
    }

    /// <summary>The whole amount from the beginning of time on.</summary>
    public static PacingSlots AtOnce(long amount) => new(long.MinValue, amount, 1);

    /// <summary>The amount by quarter hours from <paramref name="start"/> until <paramref name="end"/>, which lies after it.</summary>
    public static PacingSlots Even(long start, long end, long amount) => new(start, amount, (end - start + SlotMs - 1) / SlotMs);

    /// <summary>What may have been spent in all at the instant.</summary>
    public long AllowanceAt(long instant)
    {
        if (instant < _start)
        {
            return 0;
        }

        return _count == 1 ? _amount : (long)((Int128)_amount * (SlotAt(instant) + 1) / _count);
    }

    /// <summary>First instant of the slot that the instant is in.</summary>
    public long SlotStart(long instant) => _count == 1 || instant < _start ? long.MinValue : _start + SlotAt(instant) * SlotMs;

    /// <summary>First instant after the slot that the instant is in; <see cref="long.MaxValue"/> for the last.</summary>
    public long SlotEnd(long instant)
    {
        if (instant < _start)
        {
            return _start;
        }

        return _count == 1 || SlotAt(instant) == _count - 1 ? long.MaxValue : _start + (SlotAt(instant) + 1) * SlotMs;
    }

    /// <summary>First instant at which so much may have been spent; null where it never may.</summary>
    public long? FirstFor(Int128 spending)
    {
        if (spending > _amount)
        {
            return null;
        }

        if (_count == 1 || spending <= 0)
        {
            return _start;
        }

        // The least k with ⌊amount·(k+1)/count⌋ ≥ spending.
        long slot = (long)((spending * _count + _amount - 1) / _amount) - 1;
        return _start + slot * SlotMs;
    }

    private long SlotAt(long instant) => Math.Min((instant - _start) / SlotMs, _count - 1);
}
