using System.Net;
using System.Text.Json;
using Decisioning.Cluster.Tests.Support;
using Decisioning.Server;

namespace Decisioning.Cluster.Tests.Silo;

/// <summary>What two silos of the program come to over whatever place they share.</summary>
public abstract class SharedPlaceConformance : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("decisioning-silo-");

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private protected abstract HostProgram Program { get; }

    /// <summary>How places begin that the program takes.</summary>
    protected abstract IReadOnlyList<string> Examples { get; }

    /// <summary>A place of its own, as the command line names it.</summary>
    protected abstract Task<string> PlaceAsync();

    [Fact]
    public async Task Two_silos_of_one_place_share_consumers_tokens_and_books()
    {
        string place = await PlaceAsync();
        await using RunningSilo first = await StartAsync("--join", place);
        await using RunningSilo second = await StartAsync("--join", place);
        JsonElement reply = await second.DecideAsync();
        JsonElement decision = Assert.Single(reply.GetProperty("placements")[0].GetProperty("decisions").EnumerateArray());
        string tracker = new Uri(decision.GetProperty("impressionUrl").GetString()!).AbsolutePath[1..];
        Assert.Equal(HttpStatusCode.OK, (await first.Http.GetAsync(tracker, Cancelled)).StatusCode);
        Assert.Equal("accepted", await first.RecordAsync());
        Assert.Equal("duplicate", await second.RecordAsync());
        Assert.Equal(0, await first.StopAsync());
        Assert.Equal("duplicate", await second.RecordAsync());
        using JsonDocument recount = JsonDocument.Parse(await second.Http.GetStringAsync("v1/brands/borealis/recount", Cancelled));
        Assert.True(recount.RootElement.GetProperty("ok").GetBoolean(), recount.RootElement.ToString());
        Assert.Equal(0, await second.StopAsync());
    }

    [Fact]
    public async Task What_is_no_place_is_said_with_what_would_be_one_and_without_what_was_given()
    {
        StringWriter error = new();
        int exit = await ServerProgram.RunAsync(RunningSilo.Line(_folder.FullName, "--join", "Password=hidden"), Program, TextWriter.Null, error, Cancelled);
        Assert.Equal(2, exit);
        Assert.All(Examples, example => Assert.Contains(example, error.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain("hidden", error.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    private Task<RunningSilo> StartAsync(params string[] more) => RunningSilo.StartAsync(Program, _folder.FullName, more);
}
