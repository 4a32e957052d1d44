using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Decisioning.Engine.Storage;
using Orleans.Hosting;

namespace Decisioning.Cluster.Azure;

/// <summary>The storage account that silos share: how to come in to it, and what of Orleans goes over it.</summary>
public sealed class AzurePlace
{
    /// <summary>What names of tables begin with.</summary>
    public const string Prefix = "decisioning";

    private readonly AzureClusterStore _store;

    private AzurePlace(TableServiceClient service, string prefix) => _store = new AzureClusterStore(service, prefix);

    /// <summary>The store of the cluster.</summary>
    public AzureClusterStore Store => _store;

    /// <param name="at">
    /// The address of the account's table service, such as <c>https://account.table.core.windows.net</c>: the identity is then the one that the process runs as, a managed
    /// one in Azure; or the account's connection string, with a key.
    /// </param>
    /// <param name="prefix">What names of tables begin with: letters and digits, a letter first, 50 at most.</param>
    /// <exception cref="StorageException">It is neither of them. What was given is not in the message: it may hold a key.</exception>
    public static AzurePlace At(string at, string prefix = Prefix)
    {
        TableClientOptions options = new();
        options.Retry.MaxRetries = 2;
        options.Retry.Delay = TimeSpan.FromMilliseconds(100);
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(10);
        if (Uri.TryCreate(at, UriKind.Absolute, out Uri? address) && address.Scheme == Uri.UriSchemeHttps && address.Query.Length == 0)
        {
            return new AzurePlace(new TableServiceClient(address, new DefaultAzureCredential(), options), prefix);
        }

        try
        {
            return new AzurePlace(new TableServiceClient(at, options), prefix);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException)
        {
            throw new StorageException(
                "This is neither the address of an account's table service, such as https://account.table.core.windows.net, nor the connection string of an account, "
                + "such as DefaultEndpointsProtocol=https;AccountName=..;AccountKey=..;EndpointSuffix=core.windows.net");
        }
    }

    /// <summary>Membership and reminders by Orleans' own providers, in tables beside the store's.</summary>
    public void Configure(ISiloBuilder silo)
    {
        silo.UseAzureStorageClustering(o => (o.TableServiceClient, o.TableName) = (_store.Tables.Service, _store.Tables.Silos));
        silo.UseAzureTableReminderService(o => (o.TableServiceClient, o.TableName) = (_store.Tables.Service, _store.Tables.Reminders));
    }
}
