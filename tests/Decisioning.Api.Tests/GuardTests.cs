using System.Net.Sockets;
using System.Text;
using Decisioning.Api.Access;
using Decisioning.Api.Tests.Support;
using Decisioning.Core.Hosting;

namespace Decisioning.Api.Tests;

public class GuardTests
{
    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example:80")]
    [InlineData("169.254.169.254")]
    public async Task A_host_that_is_not_listed_is_not_answered_to(string host)
    {
        await using TestApi api = await TestApi.StartAsync();
        foreach (string path in new[] { "/v1/brands", "/healthz", "/t/i/x", "/nothing" })
        {
            TestAnswer answer = await api.GetAsync(path, ("Host", host));
            Assert.Equal((400, "request.host_not_allowed"), ((int)answer.Status, answer.Code));
        }
    }

    [Fact]
    public async Task A_page_of_another_origin_is_refused_with_or_without_keys()
    {
        await using TestApi open = await TestApi.StartAsync();
        await using TestApi keyed = await TestApi.StartAsync([TestApi.Key("k", Roles.All)]);
        foreach (TestApi api in new[] { open, keyed })
        {
            foreach (string origin in new[] { "https://evil.example", "null", $"https://{api.Address.Authority}" })
            {
                TestAnswer answer = await api.PostAsync("/v1/decisions", Bodies.Decide, ("Origin", origin), ("X-Api-Key", "k"));
                Assert.Equal((403, "request.origin_not_allowed"), ((int)answer.Status, answer.Code));
                Assert.False(answer.Headers.ContainsKey("Access-Control-Allow-Origin"));
            }

            Assert.True(api.Host.IsUntouched);
        }
    }

    [Fact]
    public async Task The_servers_own_page_and_listed_origins_may_call()
    {
        await using TestApi api = await TestApi.StartAsync(origins: ["https://shop.example"]);
        TestAnswer own = await api.PostAsync("/v1/decisions", Bodies.Decide, ("Origin", $"http://{api.Address.Authority}"));
        Assert.Equal(200, (int)own.Status);
        Assert.False(own.Headers.ContainsKey("Access-Control-Allow-Origin"));
        TestAnswer listed = await api.PostAsync("/v1/decisions", Bodies.Decide, ("Origin", "https://shop.example"));
        Assert.Equal("https://shop.example", listed.Headers["Access-Control-Allow-Origin"]);
    }

    [Fact]
    public async Task A_preflight_is_answered_for_allowed_origins_only()
    {
        await using TestApi api = await TestApi.StartAsync([TestApi.Key("k", Roles.Decide, origins: ["https://shop.example"])]);
        using HttpClient client = new() { BaseAddress = api.Address };
        async Task<HttpResponseMessage> Preflight(string origin)
        {
            using HttpRequestMessage request = new(HttpMethod.Options, "/v1/decisions");
            request.Headers.Add("Origin", origin);
            request.Headers.Add("Access-Control-Request-Method", "POST");
            return await client.SendAsync(request);
        }

        using HttpResponseMessage allowed = await Preflight("https://shop.example");
        Assert.Equal(204, (int)allowed.StatusCode);
        Assert.Equal("https://shop.example", allowed.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("X-Api-Key", allowed.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.Ordinal);
        using HttpResponseMessage refused = await Preflight("https://evil.example");
        Assert.Equal(403, (int)refused.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/nothing", 404, "request.not_found")]
    [InlineData("GET", "/v1", 404, "request.not_found")]
    [InlineData("GET", "/t/x/TOKEN", 404, "request.not_found")]
    [InlineData("GET", "/v1/decisions", 405, "request.method_not_allowed")]
    [InlineData("DELETE", "/v1/brands", 405, "request.method_not_allowed")]
    [InlineData("POST", "/t/c/TOKEN", 405, "request.method_not_allowed")]
    [InlineData("GET", "/v1/settings", 405, "request.method_not_allowed")]
    public async Task What_is_not_there_is_a_problem_too(string method, string path, int status, string code)
    {
        await using TestApi api = await TestApi.StartAsync();
        TestAnswer answer = await api.SendAsync(method, path, null);
        Assert.Equal((status, code), ((int)answer.Status, answer.Code));
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
    }

    [Fact]
    public async Task Health_is_told_without_a_key()
    {
        await using TestApi api = await TestApi.StartAsync([TestApi.Key("k", Roles.All)]);
        Assert.Equal("""{"status":"ok"}""", (await api.GetAsync("/healthz")).Text);
        Assert.Equal("""{"status":"ready"}""", (await api.GetAsync("/readyz")).Text);
        api.Host.Health = new HostHealth(false, "Recovering.");
        Assert.Equal(200, (int)(await api.GetAsync("/healthz")).Status);
        TestAnswer answer = await api.GetAsync("/readyz");
        Assert.Equal((503, "host.unavailable", "1"), ((int)answer.Status, answer.Code, answer.Headers["Retry-After"]));
        Assert.Equal("Recovering.", answer.Json.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_caller_that_leaves_in_the_middle_of_a_body_does_no_harm()
    {
        await using TestApi api = await TestApi.StartAsync();
        using (TcpClient client = new(api.Address.Host, api.Address.Port))
        {
            byte[] half = Encoding.ASCII.GetBytes(
                $"POST /v1/decisions HTTP/1.1\r\nHost: {api.Address.Authority}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{{\"consumer\":");
            await client.GetStream().WriteAsync(half, TestContext.Current.CancellationToken);
        }

        Assert.Equal(200, (int)(await api.PostAsync("/v1/decisions", Bodies.Decide)).Status);
        Assert.Single(api.Host.Decided);
    }
}
