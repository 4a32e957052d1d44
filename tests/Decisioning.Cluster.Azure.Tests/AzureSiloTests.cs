using Decisioning.Cluster.Tests.Silo;
using Decisioning.Cluster.Tests.Storage;
using Decisioning.Server;
using Decisioning.Silo.Azure;
using Orleans.Hosting;

namespace Decisioning.Cluster.Azure.Tests;

/// <summary>Orleans' providers over the account's tables.</summary>
public sealed class AzureProvidersTests(Azurite azurite) : OrleansProvidersConformance
{
    protected override async Task<Action<ISiloBuilder>> OpenAsync()
    {
        AzurePlace place = AzurePlace.At(await azurite.ConnectionStringAsync(), azurite.NewPrefix());
        await place.Store.OpenAsync(1, Cancellation);
        return place.Configure;
    }
}

/// <summary>The silo's program over an account.</summary>
public sealed class AzureSiloTests(Azurite azurite) : SharedPlaceConformance
{
    protected override IReadOnlyList<string> Examples => ["Host=", "https://account.table"];

    private protected override HostProgram Program => AzureSilo.Program;

    protected override Task<string> PlaceAsync() => azurite.ConnectionStringAsync();
}
