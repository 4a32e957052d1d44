using Decisioning.Cluster.Storage;

namespace Decisioning.Cluster.Turns;

/// <summary>
/// Writes consumers' snapshots behind the turns, round by round: what comes during a round is the next one. A snapshot that is not kept costs its consumer's
/// next activation some turns to apply again and nothing else: so what fails is left out, and what finds no room is too. Safe for concurrent use.
/// </summary>
internal sealed class SnapshotWriter(IClusterStore store)
{
    private readonly Lock _gate = new();
    private Dictionary<ulong, SnapshotRow> _waiting = [];
    private TaskCompletionSource _next = NewRound();
    private Task _round = Task.CompletedTask;
    private bool _busy;
    private long _leftOut;

    /// <summary>Snapshots that were not kept.</summary>
    public long LeftOut => Volatile.Read(ref _leftOut);

    /// <summary>Keeps a snapshot of turns that stand in the store; the newest of a consumer replaces one that waits.</summary>
    /// <returns>Completes when it is written or left out.</returns>
    public Task Keep(in SnapshotRow snapshot)
    {
        lock (_gate)
        {
            if (_waiting.Count >= ClusterBounds.WaitingSnapshots && !_waiting.ContainsKey(snapshot.Consumer))
            {
                _leftOut++;
                return Task.CompletedTask;
            }

            _waiting[snapshot.Consumer] = snapshot;
            if (!_busy)
            {
                _busy = true;
                _ = Task.Run(WriteAllAsync);
            }

            return _next.Task;
        }
    }

    /// <summary>Sees to it that no snapshot of the consumer is written from here on, until a new one is kept.</summary>
    public Task ForgetAsync(ulong consumer, CancellationToken cancellation)
    {
        lock (_gate)
        {
            _waiting.Remove(consumer);
            return _round.WaitAsync(cancellation);
        }
    }

    /// <summary>Completes when everything that was kept so far is written or left out.</summary>
    public Task FlushAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            return (_waiting.Count > 0 ? _next.Task : _round).WaitAsync(cancellation);
        }
    }

    private static TaskCompletionSource NewRound() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WriteAllAsync()
    {
        while (TryBegin(out SnapshotRow[] snapshots, out TaskCompletionSource round))
        {
            foreach (SnapshotRow[] batch in snapshots.Chunk(ClusterBounds.SnapshotBatch))
            {
                try
                {
                    await store.WriteSnapshotsAsync(batch, CancellationToken.None);
                }
                catch (Exception)
                {
                    Interlocked.Add(ref _leftOut, batch.Length);
                }
            }

            round.SetResult();
        }
    }

    private bool TryBegin(out SnapshotRow[] snapshots, out TaskCompletionSource round)
    {
        lock (_gate)
        {
            snapshots = [.. _waiting.Values];
            round = _next;
            _busy = snapshots.Length > 0;
            if (_busy)
            {
                _waiting = [];
                _round = _next.Task;
                _next = NewRound();
            }

            return _busy;
        }
    }
}
