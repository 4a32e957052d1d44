namespace Decisioning.Load.Http;

/// <summary>A whole reply; its spans are good until the connection's next request.</summary>
internal readonly ref struct Reply
{
    /// <summary>The status, such as 200.</summary>
    public required int Status { get; init; }

    /// <summary>The body, without chunks.</summary>
    public required ReadOnlySpan<byte> Body { get; init; }

    /// <summary>Whether it says <c>Retry-After</c>.</summary>
    public required bool HasRetryAfter { get; init; }

    /// <summary>Whether the server closes the connection after it.</summary>
    public required bool Closes { get; init; }
}
