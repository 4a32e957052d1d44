using Decisioning.Cluster.Books;
using Microsoft.Extensions.Logging;
using Orleans.CodeGeneration;
using Orleans.Runtime;
using Orleans.Services;

namespace Decisioning.Cluster.Money;

/// <summary>Where each silo is asked for money that another one needs.</summary>
[Alias("decisioning.till")]
[Version(1)]
internal interface ISiloTill : IGrainService
{
    /// <summary>Gives back what its block holds for these outcomes, or has free.</summary>
    /// <returns>How its block stands then.</returns>
    [Alias("yield")]
    Task<LoanReport> YieldAsync(int brand, int campaign, [Immutable] HoldClaim[] claims);
}

internal sealed class SiloTill(GrainId id, Silo silo, ILoggerFactory logging, SiloMarket market) : GrainService(id, silo, logging), ISiloTill
{
    public Task<LoanReport> YieldAsync(int brand, int campaign, HoldClaim[] claims) => Task.FromResult(market.Yield(brand, campaign, claims));
}
