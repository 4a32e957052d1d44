using System.Net;
using System.Text.Json.Nodes;
using Decisioning.EndToEnd.Tests.Support;

namespace Decisioning.EndToEnd.Tests;

/// <summary>How the program starts, and when it refuses to.</summary>
public sealed class StartTests(SharedServer shared)
{
    [Fact]
    public async Task A_first_start_has_two_demo_brands_whose_media_are_served()
    {
        JsonNode brands = (await shared.Api.GetAsync("/v1/brands")).Ok().Json;
        Assert.Subset(brands.List("brands").Select(b => b.Text("id")).ToHashSet(), new HashSet<string?> { "aurora", "borealis" });
        foreach (string brand in new[] { "aurora", "borealis" })
        {
            JsonNode document = (await shared.Api.GetAsync($"/v1/brands/{brand}")).Ok().Json;
            string[] urls = [.. document.At("creatives")!.AsObject().SelectMany(c => new[] { c.Value.Text("url"), c.Value.Text("landing") }).OfType<string>().Distinct()];
            Assert.NotEmpty(urls);
            foreach (string url in urls)
            {
                Answer page = (await shared.Api.GetAsync(url)).Ok();
                Assert.StartsWith("text/html", page.Header("Content-Type"));
                Assert.Contains("default-src 'none'", page.Header("Content-Security-Policy"));
                Assert.Contains("script-src 'self'", page.Header("Content-Security-Policy"));
            }
        }

        Assert.Equal(HttpStatusCode.NotFound, (await shared.Api.GetAsync("/demo/aurora")).Status);
    }

    [Fact]
    public async Task The_line_it_prints_to_try_works()
    {
        await using ServerRun run = ServerRun.Start(["--urls", "http://127.0.0.1:0", "--data", Directory.CreateTempSubdirectory("decisioning-e2e-").FullName]);
        Uri url = await run.ListeningAsync();
        using ApiClient api = new(url);
        (await api.GetAsync("/readyz")).Ok();
        string line = run.Output.Split('\n').Single(l => l.StartsWith("curl ", StringComparison.Ordinal));
        Assert.Contains($"{url}v1/decisions", line);
        string body = line[(line.IndexOf("-d '", StringComparison.Ordinal) + 4)..line.LastIndexOf('\'')];
        JsonNode answer = (await api.PostAsync("/v1/decisions", JsonNode.Parse(body)!)).Ok().Json;
        Assert.Equal("borealis", Assert.Single(answer.List("placements/0/decisions")).Text("brand"));
        Assert.StartsWith(url.ToString(), answer.Text("placements/0/decisions/0/creative/url"));
    }

