namespace Decisioning.Server.Options;

/// <summary>How the server runs, checked: every value is within its bounds.</summary>
internal sealed record ServerOptions
{
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>Addresses to listen on.</summary>
    public required IReadOnlyList<ListenUrl> Urls { get; init; }

    /// <summary>The folder of the journal, the states and the secrets; an absolute path.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Whether the first start puts the demo brands.</summary>
    public required bool Demo { get; init; }

    /// <summary>How long the demo crowd comes; null: not at all. Only together with <see cref="Demo"/>.</summary>
    public TimeSpan? Traffic { get; init; }

    /// <summary>What tracker URLs start with, without a slash at the end; null: each request's own scheme and host.</summary>
    public required string? PublicUrl { get; init; }

    /// <summary>Names the server answers to, beside those it listens on.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>Origins whose pages may call, beside its own and those that keys are bound to.</summary>
    public required IReadOnlyList<string> Origins { get; init; }

    public required IReadOnlyList<KeyEntry> Keys { get; init; }

    public required LimitOptions Limits { get; init; }

    /// <summary>Whether the process's threads are <see cref="Engine.Background.BatchThreads"/>.</summary>
    public bool BatchThreads { get; init; } = true;

    /// <summary>Where measurements and traces go; null: nowhere.</summary>
    public TelemetryOptions? Telemetry { get; init; }
}

/// <param name="Otlp">An OpenTelemetry collector.</param>
/// <param name="OverHttp">True: OTLP as protobuf over HTTP, below <c>/v1/metrics</c> and <c>/v1/traces</c>; false: over gRPC.</param>
/// <param name="TracedShare">Share of requests that are traced where the caller does not say, 0 to 1.</param>
/// <param name="EverySeconds">Time from one sending of measurements to the next; 1 or more.</param>
internal sealed record TelemetryOptions(Uri Otlp, bool OverHttp, double TracedShare, int EverySeconds);

/// <param name="RequestsPerSecond">Of a key that states none of its own; above 0.</param>
/// <param name="Burst">Requests at once after a rest; 1 or more.</param>
/// <param name="Connections">Open connections; 1 or more.</param>
internal sealed record LimitOptions(int RequestsPerSecond, int Burst, int Connections)
{
    public static LimitOptions Default { get; } = new(10_000, 20_000, 10_000);
}
