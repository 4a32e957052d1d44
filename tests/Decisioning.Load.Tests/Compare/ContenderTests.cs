using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Decisioning.Load.Compare;
using Decisioning.Load.World;

namespace Decisioning.Load.Tests.Compare;

/// <summary>What is compared does the same: every test is put to the engine and to the Redis way.</summary>
[Collection(Contenders.Shared)]
public sealed class ContenderTests(Contenders contenders)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Contenders.Engine)]
    [InlineData(Contenders.Redis)]
    public async Task A_stranger_is_shown_the_first_step_and_a_retry_the_same(string contender)
    {
        using HttpClient http = Open(contender);
        string first = await DecideAsync(http, "stranger", "q-1");
        JsonElement decision = Assert.Single(Decisions(first));
        Assert.Equal(("open", "none", "none"), (Text(decision, "step"), Text(decision, "stage"), Text(decision, "deeplinkStage")));
        Assert.Equal((WorldStory.Campaign, WorldStory.Storyline), (Text(decision, "campaign"), Text(decision, "storyline")));
        Assert.Equal(WorldStory.Format, Text(decision.GetProperty("creative"), "format"));
        Assert.Equal(0.03, decision.GetProperty("score").GetDouble(), 9);

        // Two creatives that are worth the same.
        Assert.Equal(0.5, decision.GetProperty("propensity").GetDouble(), 9);
        Assert.Equal(first, await DecideAsync(http, "stranger", "q-1"));
        Assert.NotEqual(first, await DecideAsync(http, "stranger", "q-2"));
    }

    [Theory]
    [InlineData(Contenders.Engine)]
    [InlineData(Contenders.Redis)]
    public async Task Evidence_moves_the_story_on_and_counts_once(string contender)
    {
        using HttpClient http = Open(contender);
        string cart = Event("e-1", "cart", "mover");
        Assert.Equal((1, 0, 0), await RecordAsync(http, cart));
        Assert.Equal((0, 1, 0), await RecordAsync(http, cart));
        JsonElement decision = Assert.Single(Decisions(await DecideAsync(http, "mover", "q-1")));
        Assert.Equal(("offer", "interest", "perform"), (Text(decision, "step"), Text(decision, "stage"), Text(decision, "deeplinkStage")));
        Assert.InRange(decision.GetProperty("intent").GetDouble(), 63, 63.3);
        Assert.Equal((1, 0, 0), await RecordAsync(http, Event("e-2", "purchase", "mover", ""","orderId":"o-1","value":1000000,"currency":"CNY" """)));
        Assert.Equal("again", Text(Assert.Single(Decisions(await DecideAsync(http, "mover", "q-2"))), "step"));
    }

    [Theory]
    [InlineData(Contenders.Engine)]
    [InlineData(Contenders.Redis)]
    public async Task A_click_is_followed_and_opens_the_next_step(string contender)
    {
        using HttpClient http = Open(contender);
        JsonElement decision = Assert.Single(Decisions(await DecideAsync(http, "clicker", "q-1")));
        foreach (string url in new[] { "impressionUrl", "viewableUrl" })
        {
            using HttpResponseMessage pixel = await http.GetAsync(Text(decision, url), Stop);
            Assert.Equal((HttpStatusCode.OK, "image/gif"), (pixel.StatusCode, pixel.Content.Headers.ContentType!.MediaType));
        }

        using HttpResponseMessage click = await http.GetAsync(Text(decision, "clickUrl"), Stop);
        Assert.Equal((HttpStatusCode.Redirect, Text(decision.GetProperty("creative"), "landing")), (click.StatusCode, click.Headers.Location!.ToString()));
        Assert.Equal("proof", Text(Assert.Single(Decisions(await DecideAsync(http, "clicker", "q-2"))), "step"));
        using HttpResponseMessage forged = await http.GetAsync($"t/i/{Text(decision, "decisionId")[..^3]}AAA", Stop);
        Assert.Equal(HttpStatusCode.NotFound, forged.StatusCode);
    }

    [Theory]
    [InlineData(Contenders.Engine)]
    [InlineData(Contenders.Redis)]
    public async Task A_cap_counts_what_is_reserved(string contender)
    {
        using HttpClient http = Open(contender);
        for (int i = 0; i < WorldStory.CapPerDay; i++)
        {
            Assert.Single(Decisions(await DecideAsync(http, "greedy", $"q-{i}")));
        }

        string short1 = await DecideAsync(http, "greedy", "q-99");
        Assert.Empty(Decisions(short1));
        using JsonDocument reply = JsonDocument.Parse(short1);
        Assert.Equal("frequency_cap", Text(reply.RootElement.GetProperty("placements")[0].GetProperty("noDecision"), "reason"));
    }

    [Theory]
    [InlineData(Contenders.Engine)]
    [InlineData(Contenders.Redis)]
    public async Task A_story_never_goes_back_behind_what_was_seen(string contender)
    {
        using HttpClient http = Open(contender);
        await PutAsync(http, "order", """
            { "id": "first", "for": ["none", "awareness"], "creatives": ["a"] },
            { "id": "second", "for": ["none", "awareness"], "creatives": ["b"], "caps": [ { "max": 1, "per": "1d" } ] }
            """);

        // Both are open, and the furthest wins; once it is seen and its cap reached, the other is over.
        JsonElement furthest = Assert.Single(Decisions(await DecideAsync(http, "reader", "q-1", brand: "order", format: "image")));
        Assert.Equal("second", Text(furthest, "step"));
        await SeeAsync(http, furthest);
        Assert.Empty(Decisions(await DecideAsync(http, "reader", "q-2", brand: "order", format: "image")));
    }

    [Theory]
    [InlineData(Contenders.Engine)]
    [InlineData(Contenders.Redis)]
    public async Task What_was_shown_is_spent_and_the_budget_ends(string contender)
    {
        using HttpClient http = Open(contender);
        await PutAsync(http, "budget", """{ "id": "only", "for": ["none", "awareness"], "creatives": ["a"] }""", ""","price":{"model":"cpm","amount":"30.00"},"budget":{"total":"0.06","pacing":"asap"}""");
        for (int i = 0; i < 2; i++)
        {
            await SeeAsync(http, Assert.Single(Decisions(await DecideAsync(http, $"payer-{i}", "q-1", brand: "budget", format: "image"))));
        }

        Assert.Empty(Decisions(await DecideAsync(http, "payer-2", "q-1", brand: "budget", format: "image")));
    }

    [Theory]
    [InlineData(Contenders.Engine)]
    [InlineData(Contenders.Redis)]
    public async Task One_reply_has_no_creative_twice(string contender)
    {
        using HttpClient http = Open(contender);
        JsonElement[] decisions = Decisions(await DecideAsync(http, "several", "q-1", count: 4, brand: null));
        Assert.Equal(4, decisions.Select(d => Text(d, "brand") + Text(d.GetProperty("creative"), "id")).Distinct().Count());
    }

    [Theory]
    [InlineData(Contenders.Engine)]
    [InlineData(Contenders.Redis)]
    public async Task A_known_consumer_has_a_history(string contender)
    {
        using HttpClient http = Open(contender);
        int beyondOpen = 0;
        for (int i = 0; i < Contenders.Shape.Known; i++)
        {
            JsonElement decision = Decisions(await DecideAsync(http, Contenders.Ids.ConsumerOf(i), "q-1", brand: null))[0];
            beyondOpen += Text(decision, "deeplinkStage") == "none" ? 0 : 1;
        }

        Assert.InRange(beyondOpen, 1, Contenders.Shape.Known - 1);
    }

    [Theory]
    [InlineData(Contenders.Engine)]
    [InlineData(Contenders.Redis)]
    public async Task Who_has_no_key_or_asks_for_nonsense_is_refused(string contender)
    {
        using HttpClient http = Open(contender);
        using StringContent nonsense = new("""{"consumer":{},"placements":[]}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage invalid = await http.PostAsync("v1/decisions", nonsense, Stop);
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (invalid.StatusCode, invalid.Content.Headers.ContentType!.MediaType));
        Assert.Equal((0, 0, 1), await RecordAsync(http, Event("e-1", "smell", "nobody")));
        using StringContent typo = new("""{"name":"B","currency":"CNY","timeZone":"Asia/Shanghai","industry":"beauty","campains":{}}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage unknown = await http.PutAsync("v1/brands/typo", typo, Stop);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unknown.StatusCode);
        http.DefaultRequestHeaders.Remove("X-Api-Key");
        using StringContent body = new("{}", Encoding.UTF8, "application/json");
        using HttpResponseMessage stranger = await http.PostAsync("v1/decisions", body, Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
    }

    private HttpClient Open(string contender)
    {
        HttpClient http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = contenders[contender].Url };
        http.DefaultRequestHeaders.Add("X-Api-Key", Contender.Key);
        return http;
    }

    /// <summary>Puts a brand of two pictures, which nobody gets who asks for videos.</summary>
    private static async Task PutAsync(HttpClient http, string brand, string steps, string terms = "")
    {
        string creative = $$"""{"format":"image","size":"640x360","url":"https://cdn.example/{{brand}}.jpg","landing":"https://{{brand}}.example/"}""";
        string document = $$"""
            { "name": "{{brand}}", "industry": "beauty", "timeZone": "Asia/Shanghai", "currency": "CNY", "creatives": { "a": {{creative}}, "b": {{creative}} },
              "storylines": { "s": { "steps": [ {{steps}} ] } }, "campaigns": { "c": { "storyline": "s"{{terms}} } } }
            """;
        using StringContent content = new(document, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.PutAsync($"v1/brands/{brand}", content, Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    private static async Task SeeAsync(HttpClient http, JsonElement decision)
    {
        using HttpResponseMessage pixel = await http.GetAsync(Text(decision, "impressionUrl"), Stop);
        Assert.Equal(HttpStatusCode.OK, pixel.StatusCode);
    }

    /// <param name="brand">The one that may be shown; null: any. Empty: the world's first.</param>
    private static async Task<string> DecideAsync(HttpClient http, string consumer, string request, int count = 1, string? brand = "", string format = "video")
    {
        string brands = brand is null ? "" : $",\"brands\":[\"{(brand.Length == 0 ? Contenders.Ids.BrandOf(0) : brand)}\"]";
        string body =
            $$"""{"requestId":"{{request}}","consumer":{"id":"{{consumer}}","consent":true},"placements":[{"id":"p0","channel":"home","formats":["{{format}}"],"size":"640x360","count":{{count}}}],"context":{"device":"mobile","country":"CN"}{{brands}}}""";
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.PostAsync("v1/decisions", content, Stop);
        string text = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True(answer.IsSuccessStatusCode, text);
        return text;
    }

    private static async Task<(int Accepted, int Duplicates, int Rejected)> RecordAsync(HttpClient http, string batch)
    {
        using StringContent content = new($"{{\"events\":[{batch}]}}", Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.PostAsync("v1/events", content, Stop);
        using JsonDocument counts = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop));
        return (Count("accepted"), Count("duplicates"), Count("rejected"));

        int Count(string name) => counts.RootElement.GetProperty(name).GetInt32();
    }

    private static string Event(string id, string type, string consumer, string more = "")
    {
        string now = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        return $$"""{"eventId":"{{id}}","type":"{{type}}","consumerId":"{{consumer}}","brand":"{{Contenders.Ids.BrandOf(0)}}","occurredAt":"{{now}}"{{more}}}""";
    }

    private static JsonElement[] Decisions(string reply)
    {
        using JsonDocument document = JsonDocument.Parse(reply);
        return [.. document.RootElement.GetProperty("placements")[0].GetProperty("decisions").EnumerateArray().Select(d => d.Clone())];
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
