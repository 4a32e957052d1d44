using Decisioning.Engine;
using Decisioning.Engine.Books;

namespace Decisioning.Cluster.Storage;

/// <summary>Takes out of the store what is past its time.</summary>
internal sealed class ClusterUpkeep(IClusterStore store, HostClock clock, DecisioningOptions options)
{
    private const long HourMs = 3_600_000;

    public async Task RunAsync(CancellationToken cancellation)
    {
        long now = clock.Now;
        await store.TrimAsync(now - (long)options.KeepTurns.TotalMilliseconds, cancellation);
        await store.DropTombstonesAsync(now, cancellation);
        await store.DropHoursAsync((int)(now / HourMs) - StoredBooks.KeptHours, cancellation);
    }
}
