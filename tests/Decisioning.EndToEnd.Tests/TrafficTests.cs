using System.Net;
using System.Text.RegularExpressions;
using Decisioning.EndToEnd.Tests.Support;

namespace Decisioning.EndToEnd.Tests;

/// <summary>The demo crowd that <c>--traffic</c> sends through the server's own API.</summary>
public sealed partial class TrafficTests
{
    private const string Left = "Traffic: the crowd has left. ";
    private const int Shoppers = 600;

    [Fact]
    public async Task A_crowd_comes_is_known_afterwards_and_leaves()
    {
        await using TestServer server = await TestServer.StartAsync("--traffic", "2");
        string said = await server.SaysAsync(Left);
        Assert.EndsWith("; 0 visits failed.", said, StringComparison.Ordinal);
        int visits = Number(said, Visits());
        Assert.InRange(visits, 1, 60);
        Assert.InRange(Number(said, Decisions()), 1, visits);

        int known = 0;
        for (int shopper = 0; shopper < Shoppers; shopper++)
        {
            known += (await server.Api.GetAsync($"/v1/consumers/crowd-{shopper:d4}")).Status == HttpStatusCode.OK ? 1 : 0;
        }

        Assert.InRange(known, 1, visits);
    }

    [Fact]
    public async Task A_server_with_keys_lets_the_crowd_in_and_nobody_else()
    {
        Dictionary<string, string> keys = new()
        {
            ["Keys__0__Id"] = "k-1",
            ["Keys__0__Hash"] = new string('a', 64),
            ["Keys__0__Roles"] = "watch",
            ["Keys__0__Brands"] = "all",
        };
        await using TestServer server = await TestServer.StartAsync(keys, "--traffic", "2");
        string said = await server.SaysAsync(Left);
        Assert.EndsWith("; 0 visits failed.", said, StringComparison.Ordinal);
        Assert.True(Number(said, Decisions()) > 0);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Api.PostAsync("/v1/decisions", Bodies.Decide("c", "borealis"))).Status);
    }

    private static int Number(string text, Regex pattern) => int.Parse(pattern.Match(text).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex("([0-9]+) visits:")]
    private static partial Regex Visits();

    [GeneratedRegex("([0-9]+) decisions")]
    private static partial Regex Decisions();
}
