using System.Net.Sockets;
using Decisioning.Engine.Storage;
using Npgsql;

namespace Decisioning.Cluster.Storage.Sql;

/// <summary>What PostgreSQL or the way to it refused, in words that say what to check. No password is ever in them.</summary>
internal static class PostgresFailure
{
    /// <exception cref="StorageException">The text is not a connection string of Npgsql's, or names no host.</exception>
    public static NpgsqlConnectionStringBuilder Read(string connectionString)
    {
        NpgsqlConnectionStringBuilder builder;
        try
        {
            builder = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            // The parser's own words may quote a piece of the password.
            throw new StorageException("The connection string is not one of Npgsql's: write Host=..;Port=..;Database=..;Username=..;Password=.., a value with ; or = in it in quotes");
        }

        return builder.Host is { Length: > 0 } ? builder : throw new StorageException("The connection string names no host: write Host=..;Database=..;Username=..;Password=..");
    }

    /// <summary>Null for what is no failure of the database.</summary>
    public static StorageException? Of(Exception e, NpgsqlDataSource source)
    {
        if (e is StorageException or not (NpgsqlException or TimeoutException or SocketException))
        {
            return null;
        }

        // The data source's own text leaves the password out.
        var at = new NpgsqlConnectionStringBuilder(source.ConnectionString);
        return new StorageException($"PostgreSQL at {at.Host}:{at.Port}, database {at.Database ?? at.Username}: {Words(e, at)}", e);
    }

    private static string Words(Exception e, NpgsqlConnectionStringBuilder at) => e switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
            $"the user {at.Username} is not let in; check the user name, the password and the server's pg_hba.conf",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => "there is no such database; create it, empty, or correct the name",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused =>
            $"the user {at.Username} lacks a right ({refused.MessageText}); make it the database's owner",
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } => "it has no connection left; raise its max_connections, or lower Maximum Pool Size in the connection string",
        PostgresException { SqlState: PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.DuplicateObject } clash =>
            $"it holds tables of some other program ({clash.MessageText}); give the cluster an empty database of its own",
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => "its disk is full",
        PostgresException told => $"{told.MessageText} (SQLSTATE {told.SqlState})",
        { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } } => "the host's name is not known here; check Host",
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => "nothing listens there; check Host and Port, and that the server runs",
        { InnerException: TimeoutException } or TimeoutException => "no answer in time; check that the server runs, is reachable from here and not overloaded",
        _ => e.Message,
    };
}
