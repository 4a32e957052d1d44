namespace Decisioning.Engine.Storage;

/// <summary>What <c>state.db</c> may use of the machine.</summary>
public sealed record StateStoreOptions
{
    public static StateStoreOptions Default { get; } = new();

    /// <summary>Bytes of pages that the writing connection keeps; a batch that touches more writes some of them twice.</summary>
    public long WriterCacheBytes { get; init; } = 64L << 20;

    /// <summary>Bytes of pages that each reading connection keeps.</summary>
    public long ReaderCacheBytes { get; init; } = 4L << 20;

    /// <summary>Connections that read single states; more threads than this wait for one another.</summary>
    public int Readers { get; init; } = Math.Clamp(Environment.ProcessorCount, 2, 16);
}
