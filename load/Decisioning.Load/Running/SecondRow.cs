namespace Decisioning.Load.Running;

/// <summary>One second of all clients together, as it is shown and plotted. Rates are a second.</summary>
internal sealed record SecondRow
{
    /// <summary>Since the first segment began.</summary>
    public required double At { get; init; }

    public required bool IsWarmup { get; init; }

    public required double Offered { get; init; }

    public required double Served { get; init; }

    public required double Refused { get; init; }

    public required double Errors { get; init; }

    /// <summary>Null where none was answered.</summary>
    public required LatencyFigures? Decisions { get; init; }

    /// <summary>Null where none was answered.</summary>
    public required LatencyFigures? Events { get; init; }

    /// <summary>How late the generator itself was, ms at the 99th percentile.</summary>
    public required double Lag { get; init; }

    /// <summary>The share of the clients' time that they were at work.</summary>
    public required double Busy { get; init; }

    /// <summary>Calls that waited for a connection at its end.</summary>
    public required long Queued { get; init; }

    /// <summary>The server's; null where it cannot be seen.</summary>
    public required MemoryReading? Server { get; init; }

    /// <summary>Of one merged frame.</summary>
    public static SecondRow Of(Frame frame, double at, MemoryReading? memory) => new()
    {
        At = Math.Round(at, 3),
        IsWarmup = frame.IsWarmup,
        Offered = Rate(frame, s => s.Offered),
        Served = Rate(frame, s => s.Served),
        Refused = Rate(frame, s => s.Refused),
        Errors = Rate(frame, s => s.Errors),
        Decisions = LatencyFigures.Of(frame.Series[(int)CallKind.Decisions].Latency),
        Events = LatencyFigures.Of(frame.Series[(int)CallKind.Events].Latency),
        Lag = LatencyFigures.Milliseconds(frame.Lag, 0.99),
        Busy = Math.Round(frame.Busy / (frame.Length * frame.Clients), 3),
        Queued = frame.Queued,
        Server = memory,
    };

    private static double Rate(Frame frame, Func<SeriesFrame, long> of) => Math.Round(frame.Series.Sum(of) / frame.Length, 1);
}
