using Decisioning.Api.Access;
using Decisioning.Api.Tests.Support;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Hosting;

namespace Decisioning.Api.Tests;

public class CatalogueEndpointTests
{
    [Fact]
    public async Task Brands_are_listed_as_far_as_the_key_goes()
    {
        await using TestApi api = await TestApi.StartAsync([TestApi.Key("all", Roles.Decide), TestApi.Key("one", Roles.Watch, ["borealis"])]);
        Assert.Equal(
            """{"brands":[{"id":"aurora","name":"AURORA","version":"aurora-v1"},{"id":"borealis","name":"BOREALIS","version":"borealis-v1"}]}""",
            (await api.GetAsync("/v1/brands", ("X-Api-Key", "all"))).Text);
        Assert.Equal(
            """{"brands":[{"id":"borealis","name":"BOREALIS","version":"borealis-v1"}]}""", (await api.GetAsync("/v1/brands", ("X-Api-Key", "one"))).Text);
    }

    [Fact]
    public async Task A_document_is_given_back_as_it_was_put_with_its_version()
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Host.Document = """{ "name":  "Aurora" }""";
        TestAnswer answer = await api.GetAsync("/v1/brands/aurora");
        Assert.Equal((api.Host.Document, "\"aurora-v1\""), (answer.Text, answer.Headers["ETag"]));
        Assert.Equal("catalogue.unknown_brand", (await api.GetAsync("/v1/brands/nobody")).Code);
        api.Host.Document = null;
        Assert.Equal("catalogue.unknown_brand", (await api.GetAsync("/v1/brands/aurora")).Code);
    }

    [Fact]
    public async Task A_document_goes_to_the_host_as_sent_and_its_version_comes_back()
    {
        await using TestApi api = await TestApi.StartAsync([TestApi.Key("k", Roles.Admin)]);
        api.Host.Change = new CatalogueChange(CatalogueOutcome.Done, "v9", [], [new Fault("/campaigns/a", "not_applied", "Paces as even.")]);
        TestAnswer answer = await api.SendAsync("PUT", "/v1/brands/newcomer", "{ \"a\": 1 }", ("X-Api-Key", "k"));
        Assert.Equal((200, "\"v9\""), ((int)answer.Status, answer.Headers["ETag"]));
        Assert.Equal("""{"version":"v9","warnings":[{"pointer":"/campaigns/a","code":"not_applied","detail":"Paces as even."}]}""", answer.Text);
        Assert.Equal(["put newcomer { \"a\": 1 } if any by id-k"], api.Host.Changes);
    }

    [Fact]
    public async Task A_document_larger_than_a_request_is_taken()
    {
        await using TestApi api = await TestApi.StartAsync();
        Assert.Equal(200, (int)(await api.SendAsync("PUT", "/v1/brands/aurora", "{}".PadRight(2 << 20))).Status);
        Assert.Equal("request.too_large", (await api.SendAsync("PUT", "/v1/brands/aurora", "{}".PadRight((8 << 20) + 1))).Code);
    }

    [Fact]
    public async Task An_invalid_document_is_422_with_every_fault()
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Host.Change = new CatalogueChange(CatalogueOutcome.Invalid, null, [new Fault("/a", "unknown_member", "x"), new Fault("/b", "missing", "y")], []);
        TestAnswer answer = await api.SendAsync("PUT", "/v1/brands/aurora", "{}");
        Assert.Equal((422, "catalogue.invalid"), ((int)answer.Status, answer.Code));
        Assert.Equal(["/a unknown_member", "/b missing"], answer.Faults);
    }

    [Theory]
    [InlineData("PUT", "\"aurora-v1\"", 200, "aurora-v1")]
    [InlineData("PUT", "\"other\", \"aurora-v1\"", 200, "aurora-v1")]
    [InlineData("PUT", "*", 200, "aurora-v1")]
    [InlineData("PUT", "\"other\"", 412, null)]
    [InlineData("PUT", "W/\"aurora-v1\"", 412, null)]
    [InlineData("PUT", "aurora-v1", 400, null)]
    [InlineData("DELETE", "\"aurora-v1\"", 204, "aurora-v1")]
    [InlineData("DELETE", "\"other\"", 412, null)]
    [InlineData("DELETE", "nonsense", 400, null)]
    public async Task If_Match_must_name_the_version_that_stands(string method, string ifMatch, int status, string? version)
    {
        await using TestApi api = await TestApi.StartAsync();
        TestAnswer answer = await api.SendAsync(method, "/v1/brands/aurora", method == "PUT" ? "{}" : null, ("If-Match", ifMatch));
        Assert.Equal(status, (int)answer.Status);
        Assert.Equal(version is null ? 0 : 1, api.Host.Changes.Count);
        Assert.All(api.Host.Changes, c => Assert.Contains($"if {version} by local", c, StringComparison.Ordinal));
        if (status == 412)
        {
            Assert.Equal("catalogue.version_conflict", answer.Code);
            Assert.Equal("aurora-v1", answer.Json.GetProperty("currentVersion").GetString());
        }
    }

    [Fact]
    public async Task A_version_that_changes_under_way_is_a_conflict_too()
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Host.Change = new CatalogueChange(CatalogueOutcome.VersionConflict, "v3", [], []);
        foreach ((string method, string? body) in new[] { ("PUT", "{}"), ("DELETE", null) })
        {
            TestAnswer answer = await api.SendAsync(method, "/v1/brands/aurora", body, ("If-Match", "\"aurora-v1\""));
            Assert.Equal((412, "catalogue.version_conflict"), ((int)answer.Status, answer.Code));
            Assert.Equal("v3", answer.Json.GetProperty("currentVersion").GetString());
        }
    }

    [Fact]
    public async Task A_brand_is_deleted_once()
    {
        await using TestApi api = await TestApi.StartAsync();
        Assert.Equal(204, (int)(await api.SendAsync("DELETE", "/v1/brands/aurora", null)).Status);
        Assert.Equal(["delete aurora if any by local"], api.Host.Changes);
        Assert.Equal("catalogue.unknown_brand", (await api.SendAsync("DELETE", "/v1/brands/nobody", null)).Code);
    }

    [Theory]
    [InlineData("campaigns", SymbolKind.Campaign, "catalogue.unknown_campaign")]
    [InlineData("creatives", SymbolKind.Creative, "catalogue.unknown_creative")]
    public async Task A_status_is_set(string kind, SymbolKind symbol, string unknown)
    {
        await using TestApi api = await TestApi.StartAsync();
        Assert.Equal("""{"version":"v2"}""", (await api.SendAsync("PATCH", $"/v1/brands/aurora/{kind}/x", """{"status":"paused"}""")).Text);
        await api.SendAsync("PATCH", $"/v1/brands/aurora/{kind}/x", """{"status":"active"}""");
        Assert.Equal([$"status aurora {symbol} x paused by local", $"status aurora {symbol} x active by local"], api.Host.Changes);
        Assert.Equal("catalogue.unknown_brand", (await api.SendAsync("PATCH", $"/v1/brands/nobody/{kind}/x", """{"status":"active"}""")).Code);
        api.Host.Change = new CatalogueChange(CatalogueOutcome.NotFound, null, [], []);
        Assert.Equal(unknown, (await api.SendAsync("PATCH", $"/v1/brands/aurora/{kind}/x", """{"status":"active"}""")).Code);
    }

    [Theory]
    [InlineData("{}", "/status missing")]
    [InlineData("[]", " wrong_type")]
    [InlineData("""{"status":"gone"}""", "/status unknown_value")]
    [InlineData("""{"status":true}""", "/status wrong_type")]
    [InlineData("""{"status":"paused","status":"active"}""", "/status duplicate_member")]
    public async Task Another_status_is_refused(string body, string fault)
    {
        await using TestApi api = await TestApi.StartAsync();
        TestAnswer answer = await api.SendAsync("PATCH", "/v1/brands/aurora/campaigns/spring", body);
        Assert.Equal([fault], answer.Faults);
        Assert.Empty(api.Host.Changes);
    }

    [Fact]
    public async Task Settings_are_put()
    {
        await using TestApi api = await TestApi.StartAsync();
        Assert.Equal("""{"version":"v2"}""", (await api.SendAsync("PUT", "/v1/settings", """{"caps":[]}""")).Text);
        Assert.Equal(["""settings {"caps":[]} by local"""], api.Host.Changes);
        api.Host.Change = new CatalogueChange(CatalogueOutcome.Invalid, null, [new Fault("/caps/0/max", "out_of_range", "x")], []);
        Assert.Equal(["/caps/0/max out_of_range"], (await api.SendAsync("PUT", "/v1/settings", "{}")).Faults);
    }

    [Fact]
    public async Task The_trail_is_written_and_outlives_its_brand()
    {
        await using TestApi api = await TestApi.StartAsync();
        Assert.Equal("[]", (await api.GetAsync("/v1/brands/aurora/audit")).Text);
        Assert.Equal("catalogue.unknown_brand", (await api.GetAsync("/v1/brands/gone/audit")).Code);
        api.Host.Audit.Add(new AuditEntry(ScriptedHost.Start, "local", "delete", "", "v1", null));
        Assert.Equal(
            """[{"at":"2026-11-10T20:15:00.000Z","key":"local","action":"delete","path":"","before":"v1","after":null}]""",
            (await api.GetAsync("/v1/brands/gone/audit")).Text);
    }
}
