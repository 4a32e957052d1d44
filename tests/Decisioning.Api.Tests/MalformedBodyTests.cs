using System.Text;
using Decisioning.Api.Tests.Support;

namespace Decisioning.Api.Tests;

public class MalformedBodyTests
{
    public static TheoryData<string, string> Paths { get; } = new()
    {
        { "POST", "/v1/decisions" }, { "POST", "/v1/events" }, { "POST", "/v1/sandbox/decisions" }, { "POST", "/v1/sandbox/events" },
        { "POST", "/v1/sandbox/clock" }, { "PUT", "/v1/brands/aurora" }, { "PUT", "/v1/settings" }, { "PATCH", "/v1/brands/aurora/campaigns/spring" },
        { "PATCH", "/v1/brands/aurora/creatives/runway-a" },
    };

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task What_is_not_JSON_is_refused_everywhere_and_changes_nothing(string method, string path)
    {
        await using TestApi api = await TestApi.StartAsync();
        foreach (byte[] body in Broken())
        {
            TestAnswer answer = await api.SendBytesAsync(method, path, body);
            Assert.Equal(400, (int)answer.Status);
            Assert.Equal("request.malformed", answer.Code);
            Assert.True(answer.Json.GetProperty("line").GetInt64() >= 1);
            Assert.True(answer.Json.GetProperty("position").GetInt64() >= 1);
        }

        Assert.True(api.Host.IsUntouched);
        Assert.True(api.Sandbox.Host.IsUntouched);
        Assert.Equal(ScriptedHost.Start, api.Sandbox.Host.Now);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Only_JSON_in_UTF8_without_encoding_is_taken(string method, string path)
    {
        await using TestApi api = await TestApi.StartAsync();
        foreach (string type in new[] { "text/plain", "application/jsonx", "application/x-www-form-urlencoded", "application/json; charset=utf-16" })
        {
            TestAnswer answer = await api.SendAsync(method, path, Bodies.Decide, ("Content-Type", type));
            Assert.Equal(415, (int)answer.Status);
            Assert.Equal("request.unsupported_media_type", answer.Code);
        }

        Assert.Equal(415, (int)(await api.SendAsync(method, path, Bodies.Decide, ("Content-Encoding", "gzip"))).Status);
        Assert.Equal(415, (int)(await api.SendAsync(method, path, null)).Status);
        Assert.True(api.Host.IsUntouched);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json;charset=\"UTF-8\"")]
    [InlineData("APPLICATION/JSON")]
    public async Task JSON_may_say_its_charset(string type)
    {
        await using TestApi api = await TestApi.StartAsync();
        Assert.Equal(200, (int)(await api.PostAsync("/v1/decisions", Bodies.Decide, ("Content-Type", type))).Status);
    }

    [Fact]
    public async Task A_syntax_error_is_placed_by_line_and_position()
    {
        await using TestApi api = await TestApi.StartAsync();
        TestAnswer answer = await api.PostAsync("/v1/decisions", "{\n  \"consumer\": x }");
        Assert.Equal((2, 15), (answer.Json.GetProperty("line").GetInt32(), answer.Json.GetProperty("position").GetInt32()));
        answer = await api.SendBytesAsync("POST", "/v1/decisions", [.. "{\n\"a\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        Assert.Equal((2, 6), (answer.Json.GetProperty("line").GetInt32(), answer.Json.GetProperty("position").GetInt32()));
    }

    [Theory]
    [InlineData("""\ud800""", false)]
    [InlineData("""\udbff""", false)]
    [InlineData("""\uDBFFx""", false)]
    [InlineData("""\udbff\udbff""", false)]
    [InlineData("""\udc00""", false)]
    [InlineData("""\udfff""", false)]
    [InlineData("""\ud800\udc00\udc00""", false)]
    [InlineData("""\ud800\udc00""", true)]
    [InlineData("""\udbff\udfff""", true)]
    [InlineData("""\\ud800""", true)]
    [InlineData("""\ud7ff\ue000\n""", true)]
    public async Task Escapes_may_not_stand_for_half_a_character(string text, bool sound)
    {
        await using TestApi api = await TestApi.StartAsync();
        foreach (string body in new[] { Bodies.Decide.Replace("c-42", text), Bodies.Decide.Insert(1, $"\"unknown\":\"{text}\",") })
        {
            Assert.Equal(sound ? 200 : 400, (int)(await api.PostAsync("/v1/decisions", body)).Status);
        }
    }

    [Fact]
    public async Task Nesting_down_to_64_levels_is_read_and_no_deeper()
    {
        await using TestApi api = await TestApi.StartAsync();
        Assert.Equal(200, (int)(await api.PostAsync("/v1/decisions", Nested(63))).Status);
        Assert.Equal("request.malformed", (await api.PostAsync("/v1/decisions", Nested(64))).Code);
    }

    [Theory]
    [InlineData("/v1/decisions", 1 << 20)]
    [InlineData("/v1/events", 1 << 20)]
    [InlineData("/v1/sandbox/clock", 4096)]
    public async Task A_body_beyond_its_bound_is_refused_whether_or_not_its_length_is_stated(string path, int most)
    {
        await using TestApi api = await TestApi.StartAsync();
        byte[] fits = Encoding.UTF8.GetBytes("{}".PadRight(most));
        Assert.Equal(400, (int)(await api.SendBytesAsync("POST", path, fits)).Status);

        byte[] larger = Encoding.UTF8.GetBytes("{}".PadRight(most + 1));
        TestAnswer answer = await api.SendBytesAsync("POST", path, larger);
        Assert.Equal(413, (int)answer.Status);
        Assert.Equal("request.too_large", answer.Code);

        answer = await api.SendBytesAsync("POST", path, larger, ("Transfer-Encoding", "chunked"));
        Assert.Equal("request.too_large", answer.Code);
    }

    private static string Nested(int levels) => Bodies.Decide.Insert(1, $"\"x\":{new string('[', levels)}{new string(']', levels)},");

    private static IEnumerable<byte[]> Broken()
    {
        string[] texts =
        [
            "", " ", "{", "}", "{\"a\":1,}", "{'a':1}", "{\"a\":01}", "{\"a\":NaN}", "// no\n{}", "{} {}", "{}x", "[1,2", "\"text", "{\"a\":\"\u0001\"}", "tru",
            "{\"a\":\"\\ud800\"}", "{\"a\":\"\\udc00\\ud800\"}", "{\"a\":\"\\ud800\\u0041\"}", "{\"\\udfff\":1}", "{\"a\":\"\\x\"}", "\ufeff{}",
            new string('[', 100_000)[..4000],
        ];
        foreach (string text in texts)
        {
            yield return Encoding.UTF8.GetBytes(text);
        }

        yield return [.. "{\"a\":\""u8, 0xFF, .. "\"}"u8];
        yield return [.. "{\"a\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8];
        yield return [.. "{\"a\":\""u8, 0xC0, 0xAF, .. "\"}"u8];
        yield return Encoding.Unicode.GetBytes("{}");
    }
}
