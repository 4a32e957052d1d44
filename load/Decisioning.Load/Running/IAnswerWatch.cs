namespace Decisioning.Load.Running;

/// <summary>Looks at answers while the load runs. Called on the thread that sends: it must be quick and not allocate where all is well.</summary>
internal interface IAnswerWatch
{
    /// <summary>A decision was answered with 200.</summary>
    void Decided(in SeenDecision decision);

    /// <summary>A batch of events was answered with 200.</summary>
    void Recorded(in SeenEvents events);

    /// <summary>Called once the load has ended, off its thread: asks the server what only it can tell, and says what was found.</summary>
    Task<IReadOnlyList<CheckResult>> FinishAsync(CancellationToken stop);
}

/// <summary>A decision that was asked for and answered. The spans are good for the call alone.</summary>
internal readonly ref struct SeenDecision
{
    public required int Consumer { get; init; }

    /// <summary>The same for a request and its retries.</summary>
    public required long Request { get; init; }

    /// <summary>Whether the same request was answered before.</summary>
    public required bool IsRetry { get; init; }

    /// <summary>Of a retry: whether the server need not know the first answer any more.</summary>
    public required bool MayBeForgotten { get; init; }

    public required ReadOnlySpan<byte> RequestBody { get; init; }

    public required ReadOnlySpan<byte> ReplyBody { get; init; }
}

/// <summary>Events that were sent and answered. The spans are good for the call alone.</summary>
internal readonly ref struct SeenEvents
{
    /// <summary>Whether the same events were answered before.</summary>
    public required bool IsRepeat { get; init; }

    public required ReadOnlySpan<byte> RequestBody { get; init; }

    public required ReadOnlySpan<byte> ReplyBody { get; init; }
}
