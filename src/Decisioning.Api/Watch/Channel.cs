namespace Decisioning.Api.Watch;

/// <summary>One thing that is watched, its newest frame and who watches it. Frames are read without a lock; only the beat makes them.</summary>
internal abstract class Channel
{
    private readonly Lock _lock = new();
    private readonly HashSet<Watcher> _watchers = [];
    private volatile ChannelFrame? _frame;
    private bool _closed;

    /// <summary>The newest frame; there is one as soon as somebody has joined.</summary>
    public ChannelFrame Frame => _frame ?? throw new InvalidOperationException("Nobody has joined yet.");

    /// <summary>Whether what is watched is gone for good: its last frame says so, and it takes nobody any more.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether what is watched is not there now: its newest frame says so.</summary>
    public virtual bool IsGone => HasEnded;

    /// <summary>Takes a watcher in; false where the channel was closed meanwhile.</summary>
    public bool TryJoin(Watcher watcher)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return false;
            }

            _frame ??= MakeFirst();
            _watchers.Add(watcher);
            return true;
        }
    }

    public void Leave(Watcher watcher)
    {
        lock (_lock)
        {
            _watchers.Remove(watcher);
        }
    }

    /// <summary>Closes the channel where nobody watches it; it never opens again.</summary>
    public bool TryCloseUnwatched()
    {
        lock (_lock)
        {
            _closed |= _watchers.Count == 0;
            return _closed;
        }
    }

    /// <summary>The frame of who joins first.</summary>
    protected abstract ChannelFrame MakeFirst();

    /// <summary>Makes a frame the newest and tells every watcher.</summary>
    protected void Publish(ChannelFrame frame)
    {
        _frame = frame;
        foreach (Watcher watcher in Watchers())
        {
            watcher.Signal();
        }
    }

    /// <summary>Publishes the frame that says that what is watched is gone, and closes the channel.</summary>
    protected void End(ChannelFrame last)
    {
        lock (_lock)
        {
            _closed = true;
            HasEnded = true;
        }

        Publish(last);
    }

    private Watcher[] Watchers()
    {
        lock (_lock)
        {
            return [.. _watchers];
        }
    }
}
