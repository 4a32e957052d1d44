using Decisioning.Cluster.Books;
using Microsoft.Extensions.Logging;
using Orleans.CodeGeneration;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Services;

namespace Decisioning.Cluster.Catalogue;

/// <summary>Where each silo is told that the catalogue has changed.</summary>
[Alias("decisioning.catalogue.ear")]
[Version(1)]
internal interface ICatalogueEar : IGrainService
{
    /// <summary>Makes the silo look, and ask for the money that the change calls for; returns when that has been answered too.</summary>
    /// <param name="version">The catalogue's version in the store.</param>
    /// <returns>Whether its live snapshot is of this version or a newer one; false where it cannot be had now.</returns>
    [Alias("reach")]
    Task<bool> ReachAsync(long version);
}

[Reentrant]
internal sealed class CatalogueEar(GrainId id, Silo silo, ILoggerFactory logging, ClusterCatalogue catalogue, SiloBooks books) : GrainService(id, silo, logging), ICatalogueEar
{
    public async Task<bool> ReachAsync(long version)
    {
        if (!await catalogue.ReachesAsync(version))
        {
            return false;
        }

        await books.FundAsync();
        return true;
    }
}
