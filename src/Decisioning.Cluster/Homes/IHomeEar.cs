using Microsoft.Extensions.Logging;
using Orleans.CodeGeneration;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Services;

namespace Decisioning.Cluster.Homes;

/// <summary>Where each silo is told which consumers others have.</summary>
[Alias("decisioning.homes.ear")]
[Version(1)]
internal interface IHomeEar : IGrainService
{
    /// <summary>Makes the silo know. May be told again.</summary>
    /// <param name="silo">Who tells.</param>
    /// <param name="came">Keys of consumers that are there now.</param>
    /// <param name="left">Keys of consumers that are not there any more.</param>
    [Alias("hear")]
    Task HearAsync([Immutable] SiloAddress silo, [Immutable] ulong[] came, [Immutable] ulong[] left);
}

[Reentrant]
internal sealed class HomeEar(GrainId id, Silo silo, ILoggerFactory logging, HomeTable homes) : GrainService(id, silo, logging), IHomeEar
{
    public Task HearAsync([Immutable] SiloAddress silo, [Immutable] ulong[] came, [Immutable] ulong[] left)
    {
        homes.Remove(silo, left);
        homes.Put(silo, came);
        return Task.CompletedTask;
    }
}
