using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Decisioning.Cluster.Storage.Sql;
using Decisioning.Cluster.Tests.Support;
using Decisioning.Server;
using Decisioning.Silo;
using Decisioning.Tests.Common;

namespace Decisioning.Cluster.Tests.Silo;

/// <summary>The silo's program over a PostgreSQL database.</summary>
public sealed class PostgresSiloTests(PostgresServer database) : SharedPlaceConformance
{
    protected override IReadOnlyList<string> Examples => ["Host="];

    private protected override HostProgram Program => SiloHosting.Program;

    protected override Task<string> PlaceAsync() => database.CreateDatabaseAsync();
}

/// <summary>The silo's program from its command line on.</summary>
public sealed class SiloProgramTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("decisioning-silo-");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_silo_starts_with_nothing_installed_and_knows_after_a_restart_what_was_acknowledged()
    {
        await using (RunningSilo silo = await StartAsync())
        {
            Assert.Contains($"  data  {_folder.FullName}", silo.Banner, StringComparison.Ordinal);
            Assert.Equal("accepted", await silo.RecordAsync());
            JsonElement brands = await silo.Http.GetFromJsonAsync<JsonElement>("v1/brands", Cancelled);
            Assert.Equal(2, brands.GetProperty("brands").GetArrayLength());
            Assert.Equal(0, await silo.StopAsync());
        }

        await using (RunningSilo silo = await StartAsync())
        {
            Assert.Equal("duplicate", await silo.RecordAsync());
            Assert.Equal(0, await silo.StopAsync());
        }
    }

    [Fact]
    public async Task Every_wrong_option_is_named_before_anything_is_opened()
    {
        (int exit, string said) = await FailAsync("--join", "Password=hidden", "--silo-port", "0", "--gateway-port", "70000", "--advertise", "0.0.0.0");
        Assert.Equal(2, exit);
        Assert.Equal(4, said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        foreach (string option in new[] { "join: ", "silo-port: 0 ", "gateway-port: 70000 ", "advertise: 0.0.0.0 " })
        {
            Assert.Contains(option, said, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("hidden", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_said_in_a_sentence() =>
        await AssertRefusedAsync("nothing listens there", "--join", $"Host=127.0.0.1;Port={Loopback.FreePort()};Database=none;Username=nobody");

    [Fact]
    public async Task Members_of_another_version_are_said_in_a_sentence()
    {
        await using (SqliteClusterStore store = new(Path.Combine(_folder.FullName, "cluster.db")))
        {
            await store.OpenAsync(WireContract.Version + 1, Cancelled);
            await store.BeginEpochAsync("newer", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), Cancelled);
        }

        await AssertRefusedAsync("version");
    }

    [Fact]
    public async Task A_port_in_use_is_said_in_a_sentence_and_one_that_was_not_named_is_passed_by()
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;
        await AssertRefusedAsync($"silo-port {port} cannot be listened on", "--silo-port", $"{port}");

        SiloPorts ports = SiloPorts.Choose(new SiloOptions(null, null, null, IPAddress.Loopback));
        Assert.NotEqual(ports.Silo, ports.Gateway);
        using TcpListener free = new(IPAddress.Loopback, ports.Silo);
        free.Start();
        Assert.NotEqual(ports.Silo, SiloPorts.Choose(new SiloOptions(null, null, null, IPAddress.Loopback)).Silo);
    }

    [Fact]
    public async Task Help_names_the_silos_own_options()
    {
        StringWriter output = new();
        Assert.Equal(0, await ServerProgram.RunAsync(["--help"], SiloHosting.Program, output, TextWriter.Null, Cancelled));
        Assert.All(SiloHosting.Program.Options, option => Assert.Contains($"  {option.Name} {option.Takes} ", output.ToString(), StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task AssertRefusedAsync(string fault, params string[] more)
    {
        (int exit, string said) = await FailAsync(more);
        Assert.Equal(1, exit);
        Assert.StartsWith("Decisioning cannot start: ", said, StringComparison.Ordinal);
        Assert.Contains(fault, said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    private async Task<(int Exit, string Said)> FailAsync(params string[] more)
    {
        StringWriter error = new();
        int exit = await ServerProgram.RunAsync(RunningSilo.Line(_folder.FullName, more), SiloHosting.Program, TextWriter.Null, error, Cancelled);
        return (exit, error.ToString());
    }

    private Task<RunningSilo> StartAsync(params string[] more) => RunningSilo.StartAsync(SiloHosting.Program, _folder.FullName, more);
}
