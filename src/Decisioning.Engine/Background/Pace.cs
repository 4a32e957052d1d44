namespace Decisioning.Engine.Background;

/// <summary>Keeps background work to slices of about two milliseconds with rests between them, so that turns find a processor.</summary>
/// <param name="share">Share of one processor that the work may take; 1: no rests.</param>
internal sealed class Pace(TimeProvider time, double share)
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(2);

    private long _since = time.GetTimestamp();

    /// <summary>Rests where the slice is over. To be called often: it costs a look at the clock.</summary>
    public ValueTask RestAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        TimeSpan worked = time.GetElapsedTime(_since);
        return share >= 1 || worked < Slice ? ValueTask.CompletedTask : RestAsync(worked * (1 / share - 1), cancellation);
    }

    /// <summary>Waits for something else to get on.</summary>
    public ValueTask PauseAsync(TimeSpan pause, CancellationToken cancellation) => RestAsync(pause, cancellation);

    private async ValueTask RestAsync(TimeSpan rest, CancellationToken cancellation)
    {
        await Task.Delay(rest, time, cancellation);
        _since = time.GetTimestamp();
    }
}
