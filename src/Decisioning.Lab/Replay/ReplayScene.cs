using Decisioning.Lab.Reports;
using Decisioning.Lab.Streams;

namespace Decisioning.Lab.Replay;

/// <summary>A replay under way: what its parts share.</summary>
/// <param name="Plan">What to replay.</param>
/// <param name="Summary">What the stream holds.</param>
/// <param name="Shift">Milliseconds added to every instant of the stream.</param>
/// <param name="Pace">Lets each event through when it is due.</param>
/// <param name="Tally">Counts what happens.</param>
/// <param name="Meter">Told how far the replay is.</param>
internal sealed record ReplayScene(ReplayPlan Plan, StreamSummary Summary, long Shift, ReplayPace Pace, ReplayTally Tally, IProgressMeter Meter)
{
    /// <summary>Placement that decisions are asked for.</summary>
    public const string Placement = "lab";

    /// <summary>Instant of the stream's first event, as replayed.</summary>
    public long First => Summary.First + Shift;

    /// <summary>Instant of the stream's last event, as replayed.</summary>
    public long Last => Summary.Last + Shift;
}
