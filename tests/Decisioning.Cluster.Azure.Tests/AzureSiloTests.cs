using System.Net;
using System.Text.Json;
using Decisioning.Cluster.Tests.Storage;
using Decisioning.Cluster.Tests.Support;
using Decisioning.Server;
using Decisioning.Silo.Azure;
using Orleans.Hosting;

namespace Decisioning.Cluster.Azure.Tests;

/// <summary>Orleans' providers over the account's tables.</summary>
public sealed class AzureProvidersTests(Azurite azurite) : OrleansProvidersConformance
{
    protected override async Task<Action<ISiloBuilder>> OpenAsync()
    {
        AzurePlace place = AzurePlace.At(await azurite.ConnectionStringAsync(), azurite.NewPrefix());
        await place.Store.OpenAsync(1, Cancellation);
        return place.Configure;
    }
}

/// <summary>The silo's program over an account.</summary>
public sealed class AzureSiloTests(Azurite azurite) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("decisioning-silo-");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_silos_of_one_account_share_consumers_and_tokens()
    {
        string connection = await azurite.ConnectionStringAsync();
        await using RunningSilo first = await StartAsync("--join", connection);
        await using RunningSilo second = await StartAsync("--join", connection);
        JsonElement reply = await first.DecideAsync();
        string tracker = new Uri(reply.GetProperty("placements")[0].GetProperty("decisions")[0].GetProperty("impressionUrl").GetString()!).AbsolutePath[1..];
        Assert.Equal(HttpStatusCode.OK, (await second.Http.GetAsync(tracker, Cancelled)).StatusCode);
        Assert.Equal("accepted", await first.RecordAsync());
        Assert.Equal("duplicate", await second.RecordAsync());
        Assert.Equal(0, await first.StopAsync());
        Assert.Equal("duplicate", await second.RecordAsync());
        using JsonDocument recount = JsonDocument.Parse(await second.Http.GetStringAsync("v1/brands/borealis/recount", Cancelled));
        Assert.True(recount.RootElement.GetProperty("ok").GetBoolean(), recount.RootElement.ToString());
        Assert.Equal(0, await second.StopAsync());
    }

    [Fact]
    public async Task What_is_no_place_is_said_without_what_was_given()
    {
        StringWriter error = new();
        int exit = await ServerProgram.RunAsync(
            RunningSilo.Line(_folder.FullName, "--join", "Password=hidden"), AzureSilo.Program, TextWriter.Null, error, Cancelled);
        Assert.Equal(2, exit);
        Assert.Contains("Host=", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("https://account.table", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", error.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Task<RunningSilo> StartAsync(params string[] more) => RunningSilo.StartAsync(AzureSilo.Program, _folder.FullName, more);
}
