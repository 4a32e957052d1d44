using System.Text;
using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Tests.Catalogue;

/// <summary>What is not a document at all is one fault with its place; what is one has all its faults named at once.</summary>
public class UnreadableDocumentTests
{
    [Theory]
    [InlineData("", "line 1, position 1")]
    [InlineData("{", "line 1, position 2")]
    [InlineData("{ \"name\": \"a\",\n  \"name\": \"b\",\n  oops }", "line 3, position 3")]
    [InlineData("{} {}", "line 1, position 4")]
    [InlineData("{ \"a\": 1, }", "line 1, position 11")]
    [InlineData("{ /* no */ }", "line 1, position 3")]
    [InlineData("{ \"name\": 'a' }", "line 1, position 11")]
    [InlineData("{ \"name\": 01 }", "line 1, position 12")]
    [InlineData("{\n \"name\": \"\\ud800\" }", "line 2, position 10")]
    public void Malformed(string json, string place) => AssertOne(Encoding.UTF8.GetBytes(json), FaultCodes.MalformedJson, place);

    [Fact]
    public void Invalid_utf8() => AssertOne([.. "{\n\"name\": \"a"u8, 0xC3, 0x28, .. "\" }"u8], FaultCodes.InvalidUtf8, "line 2, position 11");

    [Theory]
    [InlineData(65)]
    [InlineData(100_000)]
    public void Too_deep(int depth) => AssertOne(Encoding.UTF8.GetBytes(new string('[', depth)), FaultCodes.TooDeep, "more than 64 levels deep at line 1, position 65");

    [Fact]
    public void Deep_enough() => Assert.Equal(
        FaultCodes.WrongType, Assert.Single(Documents.Compile(new string('[', 64) + new string(']', 64)).Faults).Code);

    [Fact]
    public void Repeated_members_are_faults_wherever_they_are()
    {
        CompileResult result = Documents.Compile("""{ "name": "a", "rules": { "reserve": "1m", "reserve": "2m" }, "name": "b", "creatives": { "x": {}, "x": {} } }""");
        Assert.Equal(
            ["/rules/reserve", "/name", "/creatives/x"],
            result.Faults.Where(f => f.Code == FaultCodes.DuplicateMember).Select(f => f.Pointer));
    }

    [Fact]
    public void Every_fault_is_named_at_once_in_document_order()
    {
        const string Json = """
            { "nam": "x", "timeZone": "Mars/Base", "currency": "cny",
              "rules": { "reserve": "1y", "windows": { "loyalty": "999d" } },
              "creatives": { "a": { "like": "b" }, "b": { "like": "a" }, "c/~": { "format": "gif", "url": "x" } },
              "storylines": { "s": { "steps": [ { "id": "one", "for": [ "fan" ], "creatives": [ "cc" ] } ] } },
              "campaigns": { "k": { "storyline": "t", "budget": { "total": "-1" }, "holdout": 7 } },
              "caps": [ { "max": 0, "per": "1d" } ] }
            """;
        Assert.Equal(
        [
            ("/nam", FaultCodes.UnknownMember),
            ("/timeZone", FaultCodes.BadTimeZone),
            ("/currency", FaultCodes.BadCurrency),
            ("/rules/reserve", FaultCodes.BadDuration),
            ("/rules/windows/loyalty", FaultCodes.OutOfRange),
            ("/creatives/b/like", FaultCodes.Cycle),
            ("/creatives/c~1~0", FaultCodes.BadId),
            ("/creatives/c~1~0/format", FaultCodes.UnknownValue),
            ("/creatives/c~1~0/url", FaultCodes.BadUrl),
            ("/storylines/s/steps/0/for/0", FaultCodes.UnknownValue),
            ("/storylines/s/steps/0/creatives/0", FaultCodes.UnknownId),
            ("/campaigns/k/storyline", FaultCodes.UnknownId),
            ("/campaigns/k/budget/total", FaultCodes.OutOfRange),
            ("/campaigns/k/holdout", FaultCodes.OutOfRange),
            ("/caps/0/max", FaultCodes.OutOfRange),
        ],
            Documents.Compile(Json).Faults.Select(f => (f.Pointer, f.Code)));
    }

    [Theory]
    [InlineData("/campains", "{}", "campaigns")]
    [InlineData("/timezone", "\"UTC\"", "timeZone")]
    [InlineData("/rules/windows/aware", "\"1d\"", null)]
    [InlineData("/campaigns/spring/buget", "{}", "budget")]
    [InlineData("/storylines/launch/steps/0/substitute", "\"runway-stil\"", "runway-still")]
    [InlineData("/storylines/launch/steps/1/after/0/step", "\"runawy\"", "runway")]
    [InlineData("/campaigns/spring/storyline", "\"lanuch\"", "launch")]
    [InlineData("/campaigns/spring/targeting/audiences/0", "\"city-25-45\"", "city-25-40")]
    [InlineData("/timeZone", "\"Asia/Shangai\"", "Asia/Shanghai")]
    [InlineData("/creatives/vr/format", "\"htm\"", "html")]
    public void A_mistyped_name_comes_with_a_suggestion(string pointer, string value, string? meant)
    {
        string detail = Documents.Compile(Documents.With(pointer, value)).Faults.Single(f => f.Pointer == pointer).Detail;
        Assert.EndsWith(meant is null ? "; known here: awareness, interest, purchase, loyalty." : $"; did you mean \"{meant}\"?", detail, StringComparison.Ordinal);
    }

    private static void AssertOne(byte[] json, string code, string place)
    {
        CompileResult result = Documents.Compile(json);
        Assert.Null(result.Brand);
        Fault fault = Assert.Single(result.Faults);
        Assert.Equal(("", code), (fault.Pointer, fault.Code));
        Assert.Contains(place, fault.Detail, StringComparison.Ordinal);
    }
}
