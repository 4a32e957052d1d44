using Decisioning.Load.Scenarios;

namespace Decisioning.Load.Running;

/// <summary>What one client process is to do.</summary>
internal sealed record LoadPlan
{
    /// <summary>Scheme, host and port of the server.</summary>
    public required string Url { get; init; }

    /// <summary>Null: none.</summary>
    public required string? Key { get; init; }

    /// <summary>Begins the ids of requests and events.</summary>
    public required string Run { get; init; }

    /// <summary>What things are called in the world.</summary>
    public required WorldIds Ids { get; init; }

    public required Scenario Scenario { get; init; }

    /// <summary>What is sent follows from it and the client's number.</summary>
    public required int Seed { get; init; }

    /// <summary>Which of the clients this is, from 0.</summary>
    public required int Client { get; init; }

    /// <summary>How many share the load.</summary>
    public required int Clients { get; init; }

    /// <summary>Of this client; from 1.</summary>
    public required int Connections { get; init; }

    /// <summary>Seconds from the intended instant after which a call is given up.</summary>
    public required double Timeout { get; init; }
}

/// <summary>A stretch of load without a break.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Start">In ticks of the machine's clock, the same for all clients.</param>
/// <param name="Rate">Visits a second where the curve is 1, of all clients together.</param>
/// <param name="Warmup">Seconds before anything is measured.</param>
/// <param name="Seconds">Measured seconds.</param>
/// <param name="Level">Whether the scenario's curve is left out.</param>
internal sealed record Segment(int Number, long Start, double Rate, double Warmup, double Seconds, bool Level);
