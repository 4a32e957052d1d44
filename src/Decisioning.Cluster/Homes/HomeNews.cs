using Decisioning.Engine;
using Decisioning.Engine.Background;
using Orleans.Runtime;

namespace Decisioning.Cluster.Homes;

/// <summary>Which consumers came to this silo and which left it, by their keys.</summary>
internal readonly record struct HomeReport(ulong[] Came, ulong[] Left);

/// <summary>
/// Tells every other silo at a beat which consumers came to this one and which left it; one that joins, of those who are here, some at each beat. Nothing depends on it: what
/// is not heard is looked up, so what waits for a silo that does not listen is bounded. Safe for concurrent use.
/// </summary>
/// <param name="present">The keys of those who are here; may change while it is gone through.</param>
/// <param name="others">Every other silo that takes calls.</param>
/// <param name="tell">Tells one; completes when it has heard.</param>
internal sealed class HomeNews(
    Func<IEnumerable<ulong>> present, Func<IEnumerable<SiloAddress>> others, Func<SiloAddress, HomeReport, Task> tell, HostClock clock) : IAsyncDisposable
{
    /// <summary>From one telling to the next.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private Dictionary<ulong, bool> _news = [];
    private Dictionary<SiloAddress, Lane> _lanes = [];
    private Beat? _beat;

    /// <summary>Why a silo could not be told that is told again at the next beat; null where every one was.</summary>
    public Exception? Trouble
    {
        get
        {
            lock (_gate)
            {
                return _lanes.Values.Select(static l => l.Trouble).FirstOrDefault(static t => t is not null);
            }
        }
    }

    public void Start() => _beat = new Beat(clock.Time, Every, Every, share: 1, (_, _) =>
    {
        // Nobody waits for a silo: what it has not heard goes with what comes next.
        _ = TellAllAsync();
        return Task.CompletedTask;
    });

    /// <summary>A consumer is on this silo now.</summary>
    public void Came(ulong key) => Note(key, here: true);

    /// <summary>A consumer is not on this silo any more.</summary>
    public void Left(ulong key) => Note(key, here: false);

    /// <summary>Tells every silo what it has not heard yet, but one that is being told already; completes when all of those have heard or failed to.</summary>
    public Task TellAllAsync()
    {
        SiloAddress[] all = [.. others()];
        lock (_gate)
        {
            Dictionary<ulong, bool> news = _news;
            _news = [];
            _lanes = all.ToDictionary(static s => s, s => _lanes.GetValueOrDefault(s) ?? new Lane(s, present().GetEnumerator()));
            foreach (Lane lane in _lanes.Values)
            {
                lane.Add(news);
                if (lane.Take() is { } report)
                {
                    lane.Call = Task.Run(() => TellAsync(lane, report));
                }
            }

            return Task.WhenAll(_lanes.Values.Select(static l => l.Call));
        }
    }

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _beat, null)?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Note(ulong key, bool here)
    {
        lock (_gate)
        {
            Add(_news, key, here);
        }
    }

    private static void Add(Dictionary<ulong, bool> to, ulong key, bool here)
    {
        if (to.Count < ClusterBounds.WaitingHomes || to.ContainsKey(key))
        {
            to[key] = here;
        }
    }

    private async Task TellAsync(Lane lane, HomeReport report)
    {
        Exception? trouble = null;
        try
        {
            await tell(lane.Silo, report);
        }
        catch (Exception e)
        {
            // Of whatever kind: told again at the next beat, whether it was heard or not.
            trouble = e;
        }

        lock (_gate)
        {
            lane.End(report, trouble);
        }
    }

    /// <summary>What one silo is to hear.</summary>
    /// <param name="present">Who is here and has not been told of yet.</param>
    private sealed class Lane(SiloAddress silo, IEnumerator<ulong> present)
    {
        private readonly Dictionary<ulong, bool> _waiting = [];

        public SiloAddress Silo => silo;

        public Task Call { get; set; } = Task.CompletedTask;

        public Exception? Trouble { get; private set; }

        public void Add(Dictionary<ulong, bool> news)
        {
            foreach ((ulong key, bool here) in news)
            {
                HomeNews.Add(_waiting, key, here);
            }
        }

        public HomeReport? Take()
        {
            if (!Call.IsCompleted)
            {
                return null;
            }

            // Who leaves after this has found them is told of later.
            while (_waiting.Count < ClusterBounds.HomesAtOnce && present.MoveNext())
            {
                _waiting[present.Current] = true;
            }

            KeyValuePair<ulong, bool>[] some = [.. _waiting.Take(ClusterBounds.HomesAtOnce)];
            foreach ((ulong key, _) in some)
            {
                _waiting.Remove(key);
            }

            return some.Length == 0 ? null : new HomeReport(KeysThat(some, here: true), KeysThat(some, here: false));
        }

        public void End(HomeReport report, Exception? trouble)
        {
            Trouble = trouble;
            if (trouble is not null)
            {
                // What came meanwhile is newer.
                AddOlder(report.Came, here: true);
                AddOlder(report.Left, here: false);
            }
        }

        private static ulong[] KeysThat(KeyValuePair<ulong, bool>[] some, bool here) => [.. some.Where(w => w.Value == here).Select(static w => w.Key)];

        private void AddOlder(ulong[] keys, bool here)
        {
            foreach (ulong key in keys)
            {
                if (_waiting.Count < ClusterBounds.WaitingHomes)
                {
                    _waiting.TryAdd(key, here);
                }
            }
        }
    }
}
