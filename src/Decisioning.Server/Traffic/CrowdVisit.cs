using Decisioning.Api.Access;
using Decisioning.Core.Catalogue;
using Decisioning.Server.Options;

namespace Decisioning.Server.Traffic;

/// <summary>
/// The demo crowd of one start, or none. Where the server has keys, the crowd has one too: it is made for this start, may decide and ingest for the demo
/// brands alone, lives in memory alone and is never shown, so that no configured key is needed and no door stays open.
/// </summary>
internal sealed class CrowdVisit
{
    private const string KeyId = "demo-crowd";

    private readonly TimeSpan? _duration;
    private readonly KeyText? _key;

    private CrowdVisit(TimeSpan? duration, bool needsKey)
    {
        _duration = duration;
        if (duration is not null && needsKey)
        {
            _key = KeyText.Make();
            Key = new ApiKey(
                KeyId, Convert.FromHexString(_key.Hash), Roles.Decide | Roles.Ingest, [DemoCatalogue.AuroraId, DemoCatalogue.BorealisId], [], rate: null);
        }
    }

    /// <summary>The crowd's key; null where there is no crowd or the server has no keys.</summary>
    public ApiKey? Key { get; }

    public static CrowdVisit Of(ServerOptions options) => new(options.Traffic, options.Keys.Count > 0);

    /// <summary>Sends the crowd where there is one, and returns when it has left.</summary>
    /// <param name="address">Where the machine itself reaches the server.</param>
    /// <param name="catalogue">What there is to visit.</param>
    /// <param name="output">For what it did.</param>
    /// <param name="stop">Sends it home.</param>
    public async Task RunAsync(Uri address, CatalogueSnapshot catalogue, TextWriter output, CancellationToken stop)
    {
        if (_duration is { } duration)
        {
            using CrowdClient client = new(address, _key?.Text);
            await new DemoTraffic(client, catalogue, TimeProvider.System, output).RunAsync(duration, stop);
        }
    }
}
