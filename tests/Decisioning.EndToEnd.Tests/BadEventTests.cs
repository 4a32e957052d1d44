using System.Text.Json.Nodes;
using Decisioning.EndToEnd.Tests.Support;

namespace Decisioning.EndToEnd.Tests;

/// <summary>Events that are refused one by one, each by its code, with nothing changed.</summary>
public sealed class BadEventTests(SharedServer shared)
{
    private const int RefundsThatWait = 16;
    private const int EventIds = 4_096;
    private static readonly string Long = new('x', 10_000);

    private readonly ApiClient _api = shared.Api;

    /// <summary>Code; what is laid over a sound view, null for what is left out; minutes from now.</summary>
    public static TheoryData<string, string, double> Events { get; } = new()
    {
        { "event.unknown_type", """{ "type": "hover" }""", 0 },
        { "event.unknown_type", """{ "type": "View" }""", 0 },
        { "event.unknown_brand", """{ "brand": "nobody" }""", 0 },
        { "event.bad_id", """{ "eventId": "" }""", 0 },
        { "event.bad_id", $$"""{ "eventId": "{{Long}}" }""", 0 },
        { "event.bad_id", """{ "consumerId": "" }""", 0 },
        { "event.bad_id", $$"""{ "consumerId": "{{Long}}" }""", 0 },
        { "event.bad_id", $$"""{ "item": "{{Long}}" }""", 0 },
        { "event.bad_id", """{ "type": "purchase", "orderId": "", "value": 1, "currency": "EUR" }""", 0 },
        { "event.missing_field", """{ "eventId": null }""", 0 },
        { "event.missing_field", """{ "type": null }""", 0 },
        { "event.missing_field", """{ "consumerId": null }""", 0 },
        { "event.missing_field", """{ "brand": null }""", 0 },
        { "event.missing_field", """{ "occurredAt": null }""", 0 },
        { "event.missing_field", """{ "type": "purchase", "value": 1, "currency": "EUR" }""", 0 },
        { "event.missing_field", """{ "type": "purchase", "orderId": "o", "currency": "EUR" }""", 0 },
        { "event.missing_field", """{ "type": "deposit", "orderId": "o", "value": 1 }""", 0 },
        { "event.missing_field", """{ "type": "refund", "value": 1, "currency": "EUR" }""", 0 },
        { "event.missing_field", """{ "type": "review" }""", 0 },
        { "event.missing_field", """{ "type": "impression" }""", 0 },
        { "event.bad_value", """{ "eventId": 7 }""", 0 },
        { "event.bad_value", """{ "occurredAt": "yesterday" }""", 0 },
        { "event.bad_value", """{ "occurredAt": "2026-02-30T00:00:00Z" }""", 0 },
        { "event.bad_value", """{ "type": "review", "rating": 6 }""", 0 },
        { "event.bad_value", """{ "type": "purchase", "orderId": "o", "value": -1, "currency": "EUR" }""", 0 },
        { "event.bad_value", """{ "type": "purchase", "orderId": "o", "value": 1.5, "currency": "EUR" }""", 0 },
        { "event.bad_value", """{ "type": "impression", "creative": "none" }""", 0 },
        { "event.currency_mismatch", """{ "type": "purchase", "orderId": "o", "value": 1, "currency": "CNY" }""", 0 },
        { "event.decision_unknown", """{ "type": "impression", "decisionId": "forged" }""", 0 },
        { "event.decision_unknown", $$"""{ "type": "impression", "decisionId": "{{Long}}" }""", 0 },
        { "event.too_old", "{}", -(30 * 24 * 60) - 1 },
        { "event.in_future", "{}", 6 },
    };

    [Theory]
    [MemberData(nameof(Events))]
    public async Task A_bad_event_is_refused_by_its_code(string code, string over, double minutes)
    {
        StillBrand still = await StillBrand.PutAsync(_api);
        JsonObject bad = Bodies.Event(still.Consumer, still.Brand, "view", DateTimeOffset.UtcNow.AddMinutes(minutes));
        foreach ((string member, JsonNode? value) in JsonNode.Parse(over)!.AsObject())
        {
            _ = value is null ? bad.Without(member) : bad.With(member, value.DeepClone());
        }

        JsonNode answer = (await _api.PostAsync("/v1/events", Bodies.Events(bad))).Ok().Json;
        Assert.Equal((0, 0, 1), (answer.Number("accepted"), answer.Number("duplicates"), answer.Number("rejected")));
        Assert.Equal(("rejected", code), (answer.Text("results/0/status"), answer.Text("results/0/code")));
        Assert.NotEmpty(answer.Text("results/0/detail")!);
        await still.ExpectUnchangedAsync();
    }

