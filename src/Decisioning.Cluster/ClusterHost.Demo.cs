using Decisioning.Engine.Catalogues;
using Decisioning.Engine.Sandbox;

namespace Decisioning.Cluster;

public sealed partial class ClusterHost
{
    /// <summary>Puts the two demo brands, dated around today, where no brand was ever put.</summary>
    /// <param name="baseUrl">Absolute URL of the server, where the demo's creatives are.</param>
    /// <returns>False where there was a brand before: nothing was done.</returns>
    public async Task<bool> SeedDemoAsync(string baseUrl, CancellationToken cancellation)
    {
        if (!await ReadAsync(() => CatalogueRoom.HadNoBrands(_store.OpenCatalogue()), cancellation))
        {
            return false;
        }

        await DemoBrands.PutAsync(this, baseUrl, cancellation);
        return true;
    }

    /// <summary>An engine in this silo's memory: the cluster's live catalogue, a clock and consumers of its own.</summary>
    public Task<SandboxHost> OpenSandboxAsync(SandboxOptions options, CancellationToken cancellation) =>
        SandboxHost.OpenAsync(_services.Catalogue, null, options, _services.Clock.Time, cancellation);
}
