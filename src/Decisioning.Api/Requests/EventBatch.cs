using Decisioning.Core.Record;

namespace Decisioning.Api.Requests;

/// <summary>
/// The events of one request in their order. What can be understood goes to the host; what cannot is refused here, each by itself,
/// and <see cref="Merge"/> puts both back into one list of results.
/// </summary>
internal sealed class EventBatch
{
    private List<(int Index, EventResult Result)>? _refused;

    /// <summary>Events of the request, refused ones included.</summary>
    public int Count { get; private set; }

    /// <summary>Those for the host, in order.</summary>
    public List<EventCommand> Commands { get; } = [];

    public void Add(EventCommand command)
    {
        Commands.Add(command);
        Count++;
    }

    public void Refuse(string? eventId, string code, string detail)
    {
        _refused ??= [];
        _refused.Add((Count, new EventResult(eventId, EventStatus.Rejected, code, detail)));
        Count++;
    }

    /// <summary>One result an event, in the request's order.</summary>
    /// <param name="recorded">The host's results, one for each of <see cref="Commands"/>.</param>
    /// <exception cref="InvalidOperationException">The host answered another number of events than it was given.</exception>
    public EventResult[] Merge(EventResult[] recorded)
    {
        if (recorded.Length != Commands.Count)
        {
            throw new InvalidOperationException($"The host answered {recorded.Length} of {Commands.Count} events.");
        }

        if (_refused is null)
        {
            return recorded;
        }

        EventResult[] all = new EventResult[Count];
        int fromHost = 0;
        int fromHere = 0;
        for (int i = 0; i < all.Length; i++)
        {
            bool refused = fromHere < _refused.Count && _refused[fromHere].Index == i;
            all[i] = refused ? _refused[fromHere++].Result : recorded[fromHost++];
        }

        return all;
    }
}
