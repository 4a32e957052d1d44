using Decisioning.Cluster.Storage;
using Decisioning.Engine;
using Decisioning.Engine.Calendar;

namespace Decisioning.Cluster.Expiry;

/// <summary>
/// One share of the calendar. A little before an hour begins its entries are read, and each consumer is touched: who falls due within the hour waits here for the
/// exact instant, all others have moved their entry. What turns enter for an hour that is loaded the silos tell; what a silo could not tell before it died is found
/// when the hour is read again, as soon as that silo's epoch is closed. One call at a time.
/// </summary>
/// <param name="touch">Gives a consumer the calendar's turn under a catalogue at least that new; answers when it next falls due, ms since the Unix epoch; null: it could not be done now.</param>
internal sealed class ExpiryShard(int shard, IClusterStore store, Func<ulong, long, Task<long?>> touch, HostClock clock)
{
    /// <summary>Shares of the calendar.</summary>
    public const int Shards = 16;

    /// <summary>How long before it begins an hour is loaded, ms.</summary>
    public const long Ahead = 120_000;

    private const long HourMs = 3_600_000;

    /// <summary>From one reading of what is loaded to the next, ms.</summary>
    private const long ReloadMs = 60_000;

    /// <summary>After this time somebody who could not be touched is touched again, ms.</summary>
    private const long AgainMs = 500;

    /// <summary>Consumers touched at once.</summary>
    private const int Wave = 64;

    /// <summary>Entries read at once; of a share with more, smaller shares are read.</summary>
    private const int PageRows = 8_192;

    private readonly DueHeap _heap = new();
    private int _loaded = -1;
    private long _loadedAt;
    private bool _lost;

    /// <summary>Consumers that fall due within the hours that are loaded.</summary>
    public int Waiting => _heap.Count;

    /// <summary>Looks at consumers whose entry was moved; null: at all that are entered.</summary>
    public void Enter(ulong[]? keys)
    {
        foreach (ulong key in keys ?? [])
        {
            _heap.Put(key, 0);
        }

        _lost |= keys is null;
    }

    /// <summary>Publishes whatever is due by now, and loads the hour that is about to begin.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        int hour = HourOf(clock.Now + Ahead);
        if (hour > _loaded || _lost || clock.Now - _loadedAt >= ReloadMs)
        {
            _lost = false;
            await LoadAsync(hour, cancellation);
        }

        List<ulong> wave = [];
        while (TakeDue(wave))
        {
            long version = await ReadVersionAsync(wave, cancellation);
            long?[] due = await Task.WhenAll(wave.Select(key => touch(key, version)));
            cancellation.ThrowIfCancellationRequested();
            for (int i = 0; i < due.Length; i++)
            {
                Wait(wave[i], due[i]);
            }
        }
    }

    // Whoever was taken waits on where the store cannot be read.
    private async Task<long> ReadVersionAsync(List<ulong> wave, CancellationToken cancellation)
    {
        try
        {
            return await store.ReadCatalogueVersionAsync(cancellation);
        }
        catch
        {
            wave.ForEach(key => _heap.Put(key, 0));
            throw;
        }
    }

    private async Task LoadAsync(int hour, CancellationToken cancellation)
    {
        Queue<(int Shard, int Shards)> shares = new([(shard, Shards)]);
        while (shares.TryDequeue(out (int Shard, int Shards) share))
        {
            IReadOnlyList<DueRow> rows = await store.ReadDueAsync(share.Shard, share.Shards, hour, PageRows, cancellation);
            if (rows.Count == PageRows)
            {
                shares.Enqueue((share.Shard, 2 * share.Shards));
                shares.Enqueue((share.Shard + share.Shards, 2 * share.Shards));
            }

            foreach (DueRow row in rows)
            {
                if (!_heap.Contains(row.Consumer))
                {
                    _heap.Put(row.Consumer, 0);
                }
            }
        }

        _loaded = hour;
        _loadedAt = clock.Now;
    }

    private bool TakeDue(List<ulong> wave)
    {
        wave.Clear();
        while (wave.Count < Wave && _heap.TryTake(clock.Now, out ulong key))
        {
            wave.Add(key);
        }

        return wave.Count > 0;
    }

    // Whoever falls due in an hour that is yet to be loaded is met there.
    private void Wait(ulong key, long? due)
    {
        long at = due ?? clock.Now + AgainMs;
        if (at != long.MaxValue && HourOf(at) <= _loaded)
        {
            _heap.Put(key, at);
        }
    }

    private static int HourOf(long instant) => (int)(instant / HourMs);
}
