using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Tests.Storage;

namespace Decisioning.Cluster.Azure.Tests;

public sealed class AzureClusterStoreTests(Azurite azurite) : ClusterStoreConformance
{
    private readonly string _prefix = azurite.NewPrefix();

    protected override async Task<IClusterStore> ConnectAsync() => AzurePlace.At(await azurite.ConnectionStringAsync(), _prefix).Store;

    /// <summary>In every column of bytes of every table.</summary>
    protected override async Task<IReadOnlyList<string>> FindAsync(byte[] bytes)
    {
        TableServiceClient service = await azurite.ConnectAsync();
        List<string> found = [];
        await foreach (TableItem table in service.QueryAsync(cancellationToken: Cancellation))
        {
            if (!table.Name.StartsWith(_prefix, StringComparison.Ordinal))
            {
                continue;
            }

            await foreach (TableEntity entity in service.GetTableClient(table.Name).QueryAsync<TableEntity>(cancellationToken: Cancellation))
            {
                found.AddRange(entity.Where(p => p.Value is byte[] value && value.AsSpan().IndexOf(bytes) >= 0).Select(p => $"{table.Name} {entity.RowKey} {p.Key}"));
            }
        }

        return found;
    }
}
