using System.Text;
using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Tests.Catalogue;

/// <summary>The server's settings and its industry table.</summary>
public class SettingsTests
{
    [Fact]
    public void Settings_compile()
    {
        ServerSettings settings = Compile("""{ "caps": [ { "max": 20, "per": "1d" }, { "max": 500, "per": "lifetime" } ], "competitors": [ [ "aurora", "zenith" ] ] }""").Settings!;
        Assert.Equal([new CapRule(20, Durations.Day), new CapRule(500, CapRule.Lifetime)], settings.Caps);
        Assert.Equal([("aurora", "zenith")], settings.Competitors);
    }

    [Fact]
    public void Settings_may_be_empty()
    {
        ServerSettings settings = Compile("{}").Settings!;
        Assert.Empty(settings.Caps);
        Assert.Empty(settings.Competitors);
    }

    [Theory]
    [InlineData("[]", "", "wrong_type")]
    [InlineData("{", "", "malformed_json")]
    [InlineData("""{ "cap": [] }""", "/cap", "unknown_member")]
    [InlineData("""{ "caps": [ { "max": 0, "per": "1d" } ] }""", "/caps/0/max", "out_of_range")]
    [InlineData("""{ "caps": [ { "max": 1 } ] }""", "/caps/0/per", "missing_member")]
    [InlineData("""{ "competitors": {} }""", "/competitors", "wrong_type")]
    [InlineData("""{ "competitors": [ "a" ] }""", "/competitors/0", "wrong_type")]
    [InlineData("""{ "competitors": [ [ "a" ] ] }""", "/competitors/0", "one_of")]
    [InlineData("""{ "competitors": [ [ "a", "b", "c" ] ] }""", "/competitors/0", "one_of")]
    [InlineData("""{ "competitors": [ [ "a", "a" ] ] }""", "/competitors/0", "one_of")]
    [InlineData("""{ "competitors": [ [ "a", "B" ] ] }""", "/competitors/0/1", "bad_id")]
    [InlineData("""{ "competitors": [ [ "a", 5 ] ] }""", "/competitors/0/1", "wrong_type")]
    public void Settings_faults_are_named(string json, string pointer, string code)
    {
        SettingsResult result = Compile(json);
        Assert.Null(result.Settings);
        Fault fault = Assert.Single(result.Faults);
        Assert.Equal((pointer, code), (fault.Pointer, fault.Code));
    }

    [Fact]
    public void Industries_read()
    {
        Assert.Equal(3, Documents.Industries.MultiplierOf("cars", EventType.Cart));
        Assert.Equal(1, Documents.Industries.MultiplierOf("cars", EventType.Follow));
        Assert.Equal(1, Documents.Industries.MultiplierOf("unheard-of", EventType.Cart));
        Assert.True(Documents.Industries.Has("beauty"));
    }

    [Theory]
    [InlineData("[]", "", "wrong_type")]
    [InlineData("""{ "cars": 2 }""", "/cars", "wrong_type")]
    [InlineData("""{ "cars": { "carts": 2 } }""", "/cars/carts", "unknown_member")]
    [InlineData("""{ "cars": { "cart": -2 } }""", "/cars/cart", "out_of_range")]
    [InlineData("""{ "cars": { "cart": "2" } }""", "/cars/cart", "wrong_type")]
    [InlineData("""{ "Cars": {} }""", "/Cars", "bad_id")]
    [InlineData("""{ "cars": {}, "cars": {} }""", "/cars", "duplicate_member")]
    public void Industry_faults_are_named(string json, string pointer, string code)
    {
        IndustryResult result = IndustryTable.Parse(Encoding.UTF8.GetBytes(json));
        Assert.Null(result.Table);
        Fault fault = Assert.Single(result.Faults);
        Assert.Equal((pointer, code), (fault.Pointer, fault.Code));
    }

    private static SettingsResult Compile(string json) => SettingsCompiler.Compile(Encoding.UTF8.GetBytes(json));
}
