using System.Collections.Concurrent;
using Decisioning.Core.Hosting;
using Microsoft.Extensions.Logging;

namespace Decisioning.Api.Watch;

/// <summary>The brands that somebody watches.</summary>
internal sealed class BrandChannels(IWatchHost host, TimeProvider clock, ILogger<BrandChannels> log)
{
    private readonly ConcurrentDictionary<string, BrandChannel> _channels = new(StringComparer.Ordinal);

    public bool IsEmpty => _channels.IsEmpty;

    /// <summary>Joins a watcher to a brand; null where there is no such brand.</summary>
    public BrandChannel? Join(string brand, Watcher watcher)
    {
        while (true)
        {
            if (!_channels.TryGetValue(brand, out BrandChannel? channel))
            {
                if (host.ReadPulse(brand) is not { } pulse)
                {
                    return null;
                }

                channel = _channels.GetOrAdd(brand, new BrandChannel(pulse, clock));
            }
            else if (channel.IsGone && host.ReadPulse(brand) is null)
            {
                return null;
            }

            if (channel.TryJoin(watcher))
            {
                return channel;
            }

            _channels.TryRemove(new(brand, channel));
        }
    }

    /// <summary>Reads every watched brand of which a frame may be sent, once, and sends what changed. Called by one thread at a time.</summary>
    public void Look()
    {
        foreach ((string brand, BrandChannel channel) in _channels)
        {
            if (!channel.IsDue)
            {
                continue;
            }

            try
            {
                if (!channel.TryCloseUnwatched())
                {
                    channel.Advance(host.ReadPulse(brand));
                }

                if (channel.TryCloseUnwatched())
                {
                    _channels.TryRemove(new(brand, channel));
                }
            }
            catch (Exception fault)
            {
                log.NoBrandFrame(fault);
            }
        }
    }
}
