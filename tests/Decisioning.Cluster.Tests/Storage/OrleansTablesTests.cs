using Decisioning.Cluster.Storage.Sql;
using Decisioning.Cluster.Tests.Support;
using Orleans.Hosting;

namespace Decisioning.Cluster.Tests.Storage;

/// <summary>Orleans' providers over the tables that the store makes for them.</summary>
public sealed class OrleansTablesTests(PostgresServer server) : OrleansProvidersConformance
{
    protected override async Task<Action<ISiloBuilder>> OpenAsync()
    {
        var store = new PostgresClusterStore(await server.CreateDatabaseAsync());
        await store.OpenAsync(1, Cancellation);
        return silo =>
        {
            silo.UseAdoNetClustering(o => (o.Invariant, o.DataSource) = ("Npgsql", store.Source));
            silo.UseAdoNetReminderService(o => (o.Invariant, o.DataSource) = ("Npgsql", store.Source));
        };
    }
}
