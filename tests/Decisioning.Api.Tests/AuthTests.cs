using Decisioning.Api.Access;
using Decisioning.Api.Tests.Support;

namespace Decisioning.Api.Tests;

public class AuthTests
{
    private static readonly (string Name, string Value) Remote = ("X-Forwarded-For", "203.0.113.9");

    public static TheoryData<string, string, string?, Roles> Matrix { get; } = new()
    {
        { "POST", "/v1/decisions", Bodies.Decide, Roles.Decide },
        { "POST", "/v1/events", """{"events":[]}""", Roles.Ingest },
        { "GET", "/v1/consumers/c-42", null, Roles.Consumer },
        { "DELETE", "/v1/consumers/c-42", null, Roles.Admin },
        { "GET", "/v1/brands", null, Roles.All },
        { "GET", "/v1/brands/aurora", null, Roles.Admin | Roles.Watch },
        { "PUT", "/v1/brands/aurora", "{}", Roles.Admin },
        { "DELETE", "/v1/brands/aurora", null, Roles.Admin },
        { "PATCH", "/v1/brands/aurora/campaigns/spring", """{"status":"paused"}""", Roles.Admin },
        { "PATCH", "/v1/brands/aurora/creatives/vr", """{"status":"active"}""", Roles.Admin },
        { "GET", "/v1/brands/aurora/audit", null, Roles.Admin },
        { "PUT", "/v1/settings", "{}", Roles.Admin },
        { "GET", "/v1/brands/aurora/pulse", null, Roles.Watch },
        { "GET", "/v1/brands/aurora/history?metric=won&from=2026-11-10T00:00:00Z&to=2026-11-11T00:00:00Z", null, Roles.Watch },
        { "GET", "/v1/brands/aurora/recount", null, Roles.Admin },
        { "POST", "/v1/imports", """{"events":[]}""", Roles.Admin },
        { "POST", "/v1/watch-tickets", "{}", Roles.Watch },
        { "POST", "/v1/sandbox/decisions", Bodies.Decide, Roles.Admin },
        { "POST", "/v1/sandbox/events", """{"events":[]}""", Roles.Admin },
        { "GET", "/v1/sandbox/consumers/c-42", null, Roles.Admin },
        { "DELETE", "/v1/sandbox/consumers/c-42", null, Roles.Admin },
        { "GET", "/v1/sandbox/clock", null, Roles.Admin },
        { "POST", "/v1/sandbox/clock", """{"advance":"1d"}""", Roles.Admin },
    };

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Each_address_asks_for_its_roles_and_no_others(string method, string path, string? body, Roles roles)
    {
        Roles[] all = [Roles.Decide, Roles.Ingest, Roles.Consumer, Roles.Watch, Roles.Admin];
        await using TestApi api = await TestApi.StartAsync([.. all.Select(r => TestApi.Key($"key-{r}", r))]);
        TestAnswer none = await api.SendAsync(method, path, body, Remote);
        Assert.Equal(401, (int)none.Status);
        Assert.Equal("auth.missing_key", none.Code);
        Assert.Equal("Bearer", none.Headers["WWW-Authenticate"]);
        Assert.Equal("auth.unknown_key", (await api.SendAsync(method, path, body, Remote, ("X-Api-Key", "nonsense"))).Code);

        foreach (Roles role in all)
        {
            foreach ((string, string) header in new[] { ("X-Api-Key", $"key-{role}"), ("Authorization", $"Bearer key-{role}") })
            {
                TestAnswer answer = await api.SendAsync(method, path, body, Remote, header);
                if ((roles & role) == 0)
                {
                    Assert.Equal(403, (int)answer.Status);
                    Assert.Equal("auth.forbidden", answer.Code);
                }
                else
                {
                    Assert.NotInRange((int)answer.Status, 401, 403);
                }
            }
        }
    }

    [Fact]
    public async Task The_matrix_covers_every_address_that_asks_for_a_key()
    {
        await using TestApi api = await TestApi.StartAsync([TestApi.Key("k", Roles.All)]);
        List<string> open = [];
        foreach ((string method, string pattern) in OpenApiDocumentTests.Mapped(api))
        {
            string path = pattern.Replace("{brand}", "aurora").Replace("{id}", "c-42").Replace("{token}", "TOKEN");
            TestAnswer answer = await api.SendAsync(method, path, method is "GET" or "DELETE" ? null : "{}", Remote);
            if ((int)answer.Status != 401)
            {
                open.Add(pattern);
            }
        }

        Assert.Equal(
            ["/healthz", "/openapi/v1.json", "/readyz", "/t/c/{token}", "/t/e/{token}", "/t/e/{token}", "/t/i/{token}", "/t/v/{token}"],
            open.Order(StringComparer.Ordinal));
        Assert.Equal(Matrix.Count, OpenApiDocumentTests.Mapped(api).Count() - open.Count);
    }

    [Theory]
    [InlineData("Basic k")]
    [InlineData("k")]
    [InlineData("Bearer")]
    [InlineData("Bearer  ")]
    public async Task Authorization_of_another_form_is_an_unknown_key(string value)
    {
        await using TestApi api = await TestApi.StartAsync([TestApi.Key("k", Roles.All)]);
        Assert.Equal("auth.unknown_key", (await api.GetAsync("/v1/brands", ("Authorization", value))).Code);
    }

