using Decisioning.Lab.Reports;
using Decisioning.Lab.Streams;

namespace Decisioning.Lab.Replay;

/// <summary>Looks through the stream, replays it to the target and reports.</summary>
internal static class ReplayRun
{
    /// <exception cref="BadDataException">The stream has faults; nothing was replayed.</exception>
    /// <exception cref="LabFailureException">The target cannot be used.</exception>
    public static async Task<ReplayReport> RunAsync(ReplayPlan plan, IReplayTarget target, TimeProvider time, IProgressMeter meter, CancellationToken stop)
    {
        StreamSummary summary = plan.Stream.LookThrough();
        long shift = plan.ShiftToNow ? time.GetUtcNow().ToUnixTimeMilliseconds() - summary.Last : 0;
        var tally = new ReplayTally();
        long started = time.GetTimestamp();
        await target.ReplayAsync(new ReplayScene(plan, summary, shift, new ReplayPace(plan.Speed, time), tally, meter), stop);
        return tally.ToReport(time.GetElapsedTime(started).TotalSeconds);
    }
}
