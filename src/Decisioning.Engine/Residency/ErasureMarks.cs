namespace Decisioning.Engine.Residency;

/// <summary>A shard's erased consumers: when, and whether their row may still be on disk. Touched under the shard's gate.</summary>
internal sealed class ErasureMarks
{
    private readonly Dictionary<ulong, Tombstone> _tombstones = [];
    private readonly Dictionary<ulong, StartedErasure> _started = [];

    /// <summary>An erasure has begun: from now on the row on disk does not count.</summary>
    public void Begin(StartedErasure erasure, long until)
    {
        _started[erasure.Key] = erasure;
        _tombstones[erasure.Key] = new Tombstone(erasure.At, until, erasure.Position);
    }

    /// <summary>The row is gone from the disk, the tombstone is on it.</summary>
    public void End(ulong key, long until)
    {
        if (_started.Remove(key, out StartedErasure? erasure))
        {
            _tombstones[key] = new Tombstone(erasure.At, until, erasure.Position);
        }
    }

    /// <summary>Takes in a tombstone as it is on disk.</summary>
    public void Restore(ulong key, long at, long until) => _tombstones[key] = new Tombstone(at, until, 0);

    /// <summary>The erasure whose row may still be on disk; null where there is none.</summary>
    public StartedErasure? StartedOf(ulong key) => _started.GetValueOrDefault(key);

    /// <summary>Keys whose row may still be on disk although their consumers were erased.</summary>
    public IReadOnlyCollection<ulong> Started => _started.Keys;

    /// <summary>Who was erased behind a journal position, in this process, with the position of the newest erasure.</summary>
    public IEnumerable<(ulong Key, long Position)> After(long position) =>
        _tombstones.Where(t => t.Value.Position > position).Select(t => (t.Key, t.Value.Position));

    /// <summary>True while any erasure's row may still be on disk.</summary>
    public bool AnyStarted => _started.Count > 0;

    /// <summary>When the key's consumer was erased; null where it was not, or so long ago that it is forgotten.</summary>
    public long? ErasedAt(ulong key) => _tombstones.TryGetValue(key, out Tombstone tombstone) ? tombstone.At : null;

    /// <summary>True where somebody with the same hash may lie behind the key although nobody lies at it.</summary>
    public bool IsGap(ulong key) => _tombstones.TryGetValue(key, out Tombstone tombstone) && tombstone.Until == long.MaxValue;

    public void Forget(long untilBefore)
    {
        foreach ((ulong key, Tombstone tombstone) in _tombstones)
        {
            if (tombstone.Until < untilBefore && !_started.ContainsKey(key))
            {
                _tombstones.Remove(key);
            }
        }
    }

    private readonly record struct Tombstone(long At, long Until, long Position);
}

/// <summary>An erasure that is in the journal and has yet to reach the states on disk and the consumer's journalled past.</summary>
/// <param name="Position">Journal position of the erasure's record.</param>
/// <param name="Previous">Journal position of the consumer's last record, 0 for none.</param>
internal sealed record StartedErasure(ulong Key, long At, long Position, long Previous);
