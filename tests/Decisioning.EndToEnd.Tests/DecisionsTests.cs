using System.Net;
using System.Text.Json.Nodes;
using Decisioning.EndToEnd.Tests.Support;

namespace Decisioning.EndToEnd.Tests;

/// <summary><c>POST /v1/decisions</c>, every field of it.</summary>
public sealed class DecisionsTests(SharedServer shared)
{
    private readonly ApiClient _api = shared.Api;

    [Fact]
    public async Task An_answer_has_the_contract_s_members_and_no_others()
    {
        string brand = await _api.PutNewAsync(Brands.Aurora().WithoutHoldout(), "aurora");
        string consumer = Bodies.NewId();
        JsonObject request = JsonNode.Parse($$"""
            { "requestId": "r-1", "consumer": { "id": "{{consumer}}", "attributes": { "age": 31, "tier": 1 }, "consent": true },
              "placements": [ { "id": "home-top", "channel": "home", "formats": ["video","image"], "size": "640x360", "count": 1, "confirm": "impression" } ],
              "context": { "device": "mobile", "country": "CN", "keywords": ["lipstick"] },
              "events": [], "brands": ["{{brand}}"], "tmaxMs": 60000, "explain": false, "test": false, "preview": null }
            """)!.AsObject();
        DateTimeOffset before = DateTimeOffset.UtcNow;
        JsonNode answer = (await _api.PostAsync("/v1/decisions", request)).Ok().Json;

        Assert.Equal(["requestId", "catalogueVersion", "policyVersion", "placements", "events"], answer.Members());
        Assert.Equal("r-1", answer.Text("requestId"));
        Assert.Equal(["id", "decisions", "noDecision"], answer.At("placements/0").Members());
        Assert.Equal("home-top", answer.Text("placements/0/id"));
        Assert.Null(answer.At("placements/0/noDecision"));
        JsonNode decision = Assert.Single(answer.List("placements/0/decisions"))!;
        Assert.Equal(
            ["decisionId", "brand", "campaign", "storyline", "step", "creative", "stage", "deeplinkStage", "intent", "purchaseProbability", "score", "propensity",
                "impressionUrl", "viewableUrl", "clickUrl", "eventUrl", "expiresAt"],
            decision.Members());
        Assert.Equal([brand, "spring", "launch", "runway"], new[] { "brand", "campaign", "storyline", "step" }.Select(decision.Text));
        Assert.Equal(("none", "none"), (decision.Text("stage"), decision.Text("deeplinkStage")));
        Assert.Null(decision.At("purchaseProbability"));
        Assert.InRange(decision.Number("propensity"), 0.01, 1);
        Assert.True(decision.Number("score") > 0);
        Assert.InRange(decision.Instant("expiresAt"), before.AddMinutes(10).AddSeconds(-1), DateTimeOffset.UtcNow.AddMinutes(10));

        JsonNode creative = decision.At("creative")!;
        Assert.Equal(["id", "format", "url", "landing", "appLink", "trackers"], creative.Members());
        Assert.Contains(creative.Text("id"), new[] { "runway-a", "runway-b" });
        Assert.Equal(("video", "http://127.0.0.1/demo/aurora/landing/show", "aurora://show"), (creative.Text("format"), creative.Text("landing"), creative.Text("appLink")));
        string token = decision.Text("decisionId")!;
        foreach ((string member, string kind) in new[] { ("impressionUrl", "i"), ("viewableUrl", "v"), ("clickUrl", "c"), ("eventUrl", "e") })
        {
            Assert.Equal($"{_api.Url}t/{kind}/{token}", decision.Text(member));
        }
    }

    [Fact]
    public async Task Third_parties_trackers_come_with_the_creative()
    {
        JsonObject document = Brands.Plain(1);
        document["creatives"]!["c0"]!["trackers"] = JsonNode.Parse("""{ "impression": ["https://3rd.example/i?t=[TIMESTAMP]"], "click": ["https://3rd.example/c"] }""");
        string brand = await _api.PutNewAsync(document);
        JsonNode trackers = (await DecideAsync(Bodies.Decide(Bodies.NewId(), brand))).At("placements/0/decisions/0/creative/trackers")!;
        Assert.True(JsonNode.DeepEquals(document.At("creatives/c0/trackers"), trackers));
    }

