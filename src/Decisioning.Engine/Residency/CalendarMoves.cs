using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Residency;

/// <summary>
/// Consumers of a shard whose entry in the calendar is another in memory than on disk: the hour on disk of each. They are dirty, so they do not leave memory.
/// Touched under the shard's gate.
/// </summary>
internal sealed class CalendarMoves
{
    private readonly Dictionary<ulong, int> _stored = [];

    public IReadOnlyCollection<ulong> Keys => _stored.Keys;

    /// <summary>A turn changes an entry from one hour to another; 0: none.</summary>
    public void Note(ulong key, int before, int after)
    {
        if (before == after || _stored.TryAdd(key, before))
        {
            return;
        }

        if (_stored[key] == after)
        {
            _stored.Remove(key);
        }
    }

    /// <summary>What has to be written for the entry to stand at an hour; null: it does.</summary>
    public CalendarMove? Of(ulong key, int hour) => _stored.TryGetValue(key, out int stored) ? new CalendarMove(key, stored, hour) : null;

    /// <summary>The entry on disk now stands at an hour, that in memory at another or the same.</summary>
    public void Written(ulong key, int stored, int hour)
    {
        if (stored == hour)
        {
            _stored.Remove(key);
        }
        else
        {
            _stored[key] = stored;
        }
    }

    public void Forget(ulong key) => _stored.Remove(key);
}
