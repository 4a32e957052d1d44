using Azure.Data.Tables;

namespace Decisioning.Cluster.Azure.Tables;

/// <summary>The tables of one cluster in one storage account. README.md of Decisioning.Cluster says what lies in each.</summary>
internal sealed class ClusterTables(TableServiceClient service, string prefix)
{
    public TableServiceClient Service { get; } = service;

    /// <summary>What the names of all of them begin with.</summary>
    public string Prefix { get; } = prefix;

    /// <summary>Forms, epochs, sights, tombstones by when they may go.</summary>
    public TableClient Cluster { get; } = service.GetTableClient(prefix + "cluster");

    /// <summary>An epoch is a partition: its head and its pages of rows.</summary>
    public TableClient Turns { get; } = service.GetTableClient(prefix + "turns");

    /// <summary>A consumer is a partition: due hour, tombstone, snapshot, rows.</summary>
    public TableClient Consumers { get; } = service.GetTableClient(prefix + "consumers");

    /// <summary>An hour is a partition.</summary>
    public TableClient Calendar { get; } = service.GetTableClient(prefix + "calendar");

    /// <summary>A brand is a partition: its books and its hourly rows.</summary>
    public TableClient Books { get; } = service.GetTableClient(prefix + "books");

    /// <summary>One partition for what is changed together, one for each content that is too big to lie there.</summary>
    public TableClient Catalogue { get; } = service.GetTableClient(prefix + "catalogue");

    /// <summary>Names of the tables that Orleans' own providers make.</summary>
    public string Silos { get; } = prefix + "silos";

    public string Reminders { get; } = prefix + "reminders";

    public Task MakeAsync(CancellationToken cancellation)
    {
        TableClient[] all = [Cluster, Turns, Consumers, Calendar, Books, Catalogue];
        return Task.WhenAll(all.Select(table => table.CreateIfNotExistsAsync(cancellation)));
    }
}
