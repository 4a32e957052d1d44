using Decisioning.Api.Access;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;

namespace Decisioning.Api.Watch;

/// <summary>
/// One connection and what it watches. At most one message is on its way, and none waits: whatever a beat brings meanwhile is missed, and made up for by the
/// newest whole frame. Safe for any number of threads.
/// </summary>
internal sealed class Watcher(IWatcherLine line, ApiKey caller, TimeProvider clock, ILogger log)
{
    private const long NotWaiting = long.MinValue;
    private const long NothingSent = -1;

    private readonly Lock _lock = new();
    private readonly List<Subscription> _subscriptions = [];
    private long _waitingSince = NotWaiting;
    private int _next;
    private bool _sending;
    private bool _closed;

    public ApiKey Caller => caller;

    /// <summary>Whether the connection has not taken its message for longer than is borne.</summary>
    public bool IsStuck =>
        Volatile.Read(ref _waitingSince) is var since and not NotWaiting && clock.GetElapsedTime(since) >= WatchBounds.LongestSend;

    /// <summary>How many channels of a kind it watches, those of what may come back too.</summary>
    public int Count<T>()
        where T : Channel
    {
        lock (_lock)
        {
            return _subscriptions.Count(s => s.Channel is T { HasEnded: false });
        }
    }

    /// <summary>Sends a watched channel's frame anew, whole; false where it is not watched, or gone.</summary>
    public bool TryRenew<T>(Predicate<T> which)
        where T : Channel
    {
        lock (_lock)
        {
            if (Find(which) is not { Channel.IsGone: false } found)
            {
                return false;
            }

            found.Sent = NothingSent;
        }

        Signal();
        return true;
    }

    /// <summary>Watches a channel that the watcher has joined. Of one that is gone it hears when it is back.</summary>
    public void Add(Channel channel)
    {
        bool closed;
        lock (_lock)
        {
            closed = _closed;
            if (!closed)
            {
                _subscriptions.RemoveAll(s => s.Channel.HasEnded || s.Channel == channel);
                _subscriptions.Add(new Subscription(channel) { Sent = channel.IsGone ? channel.Frame.Number : NothingSent });
            }
        }

        if (closed)
        {
            channel.Leave(this);
        }

        Signal();
    }

    /// <summary>Watches a channel no more; nothing where it is not watched.</summary>
    public void Remove<T>(Predicate<T> which)
        where T : Channel
    {
        Subscription? found;
        lock (_lock)
        {
            found = Find(which);
            if (found is not null)
            {
                _subscriptions.Remove(found);
            }
        }

        found?.Channel.Leave(this);
    }

    /// <summary>The connection has closed.</summary>
    public void Close()
    {
        Subscription[] left;
        lock (_lock)
        {
            _closed = true;
            left = [.. _subscriptions];
            _subscriptions.Clear();
        }

        foreach (Subscription subscription in left)
        {
            subscription.Channel.Leave(this);
        }
    }

    public void Abort() => line.Abort();

    /// <summary>There may be something to send. Never waits for the connection.</summary>
    public void Signal()
    {
        lock (_lock)
        {
            if (_sending || _closed)
            {
                return;
            }

            _sending = true;
        }

        _ = SendAsync();
    }

    private async Task SendAsync()
    {
        try
        {
            while (Take() is { } message)
            {
                ValueTask sending = line.SendAsync(message);
                if (!sending.IsCompleted)
                {
                    Volatile.Write(ref _waitingSince, clock.GetTimestamp());
                }

                await sending;
                Volatile.Write(ref _waitingSince, NotWaiting);
            }
        }
        catch (Exception fault)
        {
            Volatile.Write(ref _waitingSince, NotWaiting);
            log.CannotSend(fault);
            line.Abort();
        }
    }

    /// <summary>The next message, or null and an end of sending. Takes turns, so that a slow connection gets something of everything it watches.</summary>
    private SerializedHubMessage? Take()
    {
        ChannelFrame frame;
        long sent;
        lock (_lock)
        {
            if (Lagging() is not { } lagging)
            {
                _sending = false;
                return null;
            }

            (frame, sent) = (lagging.Channel.Frame, lagging.Sent);
            lagging.Sent = frame.Number;
        }

        return frame.After(sent);
    }

    private Subscription? Lagging()
    {
        for (int i = 0; i < _subscriptions.Count; i++)
        {
            int at = (_next + i) % _subscriptions.Count;
            if (_subscriptions[at].Sent != _subscriptions[at].Channel.Frame.Number)
            {
                _next = at + 1;
                return _subscriptions[at];
            }
        }

        return null;
    }

    private Subscription? Find<T>(Predicate<T> which)
        where T : Channel => _subscriptions.Find(s => s.Channel is T channel && which(channel));

    private sealed class Subscription(Channel channel)
    {
        public Channel Channel => channel;

        /// <summary>Number of the frame that was sent last.</summary>
        public long Sent { get; set; } = NothingSent;
    }
}
