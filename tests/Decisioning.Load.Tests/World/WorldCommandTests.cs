using System.Net;
using System.Text.Json;
using Decisioning.Load.Compare;
using Decisioning.Load.Tests.Compare;

namespace Decisioning.Load.Tests.World;

[Collection(Contenders.Shared)]
public sealed class WorldCommandTests(Contenders contenders)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_world_is_put_into_a_server_and_taken_away_again()
    {
        string[] server = ["world", "--url", contenders[Contenders.Engine].Url.ToString(), "--key", Contender.Key, "--run", "w1", "--known", "300"];
        (int code, string output, string error) = await RunAsync([.. server, "--brands", "3", "--creatives", "4"]);
        Assert.True(code == ExitCodes.Done, error);
        Assert.Contains("Put 3 brands (w1-b000 …) of 4 creatives and 300 known consumers (w1-c000000000 …).", output, StringComparison.Ordinal);
        Assert.Contains("known consumers: 300 of 300", error, StringComparison.Ordinal);
        Assert.Equal(3, await BrandsAsync("w1-"));
        Assert.Equal(HttpStatusCode.OK, await ConsumerAsync("w1-c000000299"));

        (code, output, error) = await RunAsync([.. server, "--clean"]);
        Assert.True(code == ExitCodes.Done, error);
        Assert.Contains("Deleted 3 brands and 300 consumers of w1.", output, StringComparison.Ordinal);
        Assert.Equal(0, await BrandsAsync("w1-"));
        Assert.Equal(Contenders.Shape.Brands, await BrandsAsync(Contenders.Ids.BrandPrefix));
        Assert.Equal(HttpStatusCode.NotFound, await ConsumerAsync("w1-c000000299"));
        Assert.Equal(HttpStatusCode.OK, await ConsumerAsync(Contenders.Ids.ConsumerOf(0)));
    }

    [Fact]
    public async Task A_wrong_key_is_told()
    {
        (int code, _, string error) = await RunAsync("world", "--url", contenders[Contenders.Engine].Url.ToString(), "--key", "dk_other");
        Assert.Equal(ExitCodes.BadUsage, code);
        Assert.Contains("was answered with 401", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_usage_is_told_with_every_fault()
    {
        (int code, _, string error) = await RunAsync("world", "--url", "ftp://x", "--run", "No!", "--brands", "0", "--creatives", "3", "--zipf", "2.5", "--known", "-1");
        Assert.Equal(ExitCodes.BadUsage, code);
        foreach (string fault in new[]
        {
            "--url 'ftp://x' is no http address", "--run 'No!' is not of 1 to 24", "--brands '0' is not from 1 to 1000", "--creatives '3' is not from 4 to 5000",
            "--zipf '2.5' is not from 0 to 2", "--known '-1' is not from 0",
        })
        {
            Assert.Contains(fault, error, StringComparison.Ordinal);
        }
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        return (await LoadProgram.RunAsync(arguments, output, error, Stop), output.ToString(), error.ToString());
    }

    private async Task<int> BrandsAsync(string prefix)
    {
        using HttpClient http = Open();
        using JsonDocument brands = JsonDocument.Parse(await http.GetStringAsync("v1/brands", Stop));
        return brands.RootElement.GetProperty("brands").EnumerateArray().Count(b => b.GetProperty("id").GetString()!.StartsWith(prefix, StringComparison.Ordinal));
    }

    private async Task<HttpStatusCode> ConsumerAsync(string id)
    {
        using HttpClient http = Open();
        using HttpResponseMessage answer = await http.GetAsync($"v1/consumers/{id}", Stop);
        return answer.StatusCode;
    }

    private HttpClient Open()
    {
        HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = contenders[Contenders.Engine].Url };
        http.DefaultRequestHeaders.Add("X-Api-Key", Contender.Key);
        return http;
    }
}
