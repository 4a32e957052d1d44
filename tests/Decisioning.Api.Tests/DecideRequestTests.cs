using Decisioning.Api.Tests.Support;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;

namespace Decisioning.Api.Tests;

public class DecideRequestTests
{
    [Fact]
    public async Task A_full_request_reaches_the_host_as_it_was_sent()
    {
        await using TestApi api = await TestApi.StartAsync();
        TestAnswer answer = await api.PostAsync("/v1/decisions", """
            { "requestId": "r-1",
              "consumer": { "id": "c-42", "aliases": [], "attributes": { "age": 31.5, "city": "Oslo", "vip": true }, "consent": true },
              "placements": [
                { "id": "home-top", "channel": "home", "formats": ["video", "image"], "size": "640x360", "count": 3, "confirm": "decision" },
                { "id": "feed" } ],
              "context": { "device": "mobile", "country": "CN", "keywords": ["lipstick", "red"] },
              "events": [], "brands": ["borealis"], "tmaxMs": 50, "explain": true, "test": true, "preview": null, "unknown": [{"deep": 1}] }
            """);

        Assert.Equal(200, (int)answer.Status);
        DecideCommand command = Assert.Single(api.Host.Decided);
        Assert.Equal("r-1", command.RequestId);
        Assert.Equal("c-42", command.ConsumerId);
        Assert.True(command.Consent);
        Assert.Equal(
            [new("age", AttributeValue.Of(31.5)), new("city", AttributeValue.Of("Oslo")), new("vip", AttributeValue.Of(true))], command.Attributes);
        PlacementCommand first = command.Placements[0];
        Assert.Equal(("home-top", "home", "640x360", 3, true), (first.Id, first.Channel, first.Size, first.Count, first.ConfirmAtDecision));
        Assert.Equal(1 << (int)CreativeFormat.Video | 1 << (int)CreativeFormat.Image, first.Formats);
        PlacementCommand second = command.Placements[1];
        Assert.Equal(("feed", null, null, 1, false, 15), (second.Id, second.Channel, second.Size, second.Count, second.ConfirmAtDecision, second.Formats));
        Assert.Equal(("mobile", "CN"), (command.Device, command.Country));
        Assert.Equal(["lipstick", "red"], command.Keywords);
        Assert.Equal(["borealis"], command.Brands.Select(b => b.Id));
        Assert.Same(api.Host.Catalogue, command.Catalogue);
        Assert.Equal(ScriptedHost.Start + 50, command.Deadline);
        Assert.True(command.Explain);
        Assert.True(command.Test);
    }

    [Fact]
    public async Task What_is_left_out_or_null_has_its_default()
    {
        await using TestApi api = await TestApi.StartAsync();
        await api.PostAsync("/v1/decisions", """
            {"requestId":null,"consumer":{"consent":false,"id":null,"attributes":null},"placements":[{"id":"p","count":null}],"events":null,"brands":null,"tmaxMs":null}
            """);
        DecideCommand command = Assert.Single(api.Host.Decided);
        Assert.Null(command.RequestId);
        Assert.Null(command.ConsumerId);
        Assert.False(command.Consent);
        Assert.Null(command.Deadline);
        Assert.Same(api.Host.Catalogue.Brands, command.Brands);
        Assert.False(command.Explain);
        Assert.False(command.Test);
    }