    [Theory]
    [InlineData("2", "reached from other machines", "--urls", "http://0.0.0.0:5999")]
    [InlineData("2", "reached from other machines", "--urls", "http://*:5999")]
    [InlineData("2", "reached from other machines", "--urls", "http://[::]:5999")]
    [InlineData("2", "--prot is not an option", "--prot", "5999")]
    [InlineData("2", "--data needs a value", "--data")]
    [InlineData("2", "--no-demo takes no value", "--no-demo=1")]
    [InlineData("2", "--urls is given twice", "--urls", "http://127.0.0.1:1", "--urls", "http://127.0.0.1:2")]
    [InlineData("2", "is not of the form", "--urls", "https://127.0.0.1:5999")]
    [InlineData("2", "is not an http or https address", "--public-url", "ftp://x")]
    [InlineData("2", "is not a role", "keys", "new", "--roles", "root", "--brands", "all")]
    [InlineData("2", "only command", "keys", "old")]
    [InlineData("0", "--public-url URL", "--help")]
    public async Task Options_it_does_not_take_end_it_with_a_sentence(string code, string sentence, params string[] arguments)
    {
        await using ServerRun run = ServerRun.Start(arguments);
        Assert.Equal(code, (await run.EndedAsync()).ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Contains(sentence, code == "0" ? run.Output : run.Error);
    }

    [Theory]
    [InlineData("Limts__Burst", "3", "unknown entry Limts")]
    [InlineData("Limits__Brust", "3", "Brust is unknown")]
    [InlineData("Limits__Burst", "0", "whole number of 1 or more")]
    [InlineData("Hosts__0", "shop.example:80", "leave ports out")]
    [InlineData("Origins__0", "shop.example", "is not an origin")]
    [InlineData("Keys__0__Id", "k-1", "Hash must be")]
    [InlineData("Demo", "maybe", "must be true or false")]
    public async Task Configuration_it_does_not_take_ends_it_with_a_sentence(string name, string value, string sentence)
    {
        await using ServerRun run = ServerRun.Start([], new Dictionary<string, string> { [name] = value });
        Assert.Equal(2, await run.EndedAsync());
        Assert.Contains(sentence, run.Error);
    }

    [Fact]
    public async Task A_folder_is_one_server_s_alone_and_its_secrets_the_owner_s()
    {
        await using ServerRun second = ServerRun.Start(["--urls", "http://127.0.0.1:0", "--data", shared.Server.Folder]);
        Assert.Equal(1, await second.EndedAsync());
        Assert.Contains("cannot start", second.Error);
        (await shared.Api.GetAsync("/readyz")).Ok();

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(shared.Server.Folder));
            string[] secrets = [.. Directory.EnumerateFiles(shared.Server.Folder).Where(f => new FileInfo(f).Name.Contains("secret") || new FileInfo(f).Name.Contains("token"))];
            Assert.NotEmpty(secrets);
            foreach (string secret in secrets)
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(secret));
            }
        }
    }

    [Fact]
    public async Task Only_the_server_s_own_names_and_pages_are_answered()
    {
        (await shared.Api.GetAsync("/v1/brands", ("Host", "evil.example"))).ExpectProblem(HttpStatusCode.BadRequest, "request.host_not_allowed");
        (await shared.Api.GetAsync("/", ("Host", "evil.example"))).ExpectProblem(HttpStatusCode.BadRequest, "request.host_not_allowed");
        (await shared.Api.GetAsync("/v1/brands", ("Origin", "https://evil.example"))).ExpectProblem(HttpStatusCode.Forbidden, "request.origin_not_allowed");
        (await shared.Api.GetAsync("/v1/brands", ("Host", $"localhost:{shared.Server.Url.Port}"))).Ok();
    }

    [Fact]
    public async Task The_health_addresses_and_the_contract_answer()
    {
        Assert.Equal("ok", (await shared.Api.GetAsync("/healthz")).Ok().Json.Text("status"));
        Assert.Equal("ready", (await shared.Api.GetAsync("/readyz")).Ok().Json.Text("status"));
        JsonNode contract = (await shared.Api.GetAsync("/openapi/v1.json")).Ok().Json;
        Assert.Superset(
            new HashSet<string> { "/v1/decisions", "/v1/events", "/v1/brands/{brand}", "/v1/consumers/{id}", "/v1/settings", "/v1/sandbox/clock", "/t/c/{token}" },
            contract.At("paths").Members().ToHashSet());
        (await shared.Api.GetAsync("/v1/nothing")).ExpectProblem(HttpStatusCode.NotFound, "request.not_found");
        (await shared.Api.SendAsync("PUT", "/v1/decisions", null)).ExpectProblem(HttpStatusCode.MethodNotAllowed, "request.method_not_allowed");
    }

    [Fact]
    public async Task Tracker_addresses_start_with_the_public_url_where_there_is_one()
    {
        await using TestServer server = await TestServer.StartAsync("--no-demo", "--public-url", "https://ads.example/x/");
        string brand = await server.Api.PutNewAsync(Brands.Plain());
        JsonNode answer = (await server.Api.PostAsync("/v1/decisions", Bodies.Decide(Bodies.NewId(), brand))).Ok().Json;
        Assert.StartsWith("https://ads.example/x/t/i/", answer.Text("placements/0/decisions/0/impressionUrl"));
    }
}
