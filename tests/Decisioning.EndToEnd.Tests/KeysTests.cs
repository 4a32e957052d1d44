using System.Net;
using System.Text.Json.Nodes;
using Decisioning.EndToEnd.Tests.Support;

namespace Decisioning.EndToEnd.Tests;

/// <summary>A server with keys: who may do what, with which brand, how often.</summary>
public sealed class KeysTests(KeysTests.KeyedServer keyed) : IClassFixture<KeysTests.KeyedServer>
{
    private const string OwnBrand = "own";
    private const string OtherBrand = "other";
    private static readonly string[] Roles = ["decide", "ingest", "consumer", "watch", "admin"];

    public static TheoryData<string, string, string> Addresses { get; } = new()
    {
        { "POST", "/v1/decisions", "decide" }, { "POST", "/v1/events", "ingest" }, { "GET", "/v1/consumers/c-1", "consumer" },
        { "DELETE", "/v1/consumers/c-none", "admin" }, { "GET", "/v1/brands", "decide ingest consumer watch admin" }, { "GET", "/v1/brands/own", "watch admin" },
        { "PUT", "/v1/brands/own", "admin" }, { "DELETE", "/v1/brands/none", "admin" }, { "GET", "/v1/brands/own/audit", "admin" },
        { "PATCH", "/v1/brands/own/campaigns/one", "admin" }, { "PATCH", "/v1/brands/own/creatives/c0", "admin" }, { "PUT", "/v1/settings", "admin" },
    };

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Each_address_takes_its_roles_and_no_other(string method, string path, string allowed)
    {
        (await SendAsync(keyed.Server.Api, method, path)).ExpectProblem(HttpStatusCode.Unauthorized, "auth.missing_key");
        Answer unknown = (await SendAsync(keyed.Stranger, method, path)).ExpectProblem(HttpStatusCode.Unauthorized, "auth.unknown_key");
        Assert.Equal("Bearer", unknown.Header("WWW-Authenticate"));
        foreach (string role in Roles)
        {
            Answer answer = await SendAsync(keyed.Of(role), method, path);
            if (allowed.Split(' ').Contains(role))
            {
                Assert.DoesNotContain((int)answer.Status, new[] { 401, 403, 500 });
            }
            else
            {
                answer.ExpectProblem(HttpStatusCode.Forbidden, "auth.forbidden");
            }
        }
    }

    [Fact]
    public async Task Health_trackers_and_the_contract_need_no_key()
    {
        foreach (string path in new[] { "/healthz", "/readyz", "/openapi/v1.json", "/" })
        {
            (await keyed.Server.Api.GetAsync(path)).Ok();
        }

        JsonNode answer = (await keyed.Of("decide").PostAsync("/v1/decisions", Bodies.Decide(Bodies.NewId(), OwnBrand))).Ok().Json;
        (await keyed.Server.Api.GetAsync(answer.Text("placements/0/decisions/0/impressionUrl")!)).Ok();
    }

    [Fact]
    public async Task A_key_may_come_as_a_bearer_token()
    {
        using ApiClient bearer = new(keyed.Server.Url, ("Authorization", $"Bearer {keyed.TextOf("watch")}"));
        (await bearer.GetAsync($"/v1/brands/{OwnBrand}")).Ok();
    }

