using Decisioning.Core.Consumers;

namespace Decisioning.Core.Record;

/// <summary>Events up to five minutes ahead of the clock wait, whole, and join the evidence at the first turn or reading at or after their instant.</summary>
internal static class Ripening
{
    /// <param name="state">The consumer.</param>
    /// <param name="e">An event ahead of the clock.</param>
    /// <param name="scratch">Overwritten.</param>
    public static void Postpone(ConsumerState state, in ConsumerEvent e, ByteWriter scratch)
    {
        scratch.Clear();
        e.Write(scratch);
        int at = state.Pending.Count;
        while (at > 0 && state.Pending[at - 1].OccurredAt > e.OccurredAt)
        {
            at--;
        }

        state.Pending.Insert(at, new PendingEntry(e.OccurredAt, state.AddText(scratch.Written)));
    }

    public static void Run(ConsumerState state, long now)
    {
        while (state.Pending.Count > 0 && state.Pending[0].OccurredAt <= now)
        {
            Take(state, now);
        }
    }

    /// <summary>Reads the event that waits for the earliest instant. False where it cannot be read.</summary>
    public static bool TryPeek(ConsumerState state, out ConsumerEvent e)
    {
        var reader = new ByteReader(state.TextOf(state.Pending[0].Event));
        e = ConsumerEvent.Read(ref reader);
        return !reader.Failed;
    }

    /// <summary>Lets the event that waits for the earliest instant join the evidence.</summary>
    public static void Take(ConsumerState state, long now)
    {
        bool whole = TryPeek(state, out ConsumerEvent e);
        state.Pending.RemoveAt(0);
        if (whole && state.OpenSlot(e.Brand) is >= 0 and int slot)
        {
            EvidenceRecorder.Apply(state, slot, e, now);
        }
    }
}
