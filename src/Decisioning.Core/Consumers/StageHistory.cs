using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Consumers;

/// <summary>The changes of stage that were published, the newest 32 a brand.</summary>
internal static class StageHistory
{
    /// <summary>The newest published change of a brand's stage; −1 where there was none.</summary>
    public static long LastChangeAt(ConsumerState state, int slot)
    {
        for (int i = state.StageChanges.Count - 1; i >= 0; i--)
        {
            if (state.StageChanges[i].Slot == slot)
            {
                return state.StageChanges[i].Instant;
            }
        }

        return -1;
    }

    /// <summary>The stage just before an instant, as published; as far back as the newest changes tell, before them where the oldest of them began.</summary>
    public static DeeplinkStage At(ConsumerState state, int slot, long instant)
    {
        DeeplinkStage? stage = null;
        foreach (ref readonly StageChangeEntry change in state.StageChanges.Items)
        {
            if (change.Slot == slot && (stage is null || change.Instant < instant))
            {
                stage = change.Instant < instant ? change.To : change.From;
            }
        }

        return stage ?? state.Relationships[slot].Stage;
    }

    /// <summary>When the consumer came into the AIPL stage that it is in; −1 where the history does not reach back to it.</summary>
    public static long EnteredAt(ConsumerState state, int slot)
    {
        for (int i = state.StageChanges.Count - 1; i >= 0; i--)
        {
            StageChangeEntry change = state.StageChanges[i];
            if (change.Slot == slot && Names.Aipl(change.From) != Names.Aipl(change.To))
            {
                return change.Instant;
            }
        }

        return -1;
    }

    public static void Add(ConsumerState state, int slot, long at, DeeplinkStage from, DeeplinkStage to)
    {
        int count = 0, oldest = -1;
        for (int i = 0; i < state.StageChanges.Count; i++)
        {
            if (state.StageChanges[i].Slot == slot)
            {
                oldest = oldest < 0 ? i : oldest;
                count++;
            }
        }

        if (count >= StateBounds.StageChanges)
        {
            state.StageChanges.RemoveAt(oldest);
        }

        state.StageChanges.Add(new StageChangeEntry(at, slot, from, to));
    }
}
