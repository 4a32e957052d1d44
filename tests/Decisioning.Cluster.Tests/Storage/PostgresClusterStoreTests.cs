using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Storage.Sql;
using Decisioning.Cluster.Tests.Support;
using Decisioning.Core.Aggregate;
using Decisioning.Engine.Storage;
using Npgsql;
using static Decisioning.Cluster.Tests.Support.TestRows;

namespace Decisioning.Cluster.Tests.Storage;

public sealed class PostgresClusterStoreTests(PostgresServer server) : ClusterStoreConformance
{
    private string? _database;

    [Fact]
    public async Task What_an_operator_made_from_Orleans_scripts_is_left_alone()
    {
        string database = await server.CreateDatabaseAsync();
        await ExecuteAsync(database, "CREATE TABLE OrleansQuery(QueryKey varchar(64), QueryText varchar(8000)); INSERT INTO OrleansQuery VALUES ('theirs', 'SELECT 1')");
        await using var store = new PostgresClusterStore(database);
        await store.OpenAsync(Wire, Cancellation);
        Assert.Equal(["theirs"], await ReadTextsAsync(database, "SELECT QueryKey FROM OrleansQuery"));
        Assert.Empty(await ReadTextsAsync(database, "SELECT tablename FROM pg_tables WHERE tablename LIKE 'orleans!_%' ESCAPE '!'"));
    }

    [Fact]
    public async Task Stores_that_are_opened_at_once_make_one_schema()
    {
        string database = await server.CreateDatabaseAsync();
        PostgresClusterStore[] stores = [.. Enumerable.Range(0, 6).Select(_ => new PostgresClusterStore(database))];
        await Task.WhenAll(stores.Select(s => s.OpenAsync(Wire, Cancellation)));
        Assert.Equal(6, (await Task.WhenAll(stores.Select(s => s.BeginEpochAsync("a", Instant, Cancellation)))).Distinct().Count());
        await Task.WhenAll(stores.Select(s => s.DisposeAsync().AsTask()));
    }

    [Theory]
    [InlineData("DELETE FROM meta WHERE name = 'state'", "empty database of its own")]
    [InlineData("UPDATE meta SET value = 1 WHERE name = 'state'", "run the older version")]
    [InlineData("UPDATE meta SET value = 99 WHERE name = 'schema'", "run the newer version")]
    [InlineData("UPDATE meta SET value = 99 WHERE name = 'turn'", "turn form is version 99")]
    public async Task A_store_of_another_version_is_refused(string change, string said)
    {
        await ExecuteAsync(_database!, change);
        await using IClusterStore store = await ConnectAsync();
        Assert.Contains(said, (await Assert.ThrowsAsync<StorageException>(() => store.OpenAsync(Wire, Cancellation))).Message);
    }

    [Fact]
    public async Task Older_books_are_read_on_and_their_version_moves_where_no_silo_runs()
    {
        await ExecuteAsync(_database!, $"UPDATE meta SET value = {BrandTotals.OldestVersion} WHERE name = 'books'");
        long epoch = await Store.BeginEpochAsync("a", Instant, Cancellation);
        await using IClusterStore newer = await ConnectAsync();
        Assert.Contains(
            $"write books of version {BrandTotals.OldestVersion}, and this program writes {BrandTotals.Version}",
            (await Assert.ThrowsAsync<StorageException>(() => newer.OpenAsync(Wire, Cancellation))).Message);
        await Store.CloseEpochAsync(epoch, Cancellation);
        await newer.OpenAsync(Wire, Cancellation);
        Assert.Equal([$"{BrandTotals.Version}"], await ReadTextsAsync(_database!, "SELECT value::text FROM meta WHERE name = 'books'"));
        await ExecuteAsync(_database!, $"UPDATE meta SET value = {BrandTotals.OldestVersion - 1} WHERE name = 'books'");
        Assert.Contains("run the older version", (await Assert.ThrowsAsync<StorageException>(() => newer.OpenAsync(Wire, Cancellation))).Message);
    }

    [Fact]
    public async Task A_silo_of_another_wire_contract_does_not_join_after_it_opened_the_store()
    {
        await using IClusterStore newer = await ConnectAsync();
        await newer.OpenAsync(Wire + 1, Cancellation);
        Assert.Contains($"wire contract {Wire + 1}", (await Assert.ThrowsAsync<StorageException>(() => Store.BeginEpochAsync("late", Instant, Cancellation))).Message);
    }