    [Theory]
    [InlineData("GET", "/v1/brands/aurora", null)]
    [InlineData("PUT", "/v1/brands/aurora", "{}")]
    [InlineData("DELETE", "/v1/brands/aurora", null)]
    [InlineData("GET", "/v1/brands/aurora/audit", null)]
    [InlineData("PATCH", "/v1/brands/aurora/campaigns/spring", "{\"status\":\"paused\"}")]
    [InlineData("PUT", "/v1/settings", "{}")]
    [InlineData("GET", "/v1/brands/aurora/pulse", null)]
    [InlineData("GET", "/v1/brands/aurora/history", null)]
    [InlineData("GET", "/v1/brands/aurora/recount", null)]
    [InlineData("POST", "/v1/watch-tickets", "{\"brands\":[\"borealis\",\"aurora\"]}")]
    [InlineData("DELETE", "/v1/consumers/c-42", null)]
    public async Task A_key_for_other_brands_is_refused(string method, string path, string? body)
    {
        await using TestApi api = await TestApi.StartAsync([TestApi.Key("k", Roles.All, ["borealis"])]);
        TestAnswer answer = await api.SendAsync(method, path, body, ("X-Api-Key", "k"));
        Assert.Equal("auth.forbidden", answer.Code);
        Assert.True(api.Host.IsUntouched);
    }

    [Fact]
    public async Task A_key_decides_for_its_own_brands_only()
    {
        await using TestApi api = await TestApi.StartAsync([TestApi.Key("k", Roles.Decide, ["borealis"])]);
        await api.PostAsync("/v1/decisions", Bodies.Decide, ("X-Api-Key", "k"));
        Assert.Equal(["borealis"], Assert.Single(api.Host.Decided).Brands.Select(b => b.Id));

        foreach (string named in new[] { "aurora", "nobody" })
        {
            TestAnswer answer = await api.PostAsync("/v1/decisions", Bodies.Decide.Insert(1, $"\"brands\":[\"borealis\",\"{named}\"],"), ("X-Api-Key", "k"));
            Assert.Equal(403, (int)answer.Status);
            Assert.Equal("auth.forbidden", answer.Code);
        }

        Assert.Single(api.Host.Decided);
    }

    [Fact]
    public async Task Events_inside_a_decision_need_the_role_ingest_too()
    {
        await using TestApi api = await TestApi.StartAsync([TestApi.Key("decide", Roles.Decide), TestApi.Key("both", Roles.Decide | Roles.Ingest)]);
        string body = Bodies.Decide.Insert(1, $"\"events\":[{Bodies.Event}],");
        Assert.Equal("auth.forbidden", (await api.PostAsync("/v1/decisions", body, ("X-Api-Key", "decide"))).Code);
        Assert.True(api.Host.IsUntouched);
        Assert.Equal(200, (int)(await api.PostAsync("/v1/decisions", body, ("X-Api-Key", "both"))).Status);
    }

    [Fact]
    public async Task A_used_up_rate_is_429_until_it_has_room_again_and_is_each_keys_own()
    {
        TestClock clock = new();
        await using TestApi api = await TestApi.StartAsync(
            [TestApi.Key("slow", Roles.Decide, rate: new RateBucket(0.5, 2, clock)), TestApi.Key("other", Roles.Decide, rate: new RateBucket(0.5, 2, clock))]);
        async Task<int> Ask(string key) => (int)(await api.PostAsync("/v1/decisions", Bodies.Decide, ("X-Api-Key", key))).Status;
        Assert.Equal(200, await Ask("slow"));
        Assert.Equal(200, await Ask("slow"));
        TestAnswer refused = await api.PostAsync("/v1/decisions", Bodies.Decide, ("X-Api-Key", "slow"));
        Assert.Equal(429, (int)refused.Status);
        Assert.Equal("request.rate_limited", refused.Code);
        Assert.Equal("2", refused.Headers["Retry-After"]);
        Assert.Equal(2, api.Host.Decided.Count);
        Assert.Equal(200, await Ask("other"));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(200, await Ask("slow"));
        Assert.Equal(429, await Ask("slow"));
    }

    [Fact]
    public async Task A_key_bound_to_origins_serves_their_pages_alone()
    {
        await using TestApi api = await TestApi.StartAsync(
            [TestApi.Key("page", Roles.Decide, origins: ["https://shop.example"]), TestApi.Key("server", Roles.Decide)], ["https://other.example"]);
        TestAnswer answer = await api.PostAsync("/v1/decisions", Bodies.Decide, ("X-Api-Key", "page"), ("Origin", "https://shop.example"));
        Assert.Equal(200, (int)answer.Status);
        Assert.Equal("https://shop.example", answer.Headers["Access-Control-Allow-Origin"]);
        Assert.Equal("Origin", answer.Headers["Vary"]);

        Assert.Equal("request.origin_not_allowed", (await api.PostAsync("/v1/decisions", Bodies.Decide, ("X-Api-Key", "page"))).Code);
        Assert.Equal(
            "request.origin_not_allowed",
                (await api.PostAsync("/v1/decisions", Bodies.Decide, ("X-Api-Key", "page"), ("Origin", "https://other.example"))).Code);
        Assert.Equal(200, (int)(await api.PostAsync("/v1/decisions", Bodies.Decide, ("X-Api-Key", "server"), ("Origin", "https://other.example"))).Status);
    }

    [Fact]
    public async Task The_sandbox_is_open_to_the_machine_itself_but_not_to_a_proxy_on_it()
    {
        await using TestApi api = await TestApi.StartAsync([TestApi.Key("k", Roles.Admin)]);
        Assert.Equal(200, (int)(await api.GetAsync("/v1/sandbox/clock")).Status);
        Assert.Equal("auth.missing_key", (await api.GetAsync("/v1/sandbox/clock", Remote)).Code);
        Assert.Equal("auth.missing_key", (await api.GetAsync("/v1/sandbox/clock", ("Forwarded", "for=203.0.113.9"))).Code);
        Assert.Equal(200, (int)(await api.GetAsync("/v1/sandbox/clock", Remote, ("X-Api-Key", "k"))).Status);
    }
}
