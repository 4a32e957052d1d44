namespace Decisioning.Engine.Storage;

/// <summary>What <c>state.db</c> may use of the machine.</summary>
public sealed record StateStoreOptions
{
    public static StateStoreOptions Default { get; } = new();

    /// <summary>
    /// Bytes of pages that the writing connection keeps: twice what a batch touches, which would else write some of them twice. More gains nothing, since the next
    /// batch touches others, and fills up over hours.
    /// </summary>
    public long WriterCacheBytes { get; init; } = 8L << 20;

    /// <summary>Bytes of pages that each reading connection keeps.</summary>
    public long ReaderCacheBytes { get; init; } = 4L << 20;

    /// <summary>Connections that read single states; more threads than this wait for one another.</summary>
    public int Readers { get; init; } = Math.Clamp(Environment.ProcessorCount, 2, 16);
}
