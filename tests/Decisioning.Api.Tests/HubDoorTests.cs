using System.Net.WebSockets;
using System.Text.Json;
using Decisioning.Api.Access;
using Decisioning.Api.Tests.Support;
using Decisioning.Api.Watch;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Decisioning.Api.Tests;

public class HubDoorTests
{
    private static readonly (string Name, string Value) Key = ("X-Api-Key", "k");

    [Fact]
    public async Task A_ticket_opens_the_hub_once_with_the_rights_of_its_key()
    {
        await using TestApi api = await TestApi.StartAsync([TestApi.Key("k", Roles.Watch, ["aurora"])]);
        TestAnswer answer = await api.PostAsync("/v1/watch-tickets", "{}", Key);
        Assert.Equal("2026-11-10T20:15:30.000Z", answer.Json.GetProperty("expiresAt").GetString());
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        string ticket = answer.Json.GetProperty("ticket").GetString()!;

        await using HubClient client = await HubClient.ConnectAsync(api.Address, ticket);
        Assert.Null(await client.CallAsync("WatchBrand", "aurora"));
        Assert.Contains("auth.forbidden", await client.CallAsync("WatchBrand", "borealis"), StringComparison.Ordinal);
        Assert.Contains("auth.forbidden", await client.CallAsync("WatchConsumer", "c-42"), StringComparison.Ordinal);
        await RefusedAsync(api, ticket);
    }

    [Fact]
    public async Task A_ticket_asked_for_without_a_body_is_for_all_that_the_key_may_watch()
    {
        await using TestApi api = await TestApi.StartAsync([TestApi.Key("k", Roles.Watch)]);
        TestAnswer answer = await api.SendAsync("POST", "/v1/watch-tickets", null, Key);
        await using HubClient client = await HubClient.ConnectAsync(api.Address, answer.Json.GetProperty("ticket").GetString()!);
        Assert.Null(await client.CallAsync("WatchBrand", "aurora"));
        Assert.Null(await client.CallAsync("WatchBrand", "borealis"));
    }

    [Fact]
    public async Task A_ticket_that_was_shown_to_negotiate_still_opens_the_hub_once()
    {
        await using TestApi api = await TestApi.StartAsync([TestApi.Key("k", Roles.Watch)]);
        string ticket = await TicketAsync(api, "{}");
        TestAnswer negotiated = await api.PostAsync("/hubs/pulse/negotiate?negotiateVersion=1", "", ("Authorization", "Bearer " + ticket));
        Assert.Equal(200, (int)negotiated.Status);
        await using (HubClient client = await HubClient.ConnectAsync(api.Address, ticket))
        {
            Assert.Null(await client.CallAsync("WatchBrand", "aurora"));
        }

        await RefusedAsync(api, ticket);
        Assert.Equal("auth.unknown_ticket", (await api.PostAsync("/hubs/pulse/negotiate?negotiateVersion=1", "", ("Authorization", "Bearer " + ticket))).Code);
    }

