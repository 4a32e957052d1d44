using System.Buffers;
using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Consumers;

/// <summary>
/// Counts what a cap counts: confirmed exposures and live reservations in its rolling window. A window of up to 30 d is exact. Older exposures are known by
/// UTC day only, so in a longer window each counts, from the first, until the window has passed the whole of its day: a cap may free late by up to a day
/// there, never early. The same holds in any window for what more than 256 exposures have pushed out of the list.
/// </summary>
public static class CapRules
{
    /// <summary>Whether every cap lets one more through.</summary>
    /// <param name="state">The consumer.</param>
    /// <param name="slot">The brand's slot; <see cref="AnySlot"/> counts all brands.</param>
    /// <param name="scope">The level that carries the caps.</param>
    /// <param name="symbol">Its symbol; 0 for a brand.</param>
    /// <param name="caps">The caps.</param>
    /// <param name="now">Instant.</param>
    public static bool HaveRoom(ConsumerState state, int slot, CapScope scope, int symbol, CapRule[] caps, long now)
    {
        int most = state.CapCounters.Count > 0 ? int.MaxValue : slot == AnySlot ? state.Exposures.Count : state.ExposuresBySlot.CountOf(slot);
        foreach (CapRule cap in caps)
        {
            if (cap.Max <= most && Count(state, slot, scope, symbol, cap, now) >= cap.Max)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Counts all brands.</summary>
    public const int AnySlot = -1;

    /// <summary>What the cap counts now.</summary>
    public static int Count(ConsumerState state, int slot, CapScope scope, int symbol, CapRule cap, long now)
    {
        int count = 0;
        if (slot == AnySlot)
        {
            foreach (ref readonly ExposureEntry exposure in state.Exposures.Items)
            {
                count += Counts(exposure, scope, symbol, cap, now) ? 1 : 0;
            }
        }
        else
        {
            foreach (ref readonly ExposureEntry exposure in state.ExposuresBySlot.Of(slot))
            {
                count += Counts(exposure, scope, symbol, cap, now) ? 1 : 0;
            }
        }

        foreach (ref readonly CapCounterEntry counter in state.CapCounters.Items)
        {
            count += Matches(counter, slot, scope, symbol) && LeavesAt(EndOf(counter.Day), cap) > now ? counter.Count : 0;
        }

        return count;
    }

    /// <summary>The instant from which all caps let one more through; null where one never will, or all do now.</summary>
    public static long? FreeAt(ConsumerState state, int slot, CapScope scope, int symbol, CapRule[] caps, long now)
    {
        long latest = now;
        foreach (CapRule cap in caps)
        {
            long free = FreeAt(state, slot, scope, symbol, cap, now);
            if (free == long.MaxValue)
            {
                return null;
            }

            latest = Math.Max(latest, free);
        }

        return latest > now ? latest : null;
    }

    /// <summary>As above for one cap; <paramref name="now"/> where it has room, <see cref="long.MaxValue"/> where it never will.</summary>
    private static long FreeAt(ConsumerState state, int slot, CapScope scope, int symbol, CapRule cap, long now)
    {
        int over = Count(state, slot, scope, symbol, cap, now) - cap.Max + 1;
        if (over <= 0)
        {
            return now;
        }

        (long At, int Count)[] rented = ArrayPool<(long At, int Count)>.Shared.Rent(state.Exposures.Count + state.CapCounters.Count);
        try
        {
            return FreeAt(Leaving(state, slot, scope, symbol, cap, now, rented), over);
        }
        finally
        {
            ArrayPool<(long At, int Count)>.Shared.Return(rented);
        }
    }

    /// <summary>How many the cap will count no more, and when, in that order.</summary>
    private static ReadOnlySpan<(long At, int Count)> Leaving(
        ConsumerState state, int slot, CapScope scope, int symbol, CapRule cap, long now, Span<(long At, int Count)> leaving)
    {
        int count = 0;
        foreach (ref readonly ExposureEntry exposure in state.Exposures.Items)
        {
            long leaves = LeavesAt(exposure.At, cap);
            if ((slot == AnySlot || exposure.Slot == slot) && Counts(exposure, scope, symbol, cap, now))
            {
                leaving[count++] = (exposure.IsConfirmed ? leaves : Math.Min(leaves, exposure.ReservedUntil), 1);
            }
        }

        foreach (ref readonly CapCounterEntry counter in state.CapCounters.Items)
        {
            long leaves = LeavesAt(EndOf(counter.Day), cap);
            if (Matches(counter, slot, scope, symbol) && leaves > now)
            {
                leaving[count++] = (leaves, counter.Count);
            }
        }

        leaving[..count].Sort();
        return leaving[..count];
    }

    private static long FreeAt(ReadOnlySpan<(long At, int Count)> leaving, int over)
    {
        foreach ((long at, int count) in leaving)
        {
            over -= count;
            if (over <= 0)
            {
                return at;
            }
        }

        return long.MaxValue;
    }

    /// <summary>The first instant at which the cap no longer counts a confirmed exposure, in the list or not.</summary>
    private static long LeavesAt(long at, CapRule cap) => cap.WindowMs switch
    {
        CapRule.Lifetime => long.MaxValue,
        <= StateBounds.LateMs => at + cap.WindowMs,
        _ => ExposureList.EndOfDay(at) + cap.WindowMs,
    };

    /// <summary>Last instant of a UTC day; day 0 stands for long ago.</summary>
    private static long EndOf(int day) => day == 0 ? 0 : ExposureList.EndOfDay(day * StateBounds.MillisecondsPerDay);

    /// <summary>Whether the cap counts an exposure of a brand it is about.</summary>
    private static bool Counts(in ExposureEntry exposure, CapScope scope, int symbol, CapRule cap, long now) =>
        exposure.CountsAt(now) && LeavesAt(exposure.At, cap) > now && scope switch
        {
            CapScope.Campaign => exposure.Campaign == symbol,
            CapScope.Step => exposure.Step == symbol,
            CapScope.Creative => exposure.Creative == symbol,
            _ => true,
        };

    private static bool Matches(in CapCounterEntry counter, int slot, CapScope scope, int symbol) =>
        (slot == AnySlot || counter.Slot == slot) && counter.Scope == scope && counter.Symbol == symbol;
}
