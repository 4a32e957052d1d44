using Decisioning.Cluster.Azure;
using Decisioning.Server;

namespace Decisioning.Silo.Azure;

/// <summary>The silo that can also share an account of Azure Storage.</summary>
internal static class AzureSilo
{
    public static HostProgram Program { get; } = SiloHosting.ProgramOver("Decisioning.Silo.Azure", PostgresPlace.Kind, new PlaceKind(
        "account of Azure Storage",
        "https://account.table.core.windows.net",
        static text => text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || text.Contains("AccountName=", StringComparison.OrdinalIgnoreCase),
        Find));

    private static SharedPlace Find(string at)
    {
        AzurePlace place = AzurePlace.At(at);
        return new SharedPlace(place.Store, place.Configure);
    }
}