    [Fact]
    public async Task Tables_of_some_other_program_are_refused()
    {
        string database = await server.CreateDatabaseAsync();
        await ExecuteAsync(database, "CREATE TABLE books(title text)");
        Assert.Contains("some other program", await RefusalAsync(database));
    }

    [Fact]
    public async Task An_answer_before_the_log_is_on_disk_is_refused()
    {
        string database = await server.CreateDatabaseAsync();
        string name = new NpgsqlConnectionStringBuilder(database).Database!;
        await ExecuteAsync(database, $"ALTER DATABASE {name} SET synchronous_commit = off");
        Assert.Contains("synchronous_commit", await RefusalAsync(database));
    }

    [Fact]
    public async Task What_is_wrong_with_a_connection_is_said_without_the_password()
    {
        string closed;
        using (var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0))
        {
            listener.Start();
            closed = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        Assert.Contains("check the user name", await RefusalAsync(With(b => b.Password = "s3cret")));
        Assert.Contains("check the user name", await RefusalAsync(With(b => b.Username = "nobody")));
        Assert.Contains("no such database", await RefusalAsync(With(b => b.Database = "nowhere")));
        Assert.Contains("nothing listens", await RefusalAsync(With(b => b.Port = int.Parse(closed, System.Globalization.CultureInfo.InvariantCulture))));
        Assert.Contains("name is not known", await RefusalAsync(With(b => b.Host = "no-such-host.invalid")));
        Assert.Contains("names no host", Assert.Throws<StorageException>(() => new PostgresClusterStore("Database=x;Password=s3cret")).Message);
        StorageException unread = Assert.Throws<StorageException>(() => new PostgresClusterStore("postgres://me:s3cret@host/db"));
        Assert.Contains("write Host=", unread.Message);
        Assert.DoesNotContain("s3cret", unread.ToString());
        unread = Assert.Throws<StorageException>(() => new PostgresClusterStore("Host=h;Password=a;s3cret=1"));
        Assert.DoesNotContain("s3cret", unread.ToString());

        string With(Action<NpgsqlConnectionStringBuilder> change)
        {
            var builder = new NpgsqlConnectionStringBuilder(_database);
            change(builder);
            return builder.ConnectionString;
        }
    }

    [Fact]
    public async Task A_user_without_rights_is_told_so()
    {
        await ExecuteAsync(_database!, "CREATE ROLE reader LOGIN PASSWORD 'r'");
        string database = await server.CreateDatabaseAsync();
        var builder = new NpgsqlConnectionStringBuilder(database) { Username = "reader", Password = "r" };
        await ExecuteAsync(database, "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        Assert.Contains("lacks a right", await RefusalAsync(builder.ConnectionString));
    }

    protected override async Task<IClusterStore> ConnectAsync() => new PostgresClusterStore(_database ??= await server.CreateDatabaseAsync());

    /// <summary>In every column of bytes of every table.</summary>
    protected override async Task<IReadOnlyList<string>> FindAsync(byte[] bytes)
    {
        var found = new List<string>();
        foreach (string column in await ReadTextsAsync(
            _database!, "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'bytea'"))
        {
            string[] at = column.Split('.');
            List<string> here = await ReadTextsAsync(_database!, $"SELECT '{column}' FROM {at[0]} WHERE position('\\x{Convert.ToHexString(bytes)}'::bytea IN {at[1]}) > 0");
            found.AddRange(here);
        }

        return found;
    }

    private static async Task<string> RefusalAsync(string database)
    {
        await using var store = new PostgresClusterStore(database);
        StorageException refused = await Assert.ThrowsAsync<StorageException>(() => store.OpenAsync(Wire, Cancellation));
        Assert.DoesNotContain("s3cret", refused.ToString());
        return refused.Message;
    }

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using NpgsqlCommand command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task<List<string>> ReadTextsAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using NpgsqlCommand command = source.CreateCommand(sql);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(Cancellation);
        var texts = new List<string>();
        while (await reader.ReadAsync(Cancellation))
        {
            texts.Add(reader.GetString(0));
        }

        return texts;
    }
}
