using System.Data.Common;
using Decisioning.Cluster.Storage.Sql;

namespace Decisioning.Silo;

/// <summary>A PostgreSQL database as the place that silos share.</summary>
internal static class PostgresPlace
{
    private const string Invariant = "Npgsql";

    public static PlaceKind Kind { get; } = new("PostgreSQL database", "Host=db.example;Database=decisioning;Username=decisioning;Password=...", IsOne, Find);

    public static SharedPlace Find(string connection)
    {
        PostgresClusterStore store = new(connection);
        return new SharedPlace(store, silo =>
        {
            silo.UseAdoNetClustering(o => (o.Invariant, o.DataSource) = (Invariant, store.Source));
            silo.UseAdoNetReminderService(o => (o.Invariant, o.DataSource) = (Invariant, store.Source));
        });
    }

    private static bool IsOne(string text)
    {
        try
        {
            DbConnectionStringBuilder parts = new() { ConnectionString = text };
            return parts.ContainsKey("Host") && (parts.ContainsKey("Database") || parts.ContainsKey("DB"));
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
