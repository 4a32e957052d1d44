using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Consumers;

/// <summary>Upkeep of a consumer's exposures: finding and placing entries, letting go of the old ones without losing count of them.</summary>
public static class ExposureList
{
    /// <summary>The entry of a decision, −1 where it is not (or no longer) in the list.</summary>
    internal static int Find(ConsumerState state, long decidedAt, uint ordinal)
    {
        Span<ExposureEntry> entries = state.Exposures.Items;
        for (int i = entries.Length - 1; i >= 0 && entries[i].At >= decidedAt; i--)
        {
            if (entries[i].At == decidedAt && entries[i].Ordinal == ordinal)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Places an entry by (instant, ordinal), making room by archiving the oldest. −1 where the list is full of live reservations.</summary>
    internal static int Place(ConsumerState state, in ExposureEntry entry, long now)
    {
        if (state.Exposures.Count >= StateBounds.Exposures)
        {
            Release(state, now);
            if (state.Exposures.Count >= StateBounds.Exposures && !ArchiveOldestConfirmed(state))
            {
                return -1;
            }
        }

        int at = state.Exposures.Count;
        while (at > 0 && (state.Exposures[at - 1].At, state.Exposures[at - 1].Ordinal).CompareTo((entry.At, entry.Ordinal)) > 0)
        {
            at--;
        }

        state.Exposures.Insert(at, entry);
        state.ExposuresBySlot.Forget();
        return at;
    }

    /// <summary>Whether one more can be placed: room, or an entry that may leave.</summary>
    internal static bool HasRoom(ConsumerState state, long now)
    {
        if (state.Exposures.Count < StateBounds.Exposures)
        {
            return true;
        }

        foreach (ref readonly ExposureEntry entry in state.Exposures.Items)
        {
            if (entry.IsConfirmed || !entry.CountsAt(now))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Last instant of the UTC day of an instant.</summary>
    internal static long EndOfDay(long at) => at - at % StateBounds.MillisecondsPerDay + StateBounds.MillisecondsPerDay - 1;

    /// <summary>
    /// Drops released reservations and archives what is older than the list keeps: whole UTC days, so that what a cap of up to 30 d no longer counts
    /// does not come back as part of a day, and only what no interaction can reach any more.
    /// </summary>
    internal static void Prune(ConsumerState state, long now)
    {
        Release(state, now);
        while (state.Exposures.Count > 0 && EndOfDay(state.Exposures[0].At) < now - StateBounds.LateMs && ArchiveOldestConfirmed(state))
        {
        }
    }

    private static void Release(ConsumerState state, long now)
    {
        for (int i = state.Exposures.Count - 1; i >= 0; i--)
        {
            if (!state.Exposures[i].CountsAt(now))
            {
                state.Exposures.RemoveAt(i);
                state.ExposuresBySlot.Forget();
            }
        }
    }

    private static bool ArchiveOldestConfirmed(ConsumerState state)
    {
        for (int i = 0; i < state.Exposures.Count; i++)
        {
            if (state.Exposures[i].IsConfirmed)
            {
                Archive(state, state.Exposures[i]);
                state.Exposures.RemoveAt(i);
                state.ExposuresBySlot.Forget();
                return true;
            }
        }

        return false;
    }

    private static void Archive(ConsumerState state, in ExposureEntry exposure)
    {
        int day = (int)(exposure.At / StateBounds.MillisecondsPerDay);
        AddCount(state, exposure.Slot, CapScope.Brand, 0, day);
        AddCount(state, exposure.Slot, CapScope.Creative, exposure.Creative, day);
        if (exposure.Campaign != 0)
        {
            AddCount(state, exposure.Slot, CapScope.Campaign, exposure.Campaign, day);
        }

        if (exposure.Step != 0)
        {
            AddCount(state, exposure.Slot, CapScope.Step, exposure.Step, day);
            AddToStep(state, exposure);
        }

        state.ArchivedUntil = Math.Max(state.ArchivedUntil, exposure.At);
    }

    private static void AddCount(ConsumerState state, int slot, CapScope scope, int symbol, int day)
    {
        foreach (ref CapCounterEntry counter in state.CapCounters.Items)
        {
            if (counter.Slot == slot && counter.Scope == scope && counter.Symbol == symbol && counter.Day == day)
            {
                counter.Count++;
                return;
            }
        }

        if (state.CapCounters.Count >= StateBounds.CapCounters)
        {
            MergeOldestDay(state);
        }

        if (state.CapCounters.Count < StateBounds.CapCounters)
        {
            state.CapCounters.Add(new CapCounterEntry(slot, scope, symbol, day, 1));
        }
    }

    /// <summary>Turns the counters of the oldest day into lifetime counts: the shortest-lived knowledge goes first.</summary>
    private static void MergeOldestDay(ConsumerState state)
    {
        int oldest = int.MaxValue;
        foreach (ref readonly CapCounterEntry counter in state.CapCounters.Items)
        {
            oldest = counter.Day > 0 ? Math.Min(oldest, counter.Day) : oldest;
        }

        for (int i = state.CapCounters.Count - 1; i >= 0; i--)
        {
            CapCounterEntry counter = state.CapCounters[i];
            if (counter.Day == oldest)
            {
                state.CapCounters.RemoveAt(i);
                MergeIntoLifetime(state, counter);
            }
        }
    }

    private static void MergeIntoLifetime(ConsumerState state, in CapCounterEntry gone)
    {
        foreach (ref CapCounterEntry counter in state.CapCounters.Items)
        {
            if (counter.Day == 0 && counter.Slot == gone.Slot && counter.Scope == gone.Scope && counter.Symbol == gone.Symbol)
            {
                counter.Count += gone.Count;
                return;
            }
        }

        state.CapCounters.Add(gone with { Day = 0 });
    }

    private static void AddToStep(ConsumerState state, in ExposureEntry exposure)
    {
        for (int i = 0; ; i++)
        {
            if (i == state.StepArchive.Count)
            {
                state.StepArchive.Add(new StepArchiveEntry { Slot = exposure.Slot, Step = exposure.Step, First = exposure.At, Last = -1 });
            }

            ref StepArchiveEntry step = ref state.StepArchive[i];
            if (step.Slot != exposure.Slot || step.Step != exposure.Step)
            {
                continue;
            }

            step.First = Math.Min(step.First, exposure.At);
            if (exposure.At > step.Last)
            {
                step.Last = exposure.At;
                step.LastStage = exposure.Stage;
            }

            step.Counts[(int)EventType.Impression]++;
            for (EventType type = EventType.Viewable; type <= EventType.Engage; type++)
            {
                step.Counts[(int)type] += exposure.Has(type) ? 1 : 0;
            }

            return;
        }
    }
}