    [Fact]
    public async Task A_narrowed_ticket_opens_its_brands_alone()
    {
        await using TestApi api = await TestApi.StartAsync([TestApi.Key("k", Roles.Watch)]);
        await using HubClient client = await HubClient.ConnectAsync(api.Address, await TicketAsync(api, """{"brands":["borealis"]}"""));
        Assert.Null(await client.CallAsync("WatchBrand", "borealis"));
        Assert.Contains("auth.forbidden", await client.CallAsync("WatchBrand", "aurora"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ticket_is_good_for_thirty_seconds()
    {
        await using TestApi api = await TestApi.StartAsync([TestApi.Key("k", Roles.Watch)]);
        string first = await TicketAsync(api);
        string second = await TicketAsync(api);
        api.Clock.Advance(WatchBounds.TicketLife - TimeSpan.FromMilliseconds(1));
        await using HubClient client = await HubClient.ConnectAsync(api.Address, first);
        api.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await RefusedAsync(api, second);
    }

    [Theory]
    [InlineData("")]
    [InlineData("wt_nonsense")]
    [InlineData("k")]
    public async Task What_is_no_ticket_opens_nothing_not_even_where_there_are_no_keys(string text)
    {
        await using TestApi open = await TestApi.StartAsync();
        await RefusedAsync(open, text);
        await using TestApi keyed = await TestApi.StartAsync([TestApi.Key("k", Roles.All)]);
        await RefusedAsync(keyed, text);
        await RefusedAsync(keyed, new string('x', 3000));
    }

    [Fact]
    public async Task Without_a_ticket_the_key_is_asked_for_as_everywhere()
    {
        await using TestApi api = await TestApi.StartAsync([TestApi.Key("k", Roles.Watch), TestApi.Key("d", Roles.Decide | Roles.Ingest | Roles.Admin)]);
        Assert.Equal("auth.missing_key", (await api.GetAsync("/hubs/pulse")).Code);
        Assert.Equal("auth.unknown_key", (await api.GetAsync("/hubs/pulse", ("X-Api-Key", "nonsense"))).Code);
        Assert.Equal("auth.forbidden", (await api.GetAsync("/hubs/pulse", ("X-Api-Key", "d"))).Code);
        Assert.Equal("auth.missing_key", (await api.PostAsync("/hubs/pulse/negotiate?negotiateVersion=1", "")).Code);
        foreach ((string, string) header in new[] { Key, ("Authorization", "Bearer k") })
        {
            await using HubClient client = await HubClient.ConnectAsync(api.Address, null, true, header);
            Assert.Null(await client.CallAsync("WatchBrand", "aurora"));
        }

        await using HubClient bearer = await HubClient.ConnectAsync(api.Address, null, true, ("Authorization", $"Bearer {await TicketAsync(api)}"));
        Assert.Null(await bearer.CallAsync("WatchBrand", "aurora"));
    }

    [Fact]
    public async Task Watching_takes_from_the_keys_rate()
    {
        await using TestApi api = await TestApi.StartAsync([TestApi.Key("k", Roles.Watch, rate: new RateBucket(1, 3, new TestClock()))]);
        await using HubClient client = await HubClient.ConnectAsync(api.Address, null, true, Key);
        Assert.Null(await client.CallAsync("WatchBrand", "aurora"));
        Assert.Null(await client.CallAsync("WatchBrand", "aurora"));
        Assert.Contains("request.rate_limited", await client.CallAsync("WatchBrand", "aurora"), StringComparison.Ordinal);
        Assert.Equal(429, (int)(await api.GetAsync("/hubs/pulse", Key)).Status);
    }

    [Fact]
    public async Task Pages_of_other_origins_and_other_hosts_are_refused()
    {
        await using TestApi api = await TestApi.StartAsync([TestApi.Key("k", Roles.Watch, origins: ["https://shop.example"])], ["https://other.example"]);
        string ticket = await TicketAsync(api, "{}", ("Origin", "https://shop.example"));
        Assert.Equal("request.origin_not_allowed", (await api.GetAsync($"/hubs/pulse?access_token={ticket}", ("Origin", "https://evil.example"))).Code);
        Assert.Equal("request.host_not_allowed", (await api.GetAsync($"/hubs/pulse?access_token={ticket}", ("Host", "evil.example"))).Code);
        Assert.Equal("request.origin_not_allowed", (await api.GetAsync($"/hubs/pulse?access_token={ticket}", ("Origin", "https://other.example"))).Code);
        string again = await TicketAsync(api, "{}", ("Origin", "https://shop.example"));
        await using HubClient client = await HubClient.ConnectAsync(api.Address, again, true, ("Origin", "https://shop.example"));
        Assert.Null(await client.CallAsync("WatchBrand", "aurora"));
    }

    [Theory]
    [InlineData("[]", " wrong_type")]
    [InlineData("""{"brands":"aurora"}""", "/brands wrong_type")]
    [InlineData("""{"brands":[]}""", "/brands empty")]
    [InlineData("""{"brands":["nobody","aurora","aurora",7]}""", "/brands/0 unknown_brand", "/brands/2 duplicate_value", "/brands/3 wrong_type")]
    public async Task A_ticket_for_what_cannot_be_names_every_fault(string body, params string[] faults)
    {
        await using TestApi api = await TestApi.StartAsync();
        Assert.Equal(faults, (await api.PostAsync("/v1/watch-tickets", body)).Faults);
    }

    [Fact]
    public async Task No_ticket_is_ever_logged()
    {
        await using TestApi api = await TestApi.StartAsync([TestApi.Key("k", Roles.Watch)]);
        string ticket = await TicketAsync(api);
        await using (HubClient client = await HubClient.ConnectAsync(api.Address, ticket))
        {
            await client.CallAsync("WatchBrand", "aurora");
            await client.CallAsync("Explode");
            await client.SendRawAsync("nonsense\x1e");
            await client.Ended;
        }

        await RefusedAsync(api, ticket);
        await api.StopAsync();
        Assert.Contains(api.Log.Lines, line => line.Contains("/hubs/pulse", StringComparison.Ordinal));
        Assert.DoesNotContain(api.Log.Lines, line => line.Contains(ticket["wt_".Length..], StringComparison.Ordinal));
    }

    [Fact]
    public async Task So_many_connections_are_let_in_and_no_more_until_one_leaves()
    {
        HubDoor door = new(new Gate(KeyRing.Empty), new WatchTickets(new TestClock()));
        TaskCompletionSource first = new();
        TaskCompletionSource others = new();
        Task inside = door.EnterAsync(Opening(), _ => first.Task);
        Task[] more = [.. Enumerable.Range(1, WatchBounds.Connections - 1).Select(_ => door.EnterAsync(Opening(), _ => others.Task))];
        HttpContext refused = Opening();
        await door.EnterAsync(refused, _ => throw new InvalidOperationException("Let in."));
        Assert.Equal(503, refused.Response.StatusCode);
        Assert.Equal("5", refused.Response.Headers.RetryAfter);

        first.SetResult();
        await inside;
        bool entered = false;
        await door.EnterAsync(Opening(), _ =>
        {
            entered = true;
            return Task.CompletedTask;
        });
        Assert.True(entered);
        others.SetResult();
        await Task.WhenAll(more);
    }

    [Theory]
    [InlineData("GET", "/hubs/pulse")]
    [InlineData("GET", "/hubs/pulse?id=abc")]
    [InlineData("POST", "/hubs/pulse")]
    [InlineData("DELETE", "/hubs/pulse")]
    [InlineData("GET", "/hubs/pulse/negotiate")]
    public async Task What_opens_no_connection_is_a_problem_and_uses_up_no_ticket(string method, string path)
    {
        await using TestApi api = await TestApi.StartAsync([TestApi.Key("k", Roles.Watch)]);
        string ticket = await TicketAsync(api);
        TestAnswer answer = await api.SendAsync(method, path, null, ("Authorization", "Bearer " + ticket));
        Assert.Equal((400, "request.unsupported", "application/problem+json"), ((int)answer.Status, answer.Code, answer.Headers["Content-Type"]));
        Assert.Equal("auth.missing_key", (await api.SendAsync(method, path, null)).Code);
        await using HubClient client = await HubClient.ConnectAsync(api.Address, ticket);
        Assert.Null(await client.CallAsync("WatchBrand", "aurora"));
    }

    [Fact]
    public void So_many_tickets_are_about_and_no_more_until_they_expire()
    {
        TestClock clock = new();
        WatchTickets tickets = new(clock);
        for (int n = 0; n < WatchBounds.Tickets; n++)
        {
            Assert.True(tickets.TryIssue(ApiKey.Local, out _));
        }

        Assert.False(tickets.TryIssue(ApiKey.Local, out _));
        clock.Advance(WatchBounds.TicketLife);
        Assert.True(tickets.TryIssue(ApiKey.Local, out WatchTicket? ticket));
        Assert.Same(ApiKey.Local, tickets.Take(ticket.Text));
        Assert.Null(tickets.Take(ticket.Text));
    }

    private static async Task<string> TicketAsync(TestApi api, string body = "{}", params (string Name, string Value)[] more) =>
        (await api.PostAsync("/v1/watch-tickets", body, [Key, .. more])).Json.GetProperty("ticket").GetString()!;

    /// <summary>A request that asks for a WebSocket.</summary>
    private static HttpContext Opening()
    {
        DefaultHttpContext context = new();
        context.Features.Set<IHttpUpgradeFeature>(new Upgradable());
        context.Request.Headers.Upgrade = "websocket";
        return context;
    }

    private sealed class Upgradable : IHttpUpgradeFeature
    {
        public bool IsUpgradableRequest => true;

        public Task<Stream> UpgradeAsync() => throw new NotSupportedException("No connection is behind it.");
    }

    private static async Task RefusedAsync(TestApi api, string ticket)
    {
        TestAnswer answer = await api.GetAsync($"/hubs/pulse?access_token={ticket}");
        Assert.Equal((401, "auth.unknown_ticket"), ((int)answer.Status, answer.Code));
        await Assert.ThrowsAsync<WebSocketException>(() => HubClient.ConnectAsync(api.Address, ticket));
    }
}
