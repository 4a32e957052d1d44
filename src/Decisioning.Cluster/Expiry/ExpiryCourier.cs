using Decisioning.Cluster.Books;
using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Turns;
using Decisioning.Engine;
using Decisioning.Engine.Background;

namespace Decisioning.Cluster.Expiry;

/// <summary>
/// Tells the calendar's shards which consumers of this silo were entered for an hour that may be loaded already. When another silo is gone it makes all of them read what is
/// entered: those that were on it begin anew elsewhere, and what it could not tell is found.
/// </summary>
internal sealed class ExpiryCourier(Func<int, IExpiryShardGrain> shards, IEpochs epochs, HostClock clock) : ITakenRows, IAsyncDisposable
{
    private const long HourMs = 3_600_000;

    /// <summary>Beyond what a shard loads ahead, so that a clock a little behind misses nothing; ms.</summary>
    private const long Ahead = ExpiryShard.Ahead + 10_000;

    /// <summary>Keys that may wait for one shard; with more it is told to read what is entered.</summary>
    private const int Most = 65_536;

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly Bag[] _bags = [.. Enumerable.Range(0, ExpiryShard.Shards).Select(static _ => new Bag())];
    private HashSet<long> _open = [];
    private Beat? _beat;
    private bool _awake;

    public void Start() => _beat = new Beat(clock.Time, TimeSpan.Zero, Every, share: 1, (_, _) => RunAsync());

    /// <summary>What is done at a beat.</summary>
    public async Task RunAsync()
    {
        // Until each has answered once; from then on it goes on by itself, until its silo is gone.
        if (!_awake)
        {
            await WakeAsync();
            _awake = true;
        }

        NoteGone();
        await TellAsync();
    }

    public void Taken(IReadOnlyList<TurnRow> rows)
    {
        int loaded = (int)((clock.Now + Ahead) / HourMs);
        lock (_gate)
        {
            foreach (TurnRow row in rows)
            {
                if (row.DueHour is > 0 and int hour && hour <= loaded)
                {
                    _bags[row.Consumer % ExpiryShard.Shards].Add(row.Consumer);
                }
            }
        }
    }

    /// <summary>Wakes every shard, so that each goes on by itself from here on.</summary>
    public Task WakeAsync() => Task.WhenAll(Enumerable.Range(0, ExpiryShard.Shards).Select(s => shards(s).StartAsync()));

    /// <summary>Publishes all that is due by now, whoever entered it.</summary>
    public Task RunAllAsync() => Task.WhenAll(Enumerable.Range(0, ExpiryShard.Shards).Select(async s =>
    {
        await shards(s).EnteredAsync(null);
        await shards(s).RunAsync();
    }));

    /// <summary>Tells what waits; what a shard did not take waits on.</summary>
    public Task TellAsync() => Task.WhenAll(Enumerable.Range(0, ExpiryShard.Shards).Select(TellAsync));

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _beat, null)?.DisposeAsync() ?? ValueTask.CompletedTask;

    // A silo is gone when its epoch is closed: no row of it comes any more.
    private void NoteGone()
    {
        HashSet<long> open = [.. epochs.Known.Where(static e => e.Open).Select(static e => e.Epoch)];
        if (!_open.IsSubsetOf(open))
        {
            lock (_gate)
            {
                Array.ForEach(_bags, static bag => bag.PutBack([], lost: true));
            }
        }

        _open = open;
    }

    private async Task TellAsync(int shard)
    {
        ulong[] keys;
        bool lost;
        lock (_gate)
        {
            (keys, lost) = _bags[shard].Take();
        }

        if (keys.Length == 0 && !lost)
        {
            return;
        }

        try
        {
            await shards(shard).EnteredAsync(lost ? null : keys);
        }
        catch
        {
            lock (_gate)
            {
                _bags[shard].PutBack(keys, lost);
            }

            throw;
        }
    }

    private sealed class Bag
    {
        private readonly HashSet<ulong> _keys = [];
        private bool _lost;

        public void Add(ulong key)
        {
            if (_keys.Count < Most)
            {
                _keys.Add(key);
            }
            else
            {
                _lost = true;
            }
        }

        public (ulong[] Keys, bool Lost) Take()
        {
            (ulong[], bool) taken = ([.. _keys], _lost);
            _keys.Clear();
            _lost = false;
            return taken;
        }

        public void PutBack(ulong[] keys, bool lost)
        {
            Array.ForEach(keys, Add);
            _lost |= lost;
        }
    }
}
