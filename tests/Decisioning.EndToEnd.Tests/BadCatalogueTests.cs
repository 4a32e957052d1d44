using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Decisioning.EndToEnd.Tests.Support;

namespace Decisioning.EndToEnd.Tests;

/// <summary>Documents with faults: all named at once, and the brand stays as it was.</summary>
public sealed class BadCatalogueTests(SharedServer shared)
{
    private readonly ApiClient _api = shared.Api;

    /// <summary>Where the sound document is changed and to what; pointer and code of the fault; a word of its detail.</summary>
    public static TheoryData<string, string, string, string, string> Documents { get; } = new()
    {
        { "nmae", "\"x\"", "/nmae", "unknown_member", "name" },
        { "campaigns/one/budgett", "{}", "/campaigns/one/budgett", "unknown_member", "budget" },
        { "storylines/line/steps/0/minIntend", "5", "/storylines/line/steps/0/minIntend", "unknown_member", "minIntent" },
        { "name", "7", "/name", "wrong_type", "" },
        { "storylines/line/steps/0/creatives", "[\"c9\"]", "/storylines/line/steps/0/creatives/0", "unknown_id", "c9" },
        { "storylines/line/steps/0/for", "[\"enthused\"]", "/storylines/line/steps/0/for/0", "unknown_value", "enthuse" },
        { "storylines/line/steps/0/after", """[ { "step": "none", "on": "viewable" } ]""", "/storylines/line/steps/0/after/0/step", "unknown_id", "none" },
        { "campaigns/one/storyline", "\"lime\"", "/campaigns/one/storyline", "unknown_id", "line" },
        { "campaigns/one/targeting", """{ "audiences": ["adults"] }""", "/campaigns/one/targeting/audiences/0", "unknown_id", "adults" },
        { "audiences", """{ "a": { "audience": "b" }, "b": { "audience": "a" } }""", "/audiences/b/audience", "cycle", "a → b → a" },
        { "creatives/c0/like", "\"c0\"", "/creatives/c0/like", "cycle", "" },
        { "campaigns/one/budget", """{ "total": "-5.00" }""", "/campaigns/one/budget/total", "out_of_range", "" },
        { "campaigns/one/budget", """{ "total": 5 }""", "/campaigns/one/budget/total", "wrong_type", "" },
        { "campaigns/one/holdout", "1.5", "/campaigns/one/holdout", "out_of_range", "1" },
        { "campaigns/one/from", "\"2026-13-01\"", "/campaigns/one/from", "bad_date", "" },
        { "rules/reserve", "\"ten minutes\"", "/rules/reserve", "bad_duration", "whole number" },
        { "rules/windows", """{ "awareness": "91d" }""", "/rules/windows/awareness", "out_of_range", "90d" },
        { "caps", """[ { "max": 0, "per": "1d" } ]""", "/caps/0/max", "out_of_range", "" },
        { "creatives/c0/url", "\"javascript:alert(1)\"", "/creatives/c0/url", "bad_url", "http" },
        { "creatives/c0/landing", "\"//evil.example\"", "/creatives/c0/landing", "bad_url", "http" },
        { "creatives/c0/size", "\"big\"", "/creatives/c0/size", "bad_size", "" },
        { "creatives/Bad Id", """{ "like": "c0" }""", "/creatives/Bad Id", "bad_id", "" },
        { "timeZone", "\"Europe/Oslo\"", "/timeZone", "fixed", "UTC" },
        { "currency", "\"USD\"", "/currency", "fixed", "EUR" },
        { "storylines/line/steps", "[]", "/storylines/line/steps", "empty_list", "" },
    };

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task A_fault_is_named_and_nothing_is_changed(string where, string value, string pointer, string code, string word)
    {
        StillBrand still = await StillBrand.PutAsync(_api);
        JsonObject document = Brands.Plain();
        string[] parts = where.Split('/');
        JsonNode parent = parts.Length == 1 ? document : document.At(string.Join('/', parts[..^1]))!;
        parent[parts[^1]] = JsonNode.Parse(value);

        Answer answer = (await _api.PutAsync($"/v1/brands/{still.Brand}", document)).ExpectProblem(HttpStatusCode.UnprocessableEntity, "catalogue.invalid");
        JsonNode fault = Assert.Single(answer.Json.List("errors"), e => e.Text("pointer") == pointer)!;
        Assert.Equal(code, fault.Text("code"));
        Assert.Contains(word, fault.Text("detail"));
        await still.ExpectUnchangedAsync();
    }

