using System.Text.Json;
using Decisioning.Api.Access;
using Decisioning.Api.Tests.Support;
using Decisioning.Api.Tokens;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record;

namespace Decisioning.Api.Tests;

public class EventsRequestTests
{
    private static readonly DecisionRef Decision = new("c-42", 1, 1, 1, 1, 5, ScriptedHost.Start, 600, PriceModel.Cpm, 30_000);

    [Fact]
    public async Task A_full_event_reaches_the_host_as_it_was_sent()
    {
        await using TestApi api = await TestApi.StartAsync();
        TestAnswer answer = await api.PostAsync("/v1/events", Bodies.Events($$"""
            { "eventId": "e-1", "type": "purchase", "consumerId": "c-42", "brand": "aurora", "occurredAt": "2026-11-11T04:15:00.25+08:00", "item": "sku-9",
              "value": 199000000, "currency": "CNY", "channel": "app", "rating": 5, "orderId": "o-7", "decisionId": "{{Token(api)}}", "creative": "vr", "more": {} }
            """));
        Assert.Equal(200, (int)answer.Status);
        Assert.Equal(1, answer.Json.GetProperty("accepted").GetInt32());
        EventCommand sent = Assert.Single(api.Host.Recorded);
        Assert.Equal(("e-1", EventType.Purchase, "c-42", "aurora"), (sent.EventId, sent.Type, sent.ConsumerId, sent.Brand));
        Assert.Equal(ScriptedHost.Start + 250, sent.OccurredAt);
        Assert.Equal(("sku-9", 199_000_000L, "CNY", "app", 5, "o-7", "vr"),
            (sent.Item, sent.Value, sent.Currency, sent.Channel, sent.Rating, sent.OrderId, sent.Creative));
        Assert.Equal(Decision, sent.Decision);
        Assert.False(sent.DecisionUnreadable);
    }

    [Fact]
    public async Task What_the_rules_judge_is_passed_on_unjudged()
    {
        await using TestApi api = await TestApi.StartAsync();
        string longId = new('x', 10_000);
        await api.PostAsync("/v1/events", Bodies.Events("{}", $$"""{"eventId":"{{longId}}","type":"explode","brand":"nobody"}""", """{"eventId":"","rating":99,"value":-1}"""));
        Assert.Equal(3, api.Host.Recorded.Count);
        Assert.Null(api.Host.Recorded[0].EventId);
        Assert.Null(api.Host.Recorded[0].Type);
        Assert.Equal((longId, "explode", "nobody"), (api.Host.Recorded[1].EventId, api.Host.Recorded[1].TypeName, api.Host.Recorded[1].Brand));
        Assert.Equal(("", 99, -1L), (api.Host.Recorded[2].EventId, api.Host.Recorded[2].Rating, api.Host.Recorded[2].Value));
    }

