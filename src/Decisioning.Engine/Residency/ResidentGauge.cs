namespace Decisioning.Engine.Residency;

/// <summary>Counts over all shards. Changed only when a consumer comes, goes, outgrows its array or becomes dirty or clean: not by a warm turn.</summary>
internal sealed class ResidentGauge
{
    private long _bytes;
    private long _count;
    private long _dirty;

    /// <summary>Bytes on the heap: states' arrays and the tables that hold them.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public long Count => Volatile.Read(ref _count);

    /// <summary>Consumers whose state on disk is older than in memory.</summary>
    public long Dirty => Volatile.Read(ref _dirty);

    public void AddBytes(long bytes) => Interlocked.Add(ref _bytes, bytes);

    public void AddCount(int count) => Interlocked.Add(ref _count, count);

    public void AddDirty(int count) => Interlocked.Add(ref _dirty, count);
}
