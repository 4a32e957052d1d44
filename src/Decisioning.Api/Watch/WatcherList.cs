using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Decisioning.Api.Watch;

/// <summary>Every connection that is open.</summary>
internal sealed class WatcherList(ILogger<WatcherList> log)
{
    private readonly ConcurrentDictionary<Watcher, byte> _open = new();

    public int Count => _open.Count;

    /// <summary>Called after each that comes.</summary>
    public Action? Came { get; set; }

    public void Add(Watcher watcher)
    {
        _open.TryAdd(watcher, 0);
        Came?.Invoke();
    }

    public void Remove(Watcher watcher) => _open.TryRemove(watcher, out _);

    /// <summary>Closes those that have taken nothing for <see cref="WatchBounds.LongestSend"/>.</summary>
    public void Beat()
    {
        foreach ((Watcher watcher, _) in _open)
        {
            if (watcher.IsStuck && _open.TryRemove(watcher, out _))
            {
                log.Stuck(WatchBounds.LongestSend.TotalSeconds);
                watcher.Abort();
            }
        }
    }
}
