using System.Net;
using System.Text.Json.Nodes;
using Decisioning.EndToEnd.Tests.Support;

namespace Decisioning.EndToEnd.Tests;

/// <summary>The catalogue's addresses: documents, versions, status, audit, settings.</summary>
public sealed class CatalogueTests(SharedServer shared)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private readonly ApiClient _api = shared.Api;

    [Fact]
    public async Task A_document_is_put_read_listed_replaced_and_deleted()
    {
        string brand = Brands.NewId();
        string path = $"/v1/brands/{brand}";
        (await _api.GetAsync(path)).ExpectProblem(HttpStatusCode.NotFound, "catalogue.unknown_brand");
        Answer put = (await _api.PutAsync(path, Brands.Aurora())).Ok();
        string version = put.Json.Text("version")!;
        Assert.Equal($"\"{version}\"", put.Header("ETag"));
        JsonNode warning = Assert.Single(put.Json.List("warnings"))!;
        Assert.Equal(("/campaigns/spring/budget/pacing", "paced_as_even"), (warning.Text("pointer"), warning.Text("code")));

        Answer read = (await _api.GetAsync(path)).Ok();
        Assert.True(JsonNode.DeepEquals(Brands.Aurora(), read.Json));
        Assert.Equal(put.Header("ETag"), read.Header("ETag"));
        JsonNode listed = Assert.Single((await _api.GetAsync("/v1/brands")).Ok().Json.List("brands"), b => b.Text("id") == brand)!;
        Assert.Equal($$"""{"id":"{{brand}}","name":"Aurora","version":"{{version}}"}""", listed.ToJsonString());

        JsonObject renamed = Brands.Aurora().With("name", "Aurora 2");
        string replaced = (await _api.PutAsync(path, renamed)).Ok().Json.Text("version")!;
        Assert.NotEqual(version, replaced);
        (await _api.DeleteAsync(path)).Expect(HttpStatusCode.NoContent);
        (await _api.GetAsync(path)).ExpectProblem(HttpStatusCode.NotFound, "catalogue.unknown_brand");
        (await _api.DeleteAsync(path)).ExpectProblem(HttpStatusCode.NotFound, "catalogue.unknown_brand");
    }

    [Fact]
    public async Task A_change_may_name_the_version_it_replaces()
    {
        string brand = await _api.PutNewAsync(Brands.Plain());
        string path = $"/v1/brands/{brand}";
        string first = (await _api.GetAsync(path)).Ok().Header("ETag")!;
        string second = (await _api.PutAsync(path, Brands.Plain(5), ("If-Match", first))).Ok().Header("ETag")!;
        Answer late = (await _api.PutAsync(path, Brands.Plain(6), ("If-Match", first))).ExpectProblem(HttpStatusCode.PreconditionFailed, "catalogue.version_conflict");
        Assert.Equal(second, $"\"{late.Json.Text("currentVersion")}\"");
        Assert.Equal(second, (await _api.GetAsync(path)).Ok().Header("ETag"));
        (await _api.DeleteAsync(path, ("If-Match", first))).ExpectProblem(HttpStatusCode.PreconditionFailed, "catalogue.version_conflict");
        (await _api.PutAsync(path, Brands.Plain(6), ("If-Match", "unquoted"))).ExpectProblem(HttpStatusCode.BadRequest, "request.malformed");
        (await _api.PutAsync($"/v1/brands/{Brands.NewId()}", Brands.Plain(), ("If-Match", "*"))).ExpectProblem(HttpStatusCode.PreconditionFailed, "catalogue.version_conflict");
        (await _api.DeleteAsync(path, ("If-Match", second))).Expect(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_paused_campaign_or_creative_stops_within_a_second_and_stays_so_after_a_kill()
    {
        await using TestServer server = await TestServer.StartAsync("--no-demo");
        string brand = await server.Api.PutNewAsync(Brands.Plain(1));
        Assert.Null(await ReasonAsync(server.Api, brand));
        foreach (string path in new[] { "creatives/c0", "campaigns/one" })
        {
            string address = $"/v1/brands/{brand}/{path}";
            (await server.Api.PatchAsync(address, new JsonObject { ["status"] = "paused" })).Ok();
            DateTimeOffset answered = DateTimeOffset.UtcNow;
            string? stopped;
            while ((stopped = await ReasonAsync(server.Api, brand)) is null && DateTimeOffset.UtcNow - answered < Soon)
            {
            }

            Assert.NotNull(stopped);
            await server.KillAndStartAgainAsync();
            Assert.Equal(stopped, await ReasonAsync(server.Api, brand));
            Assert.Equal("paused", (await server.Api.GetAsync($"/v1/brands/{brand}")).Ok().Json.Text($"{path}/status"));
            (await server.Api.PatchAsync(address, new JsonObject { ["status"] = "active" })).Ok();
            Assert.Null(await ReasonAsync(server.Api, brand));
        }
    }

    [Fact]
    public async Task Who_changed_what_is_kept()
    {
        string brand = Brands.NewId();
        (await _api.GetAsync($"/v1/brands/{brand}/audit")).ExpectProblem(HttpStatusCode.NotFound, "catalogue.unknown_brand");
        DateTimeOffset before = DateTimeOffset.UtcNow.AddSeconds(-1);
        (await _api.PutAsync($"/v1/brands/{brand}", Brands.Plain())).Ok();
        (await _api.PatchAsync($"/v1/brands/{brand}/campaigns/one", new JsonObject { ["status"] = "paused" })).Ok();
        (await _api.PatchAsync($"/v1/brands/{brand}/creatives/c1", new JsonObject { ["status"] = "paused" })).Ok();
        (await _api.DeleteAsync($"/v1/brands/{brand}")).Expect(HttpStatusCode.NoContent);

        JsonArray trail = (await _api.GetAsync($"/v1/brands/{brand}/audit")).Ok().Json.AsArray();
        Assert.Equal(4, trail.Count);
        Assert.All(trail, e => Assert.Equal(["at", "key", "action", "path", "before", "after"], e.Members()));
        Assert.All(trail, e => Assert.Equal("local", e.Text("key")));
        Assert.All(trail, e => Assert.InRange(e.Instant("at"), before, DateTimeOffset.UtcNow));
        Assert.Equal(("/campaigns/one/status", "active", "paused"), (trail[1].Text("path"), trail[1].Text("before"), trail[1].Text("after")));
        Assert.Equal("/creatives/c1/status", trail[2].Text("path"));
    }

    [Fact]
    public async Task What_a_patch_names_must_be_there()
    {
        string brand = await _api.PutNewAsync(Brands.Plain());
        JsonObject paused = new() { ["status"] = "paused" };
        (await _api.PatchAsync($"/v1/brands/{brand}/campaigns/none", paused)).ExpectProblem(HttpStatusCode.NotFound, "catalogue.unknown_campaign");
        (await _api.PatchAsync($"/v1/brands/{brand}/creatives/none", paused)).ExpectProblem(HttpStatusCode.NotFound, "catalogue.unknown_creative");
        (await _api.PatchAsync("/v1/brands/none/campaigns/one", paused)).ExpectProblem(HttpStatusCode.NotFound, "catalogue.unknown_brand");
    }

    [Fact]
    public async Task The_server_s_settings_cap_over_all_brands_and_keep_competitors_apart_and_outlive_a_kill()
    {
        await using TestServer server = await TestServer.StartAsync("--no-demo");
        string[] brands = [await server.Api.PutNewAsync(Brands.Plain()), await server.Api.PutNewAsync(Brands.Plain()), await server.Api.PutNewAsync(Brands.Plain())];
        JsonObject settings = JsonNode.Parse("""{ "caps": [ { "max": 4, "per": "1d" } ] }""")!.AsObject();
        settings["competitors"] = new JsonArray(new JsonArray(brands[0], brands[1]));
        (await server.Api.PutAsync("/v1/settings", settings)).Ok();
        await server.KillAndStartAgainAsync();

        for (int round = 0; round < 4; round++)
        {
            JsonObject request = Bodies.Decide(Bodies.NewId(), brands[0], 20).Without("brands");
            JsonNode answer = (await server.Api.PostAsync("/v1/decisions", request)).Ok().Json;
            string?[] served = [.. answer.List("placements/0/decisions").Select(d => d.Text("brand"))];
            Assert.Equal(4, served.Length);
            Assert.False(served.Contains(brands[0]) && served.Contains(brands[1]), "Competitors stand in one answer.");
            Assert.NotNull(answer.At("placements/0/noDecision"));
        }

        Answer bad = (await server.Api.PutAsync("/v1/settings", JsonNode.Parse("""{ "cap": [], "caps": [ { "max": -1, "per": "1x" } ], "competitors": [ ["a"] ] }""")!))
            .ExpectProblem(HttpStatusCode.UnprocessableEntity, "catalogue.invalid");
        Assert.Equal(["/cap", "/caps/0/max", "/caps/0/per", "/competitors/0"], bad.Json.List("errors").Select(e => e.Text("pointer")));
    }

    private static async Task<string?> ReasonAsync(ApiClient api, string brand) =>
        (await api.PostAsync("/v1/decisions", Bodies.Decide(Bodies.NewId(), brand))).Ok().Json.Text("placements/0/noDecision/reason");
}