    [Fact]
    public async Task A_bad_event_takes_no_other_of_its_batch_with_it_and_a_member_twice_is_one_event_s_fault()
    {
        string brand = await _api.PutNewAsync(Brands.Plain());
        string consumer = Bodies.NewId();
        string sound = Bodies.Event(consumer, brand, "view").ToJsonString();
        string twice = Bodies.Event(consumer, brand, "view").ToJsonString().Insert(1, "\"type\":\"cart\",");
        byte[] body = System.Text.Encoding.UTF8.GetBytes($$"""{ "events": [ {{twice}}, {{sound}}, {} ] }""");
        JsonNode answer = (await _api.SendBytesAsync("POST", "/v1/events", body)).Ok().Json;
        Assert.Equal(["event.bad_value", null, "event.missing_field"], answer.List("results").Select(r => r.Text("code")));
        Assert.Equal("Missing: eventId, type, consumerId, brand, occurredAt.", answer.Text("results/2/detail"));
        JsonNode relation = (await _api.GetAsync($"/v1/consumers/{consumer}")).Ok().Json.At($"brands/{brand}")!;
        Assert.Equal(["view"], relation.At("behaviours").Members());
    }

    [Fact]
    public async Task An_event_s_refusal_names_every_fault_and_has_the_first_one_s_code()
    {
        JsonObject bad = Bodies.Event("c", "nobody", "buy").Without("occurredAt").With("rating", 9);
        JsonNode answer = (await _api.PostAsync("/v1/events", Bodies.Events(bad))).Ok().Json;
        Assert.Equal("event.missing_field", answer.Text("results/0/code"));
        Assert.Equal("Missing: occurredAt. There is no event type 'buy'. There is no brand 'nobody'. rating is 1 to 5.", answer.Text("results/0/detail"));
    }

    [Fact]
    public async Task Ids_of_one_character_are_ids()
    {
        string brand = await _api.PutNewAsync(Brands.Plain());
        JsonObject small = Bodies.Event("x", brand, "purchase").With("eventId", "y").With("orderId", "z").With("value", 0).With("currency", "EUR").With("item", "i");
        Assert.Equal("accepted", (await _api.PostAsync("/v1/events", Bodies.Events(small))).Ok().Json.Text("results/0/status"));
    }

    [Fact]
    public async Task Refunds_wait_for_their_orders_up_to_a_bound()
    {
        string brand = await _api.PutNewAsync(Brands.Plain());
        string consumer = Bodies.NewId();
        JsonObject[] refunds = [.. Enumerable.Range(0, RefundsThatWait + 1).Select(i => Bodies.Event(consumer, brand, "refund").With("orderId", $"o-{i}").With("value", 1).With("currency", "EUR"))];
        JsonNode answer = (await _api.PostAsync("/v1/events", Bodies.Events(refunds))).Ok().Json;
        Assert.Equal(RefundsThatWait, answer.Number("accepted"));
        Assert.Equal("event.order_unknown", answer.Text($"results/{RefundsThatWait}/code"));
    }

    [Fact]
    public async Task A_consumer_of_too_many_events_is_full()
    {
        string brand = await _api.PutNewAsync(Brands.Plain());
        string consumer = Bodies.NewId();
        double accepted = 0;
        JsonNode? last = null;
        for (int batch = 0; batch < 5; batch++)
        {
            last = (await _api.PostAsync("/v1/events", Bodies.Events([.. Enumerable.Range(0, 1000).Select(_ => Bodies.Event(consumer, brand, "view"))]))).Ok().Json;
            accepted += last.Number("accepted");
        }

        Assert.Equal(EventIds, accepted);
        Assert.Equal("consumer.full", last.Text("results/999/code"));
        JsonNode relation = (await _api.GetAsync($"/v1/consumers/{consumer}")).Ok().Json.At($"brands/{brand}")!;
        Assert.Equal(EventIds, relation.Number("behaviours/view/count"));
    }
}
