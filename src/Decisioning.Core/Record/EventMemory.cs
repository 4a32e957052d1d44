using Decisioning.Core.Consumers;

namespace Decisioning.Core.Record;

/// <summary>What a consumer remembers so that repeats count nothing: event ids for 30 d, requests for 5 minutes.</summary>
internal static class EventMemory
{
    /// <summary>Whether the id was recorded and is still remembered.</summary>
    public static bool Knows(ConsumerState state, ulong idHash, long now)
    {
        int index = state.EventIds.Items.IndexOf(idHash);
        return index >= 0 && !IsOver(state.EventIdHours[index], now);
    }

    /// <summary>Remembers an id until 30 d after the instant, to the hour above. 0 is no id.</summary>
    public static void Add(ConsumerState state, ulong idHash, long instant)
    {
        if (idHash == 0)
        {
            return;
        }

        long until = (instant + StateBounds.LateMs + StateBounds.MillisecondsPerHour - 1) / StateBounds.MillisecondsPerHour;
        state.EventIds.Add(idHash);
        state.EventIdHours.Add((ushort)until);
    }

    public static void Prune(ConsumerState state, long now)
    {
        PruneIds(state, now);
        for (int i = state.Memos.Count - 1; i >= 0; i--)
        {
            if (now - state.Memos[i].At >= StateBounds.MemoMs)
            {
                state.Memos.RemoveAt(i);
            }
        }
    }

    private static void PruneIds(ConsumerState state, long now)
    {
        Span<ushort> hours = state.EventIdHours.Items;
        int kept = 0;
        while (kept < hours.Length && !IsOver(hours[kept], now))
        {
            kept++;
        }

        if (kept == hours.Length)
        {
            return;
        }

        Span<ulong> ids = state.EventIds.Items;
        for (int i = kept + 1; i < hours.Length; i++)
        {
            if (!IsOver(hours[i], now))
            {
                ids[kept] = ids[i];
                hours[kept++] = hours[i];
            }
        }

        state.EventIds.RemoveRange(kept, ids.Length - kept);
        state.EventIdHours.RemoveRange(kept, hours.Length - kept);
    }

    /// <summary>The answer given to a request within the last 5 minutes.</summary>
    public static bool TryRecall(ConsumerState state, ulong requestHash, long now, out ReadOnlySpan<byte> reply)
    {
        foreach (ref readonly MemoEntry memo in state.Memos.Items)
        {
            if (memo.RequestHash == requestHash && now - memo.At < StateBounds.MemoMs)
            {
                reply = state.TextOf(memo.Reply);
                return true;
            }
        }

        reply = default;
        return false;
    }

    /// <summary>Remembers an answer, forgetting the oldest of more than eight.</summary>
    public static void Remember(ConsumerState state, ulong requestHash, long now, ReadOnlySpan<byte> reply)
    {
        if (state.Memos.Count >= StateBounds.Memos)
        {
            state.Memos.RemoveAt(0);
        }

        state.Memos.Add(new MemoEntry(requestHash, now, state.AddText(reply)));
    }

    /// <summary>Hours are kept modulo 2^16 (7 years); an id is at most 30 d from its end, so the nearer reading is the right one for 3 years.</summary>
    private static bool IsOver(ushort untilHour, long now) => (short)((ushort)(now / StateBounds.MillisecondsPerHour) - untilHour) >= 0;
}
