using Decisioning.Core.Hosting;

namespace Decisioning.Api;

/// <summary>An engine in memory with the live catalogue and a clock of its own, for trying a story. Nothing of it counts.</summary>
public interface ISandbox
{
    /// <summary>The engine; its clock is the sandbox's.</summary>
    IDecisionHost Host { get; }

    /// <summary>Moves the sandbox's clock forward; answered once everything due by then has happened.</summary>
    /// <param name="by">Above zero, at most ten years.</param>
    /// <returns>The clock, ms since the Unix epoch.</returns>
    ValueTask<long> AdvanceAsync(TimeSpan by, CancellationToken cancellation);
}
