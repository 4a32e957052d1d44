namespace Decisioning.Engine.Calendar;

/// <summary>Consumers by the instant at which something of theirs falls due, the next one first; each is in it once, at its earliest.</summary>
internal sealed class DueHeap
{
    private readonly PriorityQueue<ulong, long> _queue = new();
    private readonly Dictionary<ulong, long> _dueOf = [];

    public int Count => _dueOf.Count;

    public bool Contains(ulong key) => _dueOf.ContainsKey(key);

    /// <summary>Puts a consumer in, or forward; one that stands earlier stays where it is, to be looked at again when its time comes.</summary>
    public void Put(ulong key, long due)
    {
        if (!_dueOf.TryGetValue(key, out long known) || due < known)
        {
            _dueOf[key] = due;
            _queue.Enqueue(key, due);
        }
    }

    /// <summary>Takes the next consumer whose instant has come. What was put forward is passed by where it stood before.</summary>
    public bool TryTake(long now, out ulong key)
    {
        while (_queue.TryPeek(out key, out long due) && due <= now)
        {
            _queue.Dequeue();
            if (_dueOf.TryGetValue(key, out long current) && current == due)
            {
                _dueOf.Remove(key);
                return true;
            }
        }

        return false;
    }
}
