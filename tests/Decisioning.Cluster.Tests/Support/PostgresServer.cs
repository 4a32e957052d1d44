using Decisioning.Tests.Common;
using Npgsql;

[assembly: AssemblyFixture(typeof(Decisioning.Cluster.Tests.Support.PostgresServer))]

namespace Decisioning.Cluster.Tests.Support;

/// <summary>
/// One PostgreSQL server of our own for all tests, begun by the first that asks for a database; where PostgreSQL is not installed those tests are skipped by name, or
/// fail where everything is required.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private const string RequireAll = "DECISIONING_REQUIRE_ALL";

    private readonly Lazy<Task<PostgresProcess>> _started = new(() => PostgresProcess.StartAsync(CancellationToken.None));
    private int _databases;

    /// <summary>Makes an empty database; its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        Assert.True(PostgresProcess.IsInstalled || Environment.GetEnvironmentVariable(RequireAll) != "1", PostgresProcess.HowToGetIt);
        Assert.SkipUnless(PostgresProcess.IsInstalled, PostgresProcess.HowToGetIt);
        PostgresProcess process = await _started.Value;
        string name = $"test{Interlocked.Increment(ref _databases)}";
        await using NpgsqlConnection connection = new(Connection(process, PostgresProcess.FirstDatabase));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using NpgsqlCommand create = new($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return Connection(process, name);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_started.IsValueCreated)
        {
            await (await _started.Value).DisposeAsync();
        }
    }

    private static string Connection(PostgresProcess process, string database) => process.ConnectionString(database, "Maximum Pool Size=12");
}