    [Fact]
    public async Task A_key_of_one_brand_sees_and_touches_that_brand_alone()
    {
        ApiClient own = keyed.Of("bound");
        string consumer = Bodies.NewId();
        JsonNode list = (await own.GetAsync("/v1/brands")).Ok().Json;
        Assert.Equal(OwnBrand, Assert.Single(list.List("brands")).Text("id"));
        foreach ((string method, string path) in new[]
        {
            ("GET", $"/v1/brands/{OtherBrand}"), ("PUT", $"/v1/brands/{OtherBrand}"), ("DELETE", $"/v1/brands/{OtherBrand}"), ("GET", $"/v1/brands/{OtherBrand}/audit"),
            ("PATCH", $"/v1/brands/{OtherBrand}/campaigns/one"), ("PUT", "/v1/settings"), ("DELETE", "/v1/consumers/c-none"),
        })
        {
            (await SendAsync(own, method, path)).ExpectProblem(HttpStatusCode.Forbidden, "auth.forbidden");
        }

        (await own.PostAsync("/v1/decisions", Bodies.Decide(consumer, OtherBrand))).ExpectProblem(HttpStatusCode.Forbidden, "auth.forbidden");
        JsonNode decided = (await own.PostAsync("/v1/decisions", Bodies.Decide(consumer, OwnBrand, 20).Without("brands"))).Ok().Json;
        Assert.All(decided.List("placements/0/decisions"), d => Assert.Equal(OwnBrand, d.Text("brand")));

        JsonNode events = (await own.PostAsync("/v1/events", Bodies.Events(Bodies.Event(consumer, OtherBrand, "view"), Bodies.Event(consumer, OwnBrand, "view")))).Ok().Json;
        Assert.Equal(("event.unknown_brand", "accepted"), (events.Text("results/0/code"), events.Text("results/1/status")));
        (await keyed.Of("ingest").PostAsync("/v1/events", Bodies.Events(Bodies.Event(consumer, OtherBrand, "view")))).Ok();
        Assert.Equal([OwnBrand], (await own.GetAsync($"/v1/consumers/{consumer}")).Ok().Json.At("brands").Members());
        Assert.Equal([OtherBrand, OwnBrand], (await keyed.Of("consumer").GetAsync($"/v1/consumers/{consumer}")).Ok().Json.At("brands").Members().Order());
    }

    [Fact]
    public async Task Events_within_a_decision_need_the_role_ingest_too()
    {
        JsonObject request = Bodies.Decide("c-9", OwnBrand).With("events", new JsonArray(Bodies.Event("c-9", OwnBrand, "cart")));
        (await keyed.Of("decide").PostAsync("/v1/decisions", request)).ExpectProblem(HttpStatusCode.Forbidden, "auth.forbidden");
        (await keyed.Of("consumer").GetAsync("/v1/consumers/c-9")).ExpectProblem(HttpStatusCode.NotFound, "consumer.unknown");
        (await keyed.Of("bound").PostAsync("/v1/decisions", request)).Ok();
    }

    [Fact]
    public async Task A_key_beyond_its_rate_is_told_when_to_come_again()
    {
        (await keyed.Of("slow").GetAsync("/v1/brands")).Ok();
        (await keyed.Of("slow").GetAsync("/v1/brands")).Ok();
        Answer limited = (await keyed.Of("slow").GetAsync("/v1/brands")).ExpectProblem(HttpStatusCode.TooManyRequests, "request.rate_limited");
        Assert.InRange(int.Parse(limited.Header("Retry-After")!), 1, 3600);
        (await keyed.Of("watch").GetAsync("/v1/brands")).Ok();
    }

    [Fact]
    public async Task A_key_bound_to_origins_serves_their_pages_alone()
    {
        JsonObject request = Bodies.Decide(Bodies.NewId(), OwnBrand);
        ApiClient page = keyed.Of("page");
        (await page.PostAsync("/v1/decisions", request)).ExpectProblem(HttpStatusCode.Forbidden, "request.origin_not_allowed");
        (await page.PostAsync("/v1/decisions", request, ("Origin", "https://evil.example"))).ExpectProblem(HttpStatusCode.Forbidden, "request.origin_not_allowed");
        Answer answer = (await page.PostAsync("/v1/decisions", request, ("Origin", "https://shop.example"))).Ok();
        Assert.Equal("https://shop.example", answer.Header("Access-Control-Allow-Origin"));
        Answer preflight = await page.SendAsync("OPTIONS", "/v1/decisions", null, ("Origin", "https://shop.example"), ("Access-Control-Request-Method", "POST"));
        Assert.Equal(HttpStatusCode.NoContent, preflight.Status);
        Assert.Contains("X-Api-Key", preflight.Header("Access-Control-Allow-Headers"));
    }

    [Fact]
    public async Task The_audit_names_the_key()
    {
        JsonArray trail = (await keyed.Of("admin").GetAsync($"/v1/brands/{OtherBrand}/audit")).Ok().Json.AsArray();
        Assert.Equal(keyed.IdOf("admin"), trail[0].Text("key"));
    }

