using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Hosting;

namespace Decisioning.Engine.Catalogues;

/// <summary>Puts the two demo brands, dated around today.</summary>
internal static class DemoBrands
{
    /// <param name="host">Where to.</param>
    /// <param name="baseUrl">Absolute URL of the server, where the demo's creatives are.</param>
    public static async Task PutAsync(IDecisionHost host, string baseUrl, CancellationToken cancellation)
    {
        DateOnly today = DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(host.Now).UtcDateTime);
        (string Id, string Document)[] brands =
        [
            (DemoCatalogue.AuroraId, DemoCatalogue.Aurora(today, baseUrl)), (DemoCatalogue.BorealisId, DemoCatalogue.Borealis(baseUrl)),
        ];
        foreach ((string id, string document) in brands)
        {
            CatalogueChange change = await host.PutBrandAsync(id, Encoding.UTF8.GetBytes(document), null, "demo", cancellation);
            if (change.Outcome != CatalogueOutcome.Done)
            {
                throw new InvalidOperationException($"The demo brand {id} was not taken: {FaultText.Of(change.Faults)}");
            }
        }
    }
}
