using Decisioning.Core.Consumers;

namespace Decisioning.Core.Record;

/// <summary>
/// Brings a loaded state up to an instant, as every turn and every reading begins: what lay ahead of the clock joins, what no rule can ask for any more
/// goes. Turns that change nothing, tests and views so see what a turn that is kept would see.
/// </summary>
internal static class Aging
{
    public static void BringTo(ConsumerState state, long now)
    {
        Ripening.Run(state, now);
        ExposureList.Prune(state, now);
        EvidenceRecorder.Prune(state, now);
        EventMemory.Prune(state, now);
    }
}