    [Fact]
    public void Keys_lie_on_disk_as_hashes_only() =>
        Assert.All([.. Roles, "bound", "slow", "page"], name => Assert.False(DataFolder.Holds(keyed.Server.Folder, keyed.TextOf(name))));

    private static Task<Answer> SendAsync(ApiClient api, string method, string path)
    {
        JsonObject? body = (method, path) switch
        {
            (_, "/v1/decisions") => Bodies.Decide("c-1", OwnBrand),
            (_, "/v1/events") => Bodies.Events(Bodies.Event("c-1", OwnBrand, "view")),
            ("PUT", "/v1/settings") => [],
            ("PUT", _) => Brands.Plain(),
            ("PATCH", _) => new JsonObject { ["status"] = "active" },
            _ => null,
        };
        return body is null ? api.SendAsync(method, path, null) : api.SendJsonAsync(method, path, body);
    }

    /// <summary>A server whose keys were made by its own command.</summary>
    public sealed class KeyedServer : IAsyncLifetime
    {
        private readonly Dictionary<string, (string Id, string Text, ApiClient Client)> _keys = [];
        private TestServer? _server;

        public TestServer Server => _server!;

        internal ApiClient Stranger { get; private set; } = null!;

        internal ApiClient Of(string name) => _keys[name].Client;

        public string TextOf(string name) => _keys[name].Text;

        public string IdOf(string name) => _keys[name].Id;

        public async ValueTask InitializeAsync()
        {
            Dictionary<string, string> configuration = [];
            List<(string Name, string Id, string Text)> made = [];
            foreach (string role in Roles)
            {
                made.Add(await MakeAsync(role, configuration, made.Count, "--roles", role, "--brands", "all"));
            }

            made.Add(await MakeAsync("bound", configuration, made.Count, "--roles", "decide,ingest,consumer,admin", "--brands", OwnBrand));
            made.Add(await MakeAsync("page", configuration, made.Count, "--roles", "decide", "--brands", OwnBrand, "--origins", "https://shop.example"));
            configuration[$"Keys__{made.Count}__RequestsPerSecond"] = "1";
            configuration[$"Keys__{made.Count}__Burst"] = "2";
            made.Add(await MakeAsync("slow", configuration, made.Count, "--roles", "watch", "--brands", "all"));

            _server = await TestServer.StartAsync(configuration, "--no-demo");
            Stranger = new ApiClient(_server.Url, ("X-Api-Key", "dk_nobodys"));
            foreach ((string name, string id, string text) in made)
            {
                _keys[name] = (id, text, new ApiClient(_server.Url, ("X-Api-Key", text)));
            }

            (await Of("admin").PutAsync($"/v1/brands/{OwnBrand}", Brands.Plain())).Ok();
            (await Of("admin").PutAsync($"/v1/brands/{OtherBrand}", Brands.Plain())).Ok();
        }

        public async ValueTask DisposeAsync()
        {
            Stranger.Dispose();
            foreach ((string _, string _, ApiClient client) in _keys.Values)
            {
                client.Dispose();
            }

            await Server.DisposeAsync();
        }

        // "keys new" prints the key once and the entry to configure: both are taken as printed.
        private static async Task<(string Name, string Id, string Text)> MakeAsync(string name, Dictionary<string, string> configuration, int index, params string[] arguments)
        {
            await using ServerRun run = ServerRun.Start(["keys", "new", .. arguments]);
            Assert.Equal(0, await run.EndedAsync());
            string text = run.Output.Split('\n').Select(l => l.Trim()).Single(l => l.StartsWith("dk_", StringComparison.Ordinal));
            JsonNode entry = JsonNode.Parse(run.Output[run.Output.IndexOf('{')..])!;
            foreach ((string member, JsonNode? value) in entry.AsObject())
            {
                configuration[$"Keys__{index}__{member}"] = value is JsonArray list ? string.Join(',', list.Select(v => v!.GetValue<string>())) : value!.GetValue<string>();
            }

            return (name, entry.Text("Id")!, text);
        }
    }
}
