using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Consumers;

/// <summary>The changes of stage that were published, the newest 32 a brand.</summary>
internal static class StageHistory
{
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
