using Decisioning.Core.Consumers;
using Decisioning.Core.Record;

namespace Decisioning.Api.Requests;

/// <summary>
/// The events of one request in their order. What can be understood goes to the host; what cannot is refused here, each by itself,
/// and <see cref="Merge"/> puts both back into one list of results.
/// </summary>
/// <param name="commands">Takes those for the host, in order.</param>
internal sealed class EventBatch(List<EventCommand> commands)
{
    private List<(int Index, EventResult Result)>? _refused;

    /// <summary>Events of the request, refused ones included.</summary>
    public int Count { get; private set; }

    /// <summary>Those for the host, in order.</summary>
    public List<EventCommand> Commands => commands;

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

    /// <summary>Refuses what was taken so far and a condition now speaks against.</summary>
    public void RefuseWhere(Predicate<EventCommand> condition, string code, string detail)
    {
        List<(int, EventResult)> refused = [];
        int next = 0;
        int kept = 0;
        int before = 0;
        for (int i = 0; i < Count; i++)
        {
            if (_refused is not null && before < _refused.Count && _refused[before].Index == i)
            {
                refused.Add(_refused[before++]);
                continue;
            }

            EventCommand command = commands[next++];
            if (condition(command))
            {
                refused.Add((i, new EventResult(command.EventId, EventStatus.Rejected, code, detail)));
            }
            else
            {
                commands[kept++] = command;
            }
        }

        commands.RemoveRange(kept, commands.Count - kept);
        _refused = refused;
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

        if (_refused is null or { Count: 0 })
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
