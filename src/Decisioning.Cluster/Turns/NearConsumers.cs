using System.Collections.Concurrent;
using Decisioning.Cluster.Homes;
using Decisioning.Engine;

namespace Decisioning.Cluster.Turns;

/// <summary>
/// The consumers whose grains are on this silo, to be called without a message: the turn then runs on the caller's thread, under the grain's lock. A grain
/// that Orleans does not hear of for long is taken for idle, so now and then a call goes by message all the same. Who comes and who leaves is news to other silos. Safe for
/// concurrent use.
/// </summary>
internal sealed class NearConsumers(HostClock clock, DecisioningOptions options, HomeNews news)
{
    /// <summary>A grain that is called hears by message this many times in the time after which it would be idle.</summary>
    private const int VisitsPart = 4;

    private readonly ConcurrentDictionary<ulong, ConsumerGrain> _grains = new();
    private readonly long _visitEvery = (long)(options.IdleAfter / VisitsPart).TotalMilliseconds;

    /// <summary>How many there are.</summary>
    public long Count => _grains.Count;

    /// <summary>Their keys, as they are while it is gone through.</summary>
    public IEnumerable<ulong> Keys => _grains.Select(static g => g.Key);

    /// <summary>A grain is ready to be called.</summary>
    public void Add(ConsumerGrain grain)
    {
        grain.VisitedAt = clock.Now;
        _grains[grain.Key] = grain;
        news.Came(grain.Key);
    }

    /// <summary>A grain leaves, or is of no more use. To be told any number of times.</summary>
    public void Remove(ConsumerGrain grain)
    {
        if (_grains.TryRemove(new(grain.Key, grain)))
        {
            news.Left(grain.Key);
        }
    }

    /// <summary>The consumer's grain, to be called as it is; null where the call has to go by message.</summary>
    public IConsumerGrain? Find(ulong key)
    {
        if (!_grains.TryGetValue(key, out ConsumerGrain? grain))
        {
            return null;
        }

        long now = clock.Now;
        if (now - grain.VisitedAt < _visitEvery)
        {
            return grain;
        }

        grain.VisitedAt = now;
        return null;
    }
}