    [Fact]
    public async Task A_repeated_request_gets_the_same_choice_and_reserves_nothing_more()
    {
        string brand = await _api.PutNewAsync(Brands.Plain().With("caps", JsonNode.Parse("""[ { "max": 2, "per": "1d" } ]""")));
        string consumer = Bodies.NewId();
        JsonObject request = Bodies.Decide(consumer, brand).With("requestId", "again");
        string first = Placements(await _api.PostAsync("/v1/decisions", request));
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(first, Placements(await _api.PostAsync("/v1/decisions", request)));
        }

        JsonNode relation = await ReadAsync(consumer, brand);
        Assert.Single(relation.List("exposures"));
        Assert.Equal(1, relation.Number("caps/brand/0/count"));
        JsonNode other = await DecideAsync(Bodies.Decide(consumer, brand).With("requestId", "another"));
        Assert.DoesNotContain(other.Text("placements/0/decisions/0/decisionId")!, first, StringComparison.Ordinal);

        // The version of the whole catalogue moves with the other tests' brands.
        static string Placements(Answer answer) => answer.Ok().Json.At("placements")!.ToJsonString();
    }

    [Fact]
    public async Task A_test_decides_and_changes_nothing()
    {
        string brand = await _api.PutNewAsync(Brands.Plain());
        string consumer = Bodies.NewId();
        JsonNode decision = (await DecideAsync(Bodies.Decide(consumer, brand).With("test", true).With("explain", true))).At("placements/0/decisions/0")!;
        (await _api.GetAsync(decision.Text("viewableUrl")!)).Ok();
        Answer recorded = (await _api.PostAsync("/v1/events", Bodies.Events(Bodies.Event(consumer, brand, "impression").With("decisionId", decision.Text("decisionId"))))).Ok();
        Assert.Equal("event.decision_unknown", recorded.Json.Text("results/0/code"));
        (await _api.GetAsync($"/v1/consumers/{consumer}")).ExpectProblem(HttpStatusCode.NotFound, "consumer.unknown");
    }

    [Fact]
    public async Task An_explanation_names_every_candidate_and_what_removed_it_until_when()
    {
        string brand = await _api.PutNewAsync(Brands.OpenAurora(), "aurora");
        JsonNode answer = await DecideAsync(Bodies.Decide(Bodies.NewId(), brand).With("explain", true));
        JsonArray candidates = answer.List("explanation/placements/0/candidates");
        Assert.All(candidates, c => Assert.Equal(
            ["slot", "brand", "campaign", "storyline", "step", "creative", "removedBy", "detail", "eligibleAt", "score", "probability", "chosen"], c.Members()));

        JsonNode?[] stayed = [.. candidates.Where(c => c.At("removedBy") is null)];
        Assert.Equal(["runway-a", "runway-b"], stayed.Select(c => c.Text("creative")).Order());
        Assert.Equal(1, stayed.Sum(c => c.Number("probability")), 1e-9);
        JsonNode chosen = Assert.Single(stayed, c => c.At("chosen")!.GetValue<bool>())!;
        Assert.Equal(answer.Text("placements/0/decisions/0/creative/id"), chosen.Text("creative"));
        Assert.Equal(answer.Number("placements/0/decisions/0/propensity"), chosen.Number("probability"));
        foreach (string closed in new[] { "review", "vr", "care" })
        {
            Assert.All(candidates.Where(c => c.Text("step") == closed), c => Assert.Equal("no_step", c.Text("removedBy")));
            Assert.Contains(candidates, c => c.Text("step") == closed);
        }

        JsonNode capped = await CappedAsync();
        JsonNode waits = Assert.Single(capped.List("explanation/placements/0/candidates"))!;
        Assert.Equal("frequency_cap", waits.Text("removedBy"));
        Assert.Equal(capped.Text("placements/0/noDecision/retryAfter"), waits.Text("eligibleAt"));
    }

    [Fact]
    public async Task Placements_of_one_request_share_creatives_and_caps()
    {
        string brand = await _api.PutNewAsync(Brands.Plain(10).With("caps", JsonNode.Parse("""[ { "max": 5, "per": "1d" } ]""")));
        JsonObject request = Bodies.Decide(Bodies.NewId(), brand)
            .With("placements", new JsonArray(Bodies.Placement("a", 3), Bodies.Placement("b", 1), Bodies.Placement("c", 20)));
        JsonNode answer = await DecideAsync(request);

        Assert.Equal(["a", "b", "c"], answer.List("placements").Select(p => p.Text("id")));
        Assert.Equal([3, 1, 1], answer.List("placements").Select(p => p.List("decisions").Count));
        string?[] creatives = [.. answer.List("placements").SelectMany(p => p.List("decisions")).Select(d => d.Text("creative/id"))];
        Assert.Equal(creatives.Length, creatives.Distinct().Count());
        Assert.Null(answer.At("placements/0/noDecision"));
        Assert.Equal("frequency_cap", answer.Text("placements/2/noDecision/reason"));
    }

    [Theory]
    [InlineData("placement", """{ "id": "p", "channel": "search" }""", "targeting")]
    [InlineData("country", "\"DE\"", "targeting")]
    [InlineData("attributes", """{ "age": 50, "tier": 1 }""", "targeting")]
    [InlineData("placement", """{ "id": "p", "channel": "home", "formats": ["native"] }""", "creative_fit")]
    [InlineData("placement", """{ "id": "p", "channel": "home", "size": "1x1" }""", "creative_fit")]
    public async Task A_slot_that_cannot_be_filled_says_which_filter_emptied_it(string what, string value, string reason)
    {
        JsonObject document = Brands.Aurora().WithoutHoldout();
        document["campaigns"]!.AsObject().Remove("owners");
        string brand = await _api.PutNewAsync(document, "aurora");
        JsonObject request = Bodies.Decide(Bodies.NewId(), brand).With("context", new JsonObject { ["country"] = "CN" });
        request["consumer"]!["attributes"] = new JsonObject { ["age"] = 31, ["tier"] = 1 };
        Assert.Single((await DecideAsync(request)).List("placements/0/decisions"));

        JsonNode changed = JsonNode.Parse(value)!;
        request["consumer"]!["id"] = Bodies.NewId();
        switch (what)
        {
            case "placement": request["placements"] = new JsonArray(changed); break;
            case "country": request["context"]!["country"] = changed; break;
            default: request["consumer"]!["attributes"] = changed; break;
        }

        await NothingAsync(request, reason, retries: false);
    }

    [Fact]
    public async Task The_later_filters_say_their_reasons_too()
    {
        await NothingAsync(Bodies.Decide(Bodies.NewId(), await PutAsync("/campaigns/one/status", "paused")), "no_campaign", retries: false);
        await NothingAsync(Bodies.Decide(Bodies.NewId(), await PutAsync("/storylines/line/steps/0/for", new JsonArray("loyalty"))), "no_step", retries: false);
        await NothingAsync(Bodies.Decide(Bodies.NewId(), await PutAsync("/campaigns/one/holdout", 1)), "holdout", retries: false);
        JsonObject unpaid = JsonNode.Parse("""{ "total": "0.01" }""")!.AsObject();
        JsonObject document = Brands.Plain();
        document["campaigns"]!["one"]!["price"] = JsonNode.Parse("""{ "model": "cpm", "amount": "1000.00" }""");
        document["campaigns"]!["one"]!["budget"] = unpaid;
        await NothingAsync(Bodies.Decide(Bodies.NewId(), await _api.PutNewAsync(document)), "budget", retries: false);

        await NothingAsync(await ForAdultsAsync(consent: false), "consent", retries: false);
        Assert.Single((await DecideAsync(await ForAdultsAsync(consent: true))).List("placements/0/decisions"));

        string gap = await PutAsync("/storylines/line/gap", "4h");
        string consumer = Bodies.NewId();
        JsonNode shown = (await DecideAsync(Bodies.Decide(consumer, gap))).At("placements/0/decisions/0")!;
        (await _api.GetAsync(shown.Text("impressionUrl")!)).Ok();
        DateTimeOffset retry = (await NothingAsync(Bodies.Decide(consumer, gap), "storyline_gap", retries: true))!.Value;
        Assert.InRange(retry - DateTimeOffset.UtcNow, TimeSpan.FromHours(3.9), TimeSpan.FromHours(4));

        Assert.Equal("frequency_cap", (await CappedAsync()).Text("placements/0/noDecision/reason"));
    }

    [Fact]
    public async Task Events_within_a_decision_count_before_it_decides()
    {
        string brand = await _api.PutNewAsync(Brands.OpenAurora(), "aurora");
        string consumer = Bodies.NewId();
        JsonObject cart = Bodies.Event(consumer, brand, "cart");
        JsonObject request = Bodies.Decide(consumer, brand).With("events", new JsonArray(cart, Bodies.Event(consumer, brand, "hover")));
        JsonNode answer = await DecideAsync(request);
        Assert.Equal("vr", answer.Text("placements/0/decisions/0/step"));
        Assert.Equal((1, 0, 1), (answer.Number("events/accepted"), answer.Number("events/duplicates"), answer.Number("events/rejected")));
        Assert.Equal("event.unknown_type", answer.Text("events/results/1/code"));

        request = Bodies.Decide(consumer, brand).With("events", new JsonArray(cart.DeepClone()));
        Assert.Equal("duplicate", (await DecideAsync(request)).Text("events/results/0/status"));
        Assert.Equal(1, (await ReadAsync(consumer, brand)).Number("behaviours/cart/count"));
    }

    [Fact]
    public async Task Without_consent_the_choice_is_contextual_and_no_profile_is_touched()
    {
        string brand = await _api.PutNewAsync(Brands.OpenAurora(), "aurora");
        string consumer = Bodies.NewId();
        (await _api.PostAsync("/v1/events", Bodies.Events(Bodies.Event(consumer, brand, "cart")))).Ok();
        string before = (await _api.GetAsync($"/v1/consumers/{consumer}")).Ok().Text;

        JsonObject request = Bodies.Decide(consumer, brand).With("events", new JsonArray(Bodies.Event(consumer, brand, "favorite")));
        request["consumer"]!["consent"] = false;
        JsonNode answer = await DecideAsync(request);
        Assert.Equal("runway", answer.Text("placements/0/decisions/0/step"));
        Assert.Equal("event.no_consent", answer.Text("events/results/0/code"));
        (await _api.GetAsync(answer.Text("placements/0/decisions/0/viewableUrl")!)).Ok();
        Assert.Equal(before, (await _api.GetAsync($"/v1/consumers/{consumer}")).Ok().Text);

        request = Bodies.Decide("x", brand).With("consumer", new JsonObject { ["consent"] = false });
        Assert.Single((await DecideAsync(request)).List("placements/0/decisions"));

        string asking = await _api.PutNewAsync(Brands.Plain().With("requireConsent", true));
        string silent = Bodies.NewId();
        Assert.Single((await DecideAsync(Bodies.Decide(silent, asking))).List("placements/0/decisions"));
        (await _api.GetAsync($"/v1/consumers/{silent}")).ExpectProblem(HttpStatusCode.NotFound, "consumer.unknown");
    }

    [Fact]
    public async Task A_placement_may_confirm_at_the_decision()
    {
        string brand = await _api.PutNewAsync(Brands.Plain());
        string consumer = Bodies.NewId();
        JsonObject request = Bodies.Decide(consumer, brand).With("placements", new JsonArray(Bodies.Placement("p").With("confirm", "decision")));
        Assert.Single((await DecideAsync(request)).List("placements/0/decisions"));
        Assert.Equal("confirmed", (await ReadAsync(consumer, brand)).Text("exposures/0/state"));
    }

    [Fact]
    public async Task Brands_left_out_are_all_brands()
    {
        string brand = await _api.PutNewAsync(Brands.Plain());
        JsonNode answer = await DecideAsync(Bodies.Decide(Bodies.NewId(), brand).Without("brands").With("explain", true));
        Assert.Contains(answer.List("explanation/placements/0/candidates"), c => c.Text("brand") == brand);
    }

    [Fact]
    public async Task What_has_no_work_yet_is_refused()
    {
        string brand = await _api.PutNewAsync(Brands.Plain());
        JsonObject request = Bodies.Decide(Bodies.NewId(), brand).With("preview", new JsonObject { ["creative"] = "c0" });
        Assert.Equal("/preview", (await _api.PostAsync("/v1/decisions", request)).ExpectProblem(HttpStatusCode.BadRequest, "request.unsupported").Json.Text("errors/0/pointer"));
        request = Bodies.Decide(Bodies.NewId(), brand);
        request["consumer"]!["aliases"] = new JsonArray("anon-7");
        Assert.Equal("/consumer/aliases", (await _api.PostAsync("/v1/decisions", request)).ExpectProblem(HttpStatusCode.BadRequest, "request.unsupported").Json.Text("errors/0/pointer"));
    }

    private async Task<string> PutAsync(string pointer, JsonNode value)
    {
        JsonObject document = Brands.Plain();
        string[] parts = pointer[1..].Split('/');
        JsonNode parent = parts.Length == 1 ? document : document.At(string.Join('/', parts[..^1]))!;
        parent[parts[^1]] = value;
        return await _api.PutNewAsync(document);
    }

    private async Task<JsonObject> ForAdultsAsync(bool consent)
    {
        JsonObject document = Brands.Plain().With("requireConsent", true).With("audiences", JsonNode.Parse("""{ "adults": { "attribute": "age", "from": 18, "to": 120 } }"""));
        document["campaigns"]!["one"]!["targeting"] = JsonNode.Parse("""{ "audiences": ["adults"] }""");
        JsonObject request = Bodies.Decide(Bodies.NewId(), await _api.PutNewAsync(document));
        request["consumer"]!["attributes"] = new JsonObject { ["age"] = 31 };
        request["consumer"]!["consent"] = consent ? true : null;
        return request;
    }

    private async Task<JsonNode> CappedAsync()
    {
        string brand = await _api.PutNewAsync(Brands.Plain(1).With("caps", JsonNode.Parse("""[ { "max": 1, "per": "1d" } ]""")));
        string consumer = Bodies.NewId();
        JsonNode shown = (await DecideAsync(Bodies.Decide(consumer, brand))).At("placements/0/decisions/0")!;
        (await _api.GetAsync(shown.Text("impressionUrl")!)).Ok();
        JsonNode answer = await DecideAsync(Bodies.Decide(consumer, brand).With("explain", true));
        Assert.InRange(answer.Instant("placements/0/noDecision/retryAfter") - DateTimeOffset.UtcNow, TimeSpan.FromHours(23), TimeSpan.FromHours(25));
        return answer;
    }

    private async Task<DateTimeOffset?> NothingAsync(JsonObject request, string reason, bool retries)
    {
        JsonNode answer = await DecideAsync(request);
        Assert.Empty(answer.List("placements/0/decisions"));
        Assert.Equal(reason, answer.Text("placements/0/noDecision/reason"));
        Assert.Equal(["reason", "retryAfter"], answer.At("placements/0/noDecision").Members());
        Assert.Equal(retries, answer.At("placements/0/noDecision/retryAfter") is not null);
        return retries ? answer.Instant("placements/0/noDecision/retryAfter") : null;
    }

    private async Task<JsonNode> DecideAsync(JsonObject request) => (await _api.PostAsync("/v1/decisions", request)).Ok().Json;

    private async Task<JsonNode> ReadAsync(string consumer, string brand) => (await _api.GetAsync($"/v1/consumers/{consumer}")).Ok().Json.At($"brands/{brand}")!;
}