    [Theory]
    [InlineData("[]", " wrong_type")]
    [InlineData("null", " wrong_type")]
    [InlineData("{}", "/consumer missing", "/placements missing")]
    [InlineData("""{"consumer":null,"placements":null}""", "/consumer missing", "/placements missing")]
    [InlineData("""{"consumer":"c","placements":{}}""", "/consumer wrong_type", "/placements wrong_type")]
    [InlineData("""{"consumer":{},"placements":[]}""", "/consumer/id missing", "/placements empty")]
    [InlineData("""{"consumer":{"consent":true},"placements":[{"id":"p"}]}""", "/consumer/id missing")]
    [InlineData("""{"consumer":{"id":""},"placements":[{"id":7}]}""", "/consumer/id empty", "/placements/0/id wrong_type")]
    [InlineData("""{"consumer":{"id":"c"},"placements":[{"id":"p"},{"id":"p"},{}]}""", "/placements/1/id duplicate_value", "/placements/2 missing")]
    [InlineData("""{"consumer":{"id":"c"},"placements":[null,3]}""", "/placements/0 wrong_type", "/placements/1 wrong_type")]
    [InlineData("""{"consumer":{"id":"c"},"placements":[{"id":"p","count":0},{"id":"q","count":21},{"id":"r","count":1.5},{"id":"s","count":"1"}]}""",
        "/placements/0/count out_of_range", "/placements/1/count out_of_range", "/placements/2/count out_of_range", "/placements/3/count wrong_type")]
    [InlineData("""{"consumer":{"id":"c"},"placements":[{"id":"p","formats":["video","vido"]},{"id":"q","formats":[]},{"id":"r","confirm":"never"}]}""",
        "/placements/0/formats/1 unknown_value", "/placements/1/formats empty", "/placements/2/confirm unknown_value")]
    [InlineData("""{"consumer":{"id":"c","id":"d"},"placements":[{"id":"p"}],"explain":true,"explain":true}""",
        "/consumer/id duplicate_member", "/explain duplicate_member")]
    [InlineData("""{"consumer":{"id":"c"},"placements":[{"id":"p"}],"brands":[]}""", "/brands empty")]
    [InlineData("""{"consumer":{"id":"c"},"placements":[{"id":"p"}],"brands":["aurora","nobody","aurora",1]}""",
        "/brands/1 unknown_brand", "/brands/2 duplicate_value", "/brands/3 wrong_type")]
    [InlineData("""{"consumer":{"id":"c"},"placements":[{"id":"p"}],"tmaxMs":0,"explain":1,"test":"no"}""",
        "/tmaxMs out_of_range", "/explain wrong_type", "/test wrong_type")]
    [InlineData("""{"consumer":{"id":"c"},"placements":[{"id":"p"}],"tmaxMs":60001}""", "/tmaxMs out_of_range")]
    [InlineData("""{"consumer":{"id":"c","attributes":{"a":null,"b":[],"":1,"d":1e999,"e":"","x/y~z":{}}},"placements":[{"id":"p"}]}""",
        "/consumer/attributes/a wrong_type", "/consumer/attributes/b wrong_type", "/consumer/attributes/ empty", "/consumer/attributes/d out_of_range",
        "/consumer/attributes/e empty", "/consumer/attributes/x~1y~0z wrong_type")]
    [InlineData("""{"consumer":{"id":"c","attributes":{"a":1,"a":2}},"placements":[{"id":"p"}]}""", "/consumer/attributes/a duplicate_member")]
    [InlineData("""{"consumer":{"id":"c"},"placements":[{"id":"p"}],"context":{"device":1,"country":"","keywords":["",2]}}""",
        "/context/device wrong_type", "/context/country empty", "/context/keywords/0 empty", "/context/keywords/1 wrong_type")]
    [InlineData("""{"consumer":{"id":"c"},"placements":[{"id":"p"}],"events":{}}""", "/events wrong_type")]
    [InlineData("""{"consumer":{"id":"c"},"placements":[{"id":"p"}],"events":[1]}""", "/events/0 wrong_type")]
    public async Task Every_fault_is_named_at_once(string body, params string[] faults)
    {
        await using TestApi api = await TestApi.StartAsync();
        TestAnswer answer = await api.PostAsync("/v1/decisions", body);
        Assert.Equal(400, (int)answer.Status);
        Assert.Equal("request.invalid", answer.Code);
        Assert.Equal(faults, answer.Faults);
        Assert.True(api.Host.IsUntouched);
    }

    [Theory]
    [InlineData("consumer id", 128, "/consumer/id too_long")]
    [InlineData("placements", 30, "/placements too_many")]
    [InlineData("attributes", 32, "/consumer/attributes too_many")]
    [InlineData("attribute name", 64, "/consumer/attributes/NAME too_long")]
    [InlineData("attribute text", 128, "/consumer/attributes/a too_long")]
    [InlineData("keywords", 32, "/context/keywords too_many")]
    [InlineData("keyword", 128, "/context/keywords/0 too_long")]
    [InlineData("request id", 128, "/requestId too_long")]
    public async Task Bounds_are_inclusive_and_what_is_beyond_them_is_named(string what, int most, string fault)
    {
        await using TestApi api = await TestApi.StartAsync();
        Assert.Equal(200, (int)(await api.PostAsync("/v1/decisions", Sized(what, most))).Status);
        TestAnswer answer = await api.PostAsync("/v1/decisions", Sized(what, most + 1));
        Assert.Equal([fault.Replace("NAME", new string('x', most + 1))], answer.Faults);
        Assert.Single(api.Host.Decided);
    }

    [Fact]
    public async Task Lengths_are_counted_in_bytes_of_UTF8()
    {
        await using TestApi api = await TestApi.StartAsync();
        string fits = new('é', 64);
        Assert.Equal(200, (int)(await api.PostAsync("/v1/decisions", Bodies.Decide.Replace("c-42", fits))).Status);
        Assert.Equal(["/consumer/id too_long"], (await api.PostAsync("/v1/decisions", Bodies.Decide.Replace("c-42", fits + "e"))).Faults);
    }