    [Theory]
    [InlineData("\"eventId\":7", null, "/eventId")]
    [InlineData("\"eventId\":\"e-9\",\"type\":[]", "e-9", "/type")]
    [InlineData("\"eventId\":\"e-9\",\"occurredAt\":\"yesterday\"", "e-9", "/occurredAt")]
    [InlineData("\"eventId\":\"e-9\",\"occurredAt\":\"2026-11-10T20:15:00\"", "e-9", "/occurredAt")]
    [InlineData("\"eventId\":\"e-9\",\"occurredAt\":1794341700", "e-9", "/occurredAt")]
    [InlineData("\"eventId\":\"e-9\",\"value\":1.5", "e-9", "/value")]
    [InlineData("\"eventId\":\"e-9\",\"value\":\"1\"", "e-9", "/value")]
    [InlineData("\"eventId\":\"e-9\",\"value\":99999999999999999999", "e-9", "/value")]
    [InlineData("\"eventId\":\"e-9\",\"rating\":4.5", "e-9", "/rating")]
    [InlineData("\"eventId\":\"e-9\",\"brand\":true", "e-9", "/brand")]
    [InlineData("\"eventId\":\"e-9\",\"decisionId\":{}", "e-9", "/decisionId")]
    [InlineData("\"eventId\":\"e-9\",\"item\":\"a\",\"item\":\"b\"", "e-9", "/item")]
    public async Task An_event_with_a_wrongly_typed_member_is_refused_alone(string members, string? eventId, string place)
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Host.OnRecord = e => e.EventId == "e-2" ? new EventResult("e-2", EventStatus.Duplicate) : new EventResult(e.EventId, EventStatus.Accepted);
        TestAnswer answer = await api.PostAsync("/v1/events", Bodies.Events(Bodies.Event, $"{{{members}}}", Bodies.Event.Replace("e-1", "e-2")));
        Assert.Equal(["e-1", "e-2"], api.Host.Recorded.Select(e => e.EventId));
        Assert.Equal((1, 1, 1),
            (answer.Json.GetProperty("accepted").GetInt32(), answer.Json.GetProperty("duplicates").GetInt32(), answer.Json.GetProperty("rejected").GetInt32()));
        JsonElement refused = answer.Json.GetProperty("results")[1];
        Assert.Equal(eventId, refused.GetProperty("eventId").GetString());
        Assert.Equal("event.bad_value", refused.GetProperty("code").GetString());
        Assert.StartsWith(place, refused.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_the_faults_of_one_event_are_in_its_detail()
    {
        await using TestApi api = await TestApi.StartAsync();
        TestAnswer answer = await api.PostAsync("/v1/events", Bodies.Events("""{"eventId":"e","value":"x","rating":[1]}"""));
        string detail = answer.Json.GetProperty("results")[0].GetProperty("detail").GetString()!;
        Assert.Contains("/value: ", detail, StringComparison.Ordinal);
        Assert.Contains("/rating: ", detail, StringComparison.Ordinal);
        Assert.Empty(api.Host.Recorded);
    }

    [Theory]
    [InlineData("[]", " wrong_type")]
    [InlineData("{}", "/events missing")]
    [InlineData("""{"events":null}""", "/events missing")]
    [InlineData("""{"events":{}}""", "/events wrong_type")]
    [InlineData("""{"events":[{},null,"x"]}""", "/events/1 wrong_type", "/events/2 wrong_type")]
    [InlineData("""{"events":[],"events":[]}""", "/events duplicate_member")]
    public async Task A_list_of_another_shape_refuses_the_request(string body, params string[] faults)
    {
        await using TestApi api = await TestApi.StartAsync();
        TestAnswer answer = await api.PostAsync("/v1/events", body);
        Assert.Equal("request.invalid", answer.Code);
        Assert.Equal(faults, answer.Faults);
        Assert.True(api.Host.IsUntouched);
    }

    [Fact]
    public async Task A_thousand_events_are_taken_and_no_more()
    {
        await using TestApi api = await TestApi.StartAsync();
        Assert.Equal(1000, (await api.PostAsync("/v1/events", Bodies.Events([.. Enumerable.Repeat("{}", 1000)]))).Json.GetProperty("accepted").GetInt32());
        api.Host.Recorded.Clear();
        Assert.Equal(["/events too_many"], (await api.PostAsync("/v1/events", Bodies.Events([.. Enumerable.Repeat("{}", 1001)]))).Faults);
        Assert.True(api.Host.IsUntouched);
    }

    [Theory]
    [InlineData(1000, "The request has 1000 faults.")]
    [InlineData(1500, "The request has 1500 faults; the first 1000 are listed.")]
    public async Task A_thousand_faults_are_listed_and_all_are_counted(int wrong, string detail)
    {
        await using TestApi api = await TestApi.StartAsync();
        string[] members = [.. Enumerable.Repeat("\"events\":7", wrong)];
        TestAnswer answer = await api.PostAsync("/v1/events", $"{{{string.Join(',', members)}}}");
        Assert.Equal(1000, answer.Faults.Length);
        Assert.Equal(detail, answer.Json.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task No_events_are_no_fault()
    {
        await using TestApi api = await TestApi.StartAsync();
        TestAnswer answer = await api.PostAsync("/v1/events", """{"events":[]}""");
        Assert.Equal(0, answer.Json.GetProperty("results").GetArrayLength());
    }

    [Theory]
    [InlineData("")]
    [InlineData("forged")]
    [InlineData("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_decision_id_that_cannot_be_opened_is_said_to_be_unreadable(string token)
    {
        await using TestApi api = await TestApi.StartAsync();
        await api.PostAsync("/v1/events", Bodies.Events($$"""{"eventId":"e","decisionId":"{{token}}"}""", $$"""{"eventId":"f","decisionId":"{{new string('A', 5000)}}"}"""));
        Assert.All(api.Host.Recorded, e => Assert.True(e is { Decision: null, DecisionUnreadable: true }));
        Assert.Equal(2, api.Host.Recorded.Count);
    }

    [Theory]
    [InlineData(TokenRealm.Sandbox)]
    [InlineData(TokenRealm.Trial)]
    public async Task A_decision_that_never_counted_is_unreadable_to_the_live_host(TokenRealm realm)
    {
        await using TestApi api = await TestApi.StartAsync();
        await api.PostAsync("/v1/events", Bodies.Events($$"""{"eventId":"e","decisionId":"{{Token(api, realm)}}"}"""));
        Assert.True(Assert.Single(api.Host.Recorded).DecisionUnreadable);
    }

    [Fact]
    public async Task The_sandbox_reads_its_own_decisions_only()
    {
        await using TestApi api = await TestApi.StartAsync();
        await api.PostAsync("/v1/sandbox/events", Bodies.Events(
            $$"""{"eventId":"e","decisionId":"{{Token(api, TokenRealm.Sandbox)}}"}""", $$"""{"eventId":"f","decisionId":"{{Token(api)}}"}"""));
        Assert.Equal(Decision, api.Sandbox.Host.Recorded[0].Decision);
        Assert.True(api.Sandbox.Host.Recorded[1].DecisionUnreadable);
        Assert.True(api.Host.IsUntouched);
    }

    [Fact]
    public async Task An_event_of_a_brand_that_the_key_may_not_use_is_refused_alone()
    {
        await using TestApi api = await TestApi.StartAsync([TestApi.Key("k", Roles.Ingest, ["borealis"])]);
        TestAnswer answer = await api.PostAsync("/v1/events", Bodies.Events(Bodies.Event, Bodies.Event.Replace("aurora", "borealis")), ("X-Api-Key", "k"));
        Assert.Equal("event.unknown_brand", answer.Json.GetProperty("results")[0].GetProperty("code").GetString());
        Assert.Equal("borealis", Assert.Single(api.Host.Recorded).Brand);
    }

    private static string Token(TestApi api, TokenRealm realm = TokenRealm.Live)
    {
        byte[] text = new byte[TokenRing.MaxTextBytes];
        return System.Text.Encoding.ASCII.GetString(text, 0, api.Tokens.Seal(DecisionFacts.Of(Decision), realm, text));
    }
}
