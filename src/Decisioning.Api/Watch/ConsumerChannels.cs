using Decisioning.Api.Access;
using Decisioning.Api.Replies;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Microsoft.Extensions.Logging;

namespace Decisioning.Api.Watch;

/// <summary>The consumers that somebody watches, at most <see cref="WatchBounds.Consumers"/>. They are read one after the other, so that reading them never
/// takes more than a small part of the machine.</summary>
internal sealed class ConsumerChannels(IDecisionHost host, ILogger<ConsumerChannels> log)
{
    private static readonly Problem Full = new(503, ProblemCodes.WatchFull, $"{WatchBounds.Consumers} consumers are watched; no more are.");

    private readonly Lock _lock = new();
    private readonly Dictionary<ConsumerChannelKey, ConsumerChannel> _channels = [];
    private Task _reading = Task.CompletedTask;

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
            {
                return _channels.Count == 0;
            }
        }
    }

    /// <summary>Joins a watcher to a consumer, or says why not.</summary>
    public async ValueTask<Problem?> JoinAsync(string id, Watcher watcher, CancellationToken cancellation)
    {
        ConsumerChannelKey key = new(id, watcher.Caller.BrandScope);
        if (TryJoin(key, null, watcher) is { } before)
        {
            watcher.Add(before);
            return null;
        }

        if (await host.ReadConsumerAsync(id, cancellation) is not { } consumer)
        {
            return Problem.UnknownConsumer;
        }

        if (TryJoin(key, consumer, watcher) is not { } made)
        {
            return Full;
        }

        watcher.Add(made);
        return null;
    }

    /// <summary>Begins to read every watched consumer, unless the last reading is still under way.</summary>
    public void Beat()
    {
        if (_reading.IsCompleted)
        {
            _reading = ReadAllAsync();
        }
    }

    private ConsumerChannel? TryJoin(ConsumerChannelKey key, ConsumerView? consumer, Watcher watcher)
    {
        lock (_lock)
        {
            if (_channels.TryGetValue(key, out ConsumerChannel? channel) && channel.TryJoin(watcher))
            {
                return channel;
            }

            bool full = channel is null && _channels.Count >= WatchBounds.Consumers;
            if (consumer is null || full)
            {
                return null;
            }

            channel = new ConsumerChannel(consumer, watcher.Caller);
            channel.TryJoin(watcher);
            _channels[key] = channel;
            return channel;
        }
    }

    private async Task ReadAllAsync()
    {
        foreach (ConsumerChannel channel in Open())
        {
            try
            {
                channel.Advance(await host.ReadConsumerAsync(channel.Key.Id, CancellationToken.None));
            }
            catch (Exception fault)
            {
                log.NoConsumerFrame(fault);
            }
        }
    }

    private ConsumerChannel[] Open()
    {
        lock (_lock)
        {
            foreach ((ConsumerChannelKey key, ConsumerChannel channel) in _channels)
            {
                if (channel.TryCloseUnwatched())
                {
                    _channels.Remove(key);
                }
            }

            return [.. _channels.Values];
        }
    }
}
