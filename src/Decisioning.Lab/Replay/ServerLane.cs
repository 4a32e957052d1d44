using System.Text.Json;
using System.Threading.Channels;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Lab.Streams;

namespace Decisioning.Lab.Replay;

/// <summary>
/// Sends one part of the consumers' events, in their order: a batch of events, then a decision for each view in it. A batch ends before an event of somebody
/// whose view is in it, so each decision is asked for between the view and whatever its consumer did next.
/// </summary>
internal sealed class ServerLane(ServerClient client, string brand, string currency, ReplayScene scene)
{
    /// <summary>Most events the server takes at once.</summary>
    private const int MostEvents = 1_000;

    /// <summary>Largest body the server takes, bytes.</summary>
    private const int MostBytes = 1 << 20;

    /// <summary>Events that may wait for the lane.</summary>
    private const int Waiting = 4 * MostEvents;

    private readonly Channel<StreamEvent> _events = Channel.CreateBounded<StreamEvent>(new BoundedChannelOptions(Waiting) { SingleReader = true, SingleWriter = true });
    private readonly List<StreamEvent> _batch = new(MostEvents);
    private readonly HashSet<string> _viewers = new(StringComparer.Ordinal);

    public ChannelWriter<StreamEvent> Events => _events.Writer;

    /// <summary>Runs until the last event is sent.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (await _events.Reader.WaitToReadAsync(stop))
        {
            while (_events.Reader.TryRead(out StreamEvent? e))
            {
                if (_batch.Count == MostEvents || _viewers.Contains(e.ConsumerId))
                {
                    await FlushAsync(stop);
                }

                _batch.Add(e);
                if (e.Type == EventType.View)
                {
                    _viewers.Add(e.ConsumerId);
                }
            }

            await FlushAsync(stop);
        }
    }

    private async Task FlushAsync(CancellationToken stop)
    {
        await SendEventsAsync(_batch, stop);
        foreach (string viewer in _viewers)
        {
            await AskAsync(viewer, stop);
        }

        scene.Meter.Advance(_batch.Count);
        _batch.Clear();
        _viewers.Clear();
    }

    private async Task SendEventsAsync(List<StreamEvent> events, CancellationToken stop)
    {
        ReadOnlyMemory<byte> body = ServerRequests.Events(events, brand, currency, scene.Shift);
        if (body.Length > MostBytes && events.Count > 1)
        {
            int half = events.Count / 2;
            await SendEventsAsync(events[..half], stop);
            await SendEventsAsync(events[half..], stop);
            return;
        }

        ServerAnswer answer = await client.SendAsync(HttpMethod.Post, "v1/events", body, stop);
        using JsonDocument json = answer.Json();
        foreach (JsonElement result in json.RootElement.GetProperty("results").EnumerateArray())
        {
            EventStatus status = result.GetProperty("status").GetString() switch
            {
                "accepted" => EventStatus.Accepted,
                "duplicate" => EventStatus.Duplicate,
                _ => EventStatus.Rejected,
            };
            scene.Tally.Event(status, status == EventStatus.Rejected ? result.GetProperty("code").GetString() : null);
        }
    }

    private async Task AskAsync(string consumer, CancellationToken stop)
    {
        ServerAnswer answer = await client.SendAsync(HttpMethod.Post, "v1/decisions", ServerRequests.Decision(consumer, brand), stop);
        using JsonDocument json = answer.Json();
        JsonElement none = json.RootElement.GetProperty("placements")[0].GetProperty("noDecision");
        scene.Tally.Decision(none.ValueKind == JsonValueKind.Null ? null : none.GetProperty("reason").GetString());
    }
}