    [Fact]
    public async Task More_than_64_brands_or_50_events_are_refused()
    {
        await using TestApi api = await TestApi.StartAsync();
        string brands = string.Join(',', Enumerable.Repeat("\"aurora\"", 65));
        TestAnswer answer = await api.PostAsync("/v1/decisions", Bodies.Decide.Insert(1, $"\"brands\":[{brands}],"));
        Assert.Contains("/brands too_many", answer.Faults);
        string events = string.Join(',', Enumerable.Repeat(Bodies.Event, 51));
        answer = await api.PostAsync("/v1/decisions", Bodies.Decide.Insert(1, $"\"events\":[{events}],"));
        Assert.Equal(["/events too_many"], answer.Faults);
        Assert.True(api.Host.IsUntouched);
    }

    [Theory]
    [InlineData(""" "preview":{"creative":"vr"}, """, "/preview unsupported")]
    [InlineData(""" "preview":{}, """, "/preview unsupported")]
    public async Task Preview_is_refused(string member, string fault)
    {
        await using TestApi api = await TestApi.StartAsync();
        TestAnswer answer = await api.PostAsync("/v1/decisions", Bodies.Decide.Insert(1, member));
        Assert.Equal("request.unsupported", answer.Code);
        Assert.Equal([fault], answer.Faults);
        Assert.True(api.Host.IsUntouched);
    }

    [Fact]
    public async Task Aliases_are_refused_unless_there_are_none()
    {
        await using TestApi api = await TestApi.StartAsync();
        TestAnswer answer = await api.PostAsync("/v1/decisions", Bodies.Decide.Replace("\"c-42\"", "\"c-42\",\"aliases\":[\"a\"]"));
        Assert.Equal("request.unsupported", answer.Code);
        Assert.Equal(["/consumer/aliases unsupported"], answer.Faults);
        answer = await api.PostAsync("/v1/decisions", Bodies.Decide.Replace("\"c-42\"", "\"c-42\",\"aliases\":[]"));
        Assert.Equal(200, (int)answer.Status);
    }

    [Fact]
    public async Task Escaped_member_names_and_values_are_read_as_what_they_stand_for()
    {
        await using TestApi api = await TestApi.StartAsync();
        await api.PostAsync("/v1/decisions", """{"consumer":{"\u0069d":"c-\ud83d\ude00"},"placements":[{"id":"p","formats":["vid\u0065o"]}]}""");
        DecideCommand command = Assert.Single(api.Host.Decided);
        Assert.Equal("c-😀", command.ConsumerId);
        Assert.Equal(1, command.Placements[0].Formats);
        TestAnswer answer = await api.PostAsync("/v1/decisions", """{"consumer":{"id":"c","\u0069d":"d"},"placements":[{"id":"p"}]}""");
        Assert.Equal(["/consumer/id duplicate_member"], answer.Faults);
    }

    [Fact]
    public async Task Events_inside_reach_the_host_and_what_became_of_each_is_told_in_order()
    {
        await using TestApi api = await TestApi.StartAsync();
        string events = string.Join(
            ',', Bodies.Event, Bodies.Event.Replace("\"cart\"", "7"), Bodies.Event.Replace("c-42", "c-43"), Bodies.Event.Replace("e-1", "e-3"));
        TestAnswer answer = await api.PostAsync("/v1/decisions", Bodies.Decide.Insert(1, $"\"events\":[{events}],"));
        Assert.Equal(["e-1", "e-3"], Assert.Single(api.Host.Decided).Events.Select(e => e.EventId));
        Assert.Equal(
            ["accepted", "rejected", "rejected", "accepted"],
            answer.Json.GetProperty("events").GetProperty("results").EnumerateArray().Select(r => r.GetProperty("status").GetString()));
        Assert.Equal(EventCodes.BadValue, answer.Json.GetProperty("events").GetProperty("results")[1].GetProperty("code").GetString());
        Assert.Equal(EventCodes.BadValue, answer.Json.GetProperty("events").GetProperty("results")[2].GetProperty("code").GetString());
    }

    private static string Sized(string what, int size)
    {
        string text = new('x', size);
        string Many(Func<int, string> one) => string.Join(',', Enumerable.Range(0, size).Select(one));
        return what switch
        {
            "consumer id" => Bodies.Decide.Replace("c-42", text),
            "request id" => Bodies.Decide.Replace("r-1", text),
            "placements" => Bodies.Decide.Replace("""{"id":"home-top"}""", Many(i => $$"""{"id":"p{{i}}"}""")),
            "attributes" => Bodies.Decide.Replace("\"c-42\"", $"\"c\",\"attributes\":{{{Many(i => $"\"a{i}\":1")}}}"),
            "attribute name" => Bodies.Decide.Replace("\"c-42\"", $"\"c\",\"attributes\":{{\"{text}\":1}}"),
            "attribute text" => Bodies.Decide.Replace("\"c-42\"", $"\"c\",\"attributes\":{{\"a\":\"{text}\"}}"),
            "keywords" => Bodies.Decide.Insert(1, $"\"context\":{{\"keywords\":[{Many(_ => "\"k\"")}]}},"),
            _ => Bodies.Decide.Insert(1, $"\"context\":{{\"keywords\":[\"{text}\"]}},"),
        };
    }
}
