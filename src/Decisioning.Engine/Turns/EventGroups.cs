using Decisioning.Core.Consumers;
using Decisioning.Core.Record;

namespace Decisioning.Engine.Turns;

/// <summary>Sorts a batch of events by consumer, keeping the order within each: chains of positions, one a consumer, in the order of their first events.</summary>
internal sealed class EventGroups
{
    private const int End = -1;

    private readonly Dictionary<string, int> _groups = new(StringComparer.Ordinal);
    private readonly List<int> _first = [];
    private readonly List<int> _last = [];
    private readonly List<int> _next = [];

    public int Count => _first.Count;

    public void Sort(IReadOnlyList<EventCommand> events)
    {
        Clear();
        for (int i = 0; i < events.Count; i++)
        {
            string consumer = events[i].ConsumerId ?? "";
            _next.Add(End);
            if (_groups.TryAdd(consumer, _first.Count))
            {
                _first.Add(i);
                _last.Add(i);
            }
            else
            {
                int group = _groups[consumer];
                _next[_last[group]] = i;
                _last[group] = i;
            }
        }
    }

    /// <summary>Position of a group's first event.</summary>
    public int FirstOf(int group) => _first[group];

    /// <summary>Moves on to the next event of the same consumer. False: that was the last.</summary>
    public bool MoveNext(ref int position)
    {
        position = _next[position];
        return position != End;
    }

    /// <summary>Lets go of the ids.</summary>
    public void Clear()
    {
        _groups.Clear();
        _first.Clear();
        _last.Clear();
        _next.Clear();
    }
}
