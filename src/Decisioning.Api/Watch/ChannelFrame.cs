using Microsoft.AspNetCore.SignalR;

namespace Decisioning.Api.Watch;

/// <summary>What there is to be sent of a channel, until the next beat that changes it.</summary>
/// <param name="number">Consecutive within the channel, from 1.</param>
/// <param name="makeWhole">Makes the message that needs none before it; asked for once at most, when somebody is to get it.</param>
/// <param name="shift">The message for who has the frame before; null: the whole one serves.</param>
internal sealed class ChannelFrame(long number, Func<SerializedHubMessage> makeWhole, SerializedHubMessage? shift)
{
    private readonly Lazy<SerializedHubMessage> _whole = new(makeWhole);

    public long Number => number;

    /// <summary>The message for who was last sent a frame.</summary>
    /// <param name="sent">Its number.</param>
    public SerializedHubMessage After(long sent) =>
        sent == number - 1 && shift is not null ? shift : _whole.Value;
}
