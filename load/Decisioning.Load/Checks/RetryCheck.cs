namespace Decisioning.Load.Checks;

/// <summary>A request that is sent again with its id is answered with the same decisions, byte for byte; looked at for the newest <see cref="Kept"/> requests.</summary>
internal sealed class RetryCheck
{
    private const int Kept = 1 << 17;

    private readonly (long Request, int Hash)[] _newest = new (long, int)[Kept];

    public Finding Finding { get; } = new("a retried request is answered the same");

    /// <param name="request">The request's number, the same for its retries.</param>
    /// <param name="isRetry">Whether it was answered before.</param>
    /// <param name="reply">The reply's body.</param>
    public void Look(long request, bool isRetry, ReadOnlySpan<byte> reply)
    {
        ref (long Request, int Hash) kept = ref _newest[request & (Kept - 1)];
        int hash = HashOf(reply);
        if (!isRetry)
        {
            kept = (request + 1, hash);
        }
        else if (kept.Request != request + 1)
        {
            return;
        }
        else if (kept.Hash == hash)
        {
            Finding.Held();
        }
        else
        {
            Finding.Failed($"Request {request} was answered otherwise when it was sent again.");
        }
    }

    // The choices alone: a catalogue may change between the two answers, and with it its version.
    private static int HashOf(ReadOnlySpan<byte> reply)
    {
        int start = reply.IndexOf("\"placements\":"u8);
        HashCode hash = new();
        hash.AddBytes(start < 0 ? reply : reply[start..]);
        return hash.ToHashCode();
    }
}