    [Fact]
    public async Task All_faults_of_a_document_are_named_at_once()
    {
        StillBrand still = await StillBrand.PutAsync(_api);
        JsonObject document = Brands.Plain().With("nmae", "x");
        document["rules"]!["reserve"] = "soon";
        document["campaigns"]!["one"]!["storyline"] = "lime";
        document["creatives"]!["c0"]!["url"] = "nowhere";
        Answer answer = (await _api.PutAsync($"/v1/brands/{still.Brand}", document)).ExpectProblem(HttpStatusCode.UnprocessableEntity, "catalogue.invalid");
        Assert.Equal(["/campaigns/one/storyline", "/creatives/c0/url", "/nmae", "/rules/reserve"], answer.Json.List("errors").Select(e => e.Text("pointer")).Order(StringComparer.Ordinal));
        await still.ExpectUnchangedAsync();
    }

    [Fact]
    public async Task Too_much_of_anything_names_its_bound()
    {
        StillBrand still = await StillBrand.PutAsync(_api);
        JsonObject document = Brands.Plain();
        JsonNode step = document["storylines"]!["line"]!["steps"]![0]!;
        document["storylines"]!["line"]!["steps"] = new JsonArray([.. Enumerable.Range(0, 51).Select(i => step.DeepClone().AsObject().With("id", $"s{i}"))]);
        JsonNode campaign = document["campaigns"]!["one"]!;
        for (int i = 0; i < 500; i++)
        {
            document["campaigns"]![$"more{i}"] = campaign.DeepClone();
        }

        Answer answer = (await _api.PutAsync($"/v1/brands/{still.Brand}", document)).ExpectProblem(HttpStatusCode.UnprocessableEntity, "catalogue.invalid");
        JsonNode?[] faults = [.. answer.Json.List("errors").Where(e => e.Text("code") == "too_many")];
        Assert.Contains(faults, f => f.Text("pointer") == "/storylines/line/steps" && f.Text("detail")!.Contains("50", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Text("pointer") == "/campaigns" && f.Text("detail")!.Contains("500", StringComparison.Ordinal));
        await still.ExpectUnchangedAsync();
    }

    [Theory]
    [InlineData("", 400, "request.malformed")]
    [InlineData("[]", 422, "catalogue.invalid")]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}", 422, "catalogue.invalid")]
    [InlineData("{\"name\":\"a\"", 400, "request.malformed")]
    public async Task What_is_no_document_is_refused(string body, int status, string code)
    {
        StillBrand still = await StillBrand.PutAsync(_api);
        (await _api.SendBytesAsync("PUT", $"/v1/brands/{still.Brand}", Encoding.UTF8.GetBytes(body))).ExpectProblem((HttpStatusCode)status, code);
        await still.ExpectUnchangedAsync();
    }

    [Theory]
    [InlineData("Upper")]
    [InlineData("a%20b")]
    [InlineData("-a")]
    public async Task A_brand_s_id_is_checked(string id)
    {
        Answer answer = (await _api.PutAsync($"/v1/brands/{id}", Brands.Plain())).ExpectProblem(HttpStatusCode.UnprocessableEntity, "catalogue.invalid");
        Assert.Equal("bad_id", answer.Json.Text("errors/0/code"));
    }
}
