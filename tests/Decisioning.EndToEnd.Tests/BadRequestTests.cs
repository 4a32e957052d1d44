using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Decisioning.EndToEnd.Tests.Support;

namespace Decisioning.EndToEnd.Tests;

/// <summary>Bodies that no caller should send: each is refused by its code, changes nothing and leaves the server standing.</summary>
public sealed class BadRequestTests(BadRequestTests.Ground ground) : IClassFixture<BadRequestTests.Ground>
{
    private const string Consumer = "c-1";
    private static readonly string Long = new('x', 10_000);

    /// <summary>Name, status, code, pointer of a fault (or none), body of a decision.</summary>
    public static TheoryData<string, int, string, string?, string> Decisions { get; } = new()
    {
        { "no object", 400, "request.invalid", "", "[]" },
        { "empty", 400, "request.invalid", "/placements", "{}" },
        { "consumer of a wrong type", 400, "request.invalid", "/consumer", Decide("\"consumer\":\"c-1\"") },
        { "no id and no refusal of consent", 400, "request.invalid", "/consumer/id", Decide("\"consumer\":{}") },
        { "id of a wrong type", 400, "request.invalid", "/consumer/id", Decide("\"consumer\":{\"id\":7}") },
        { "id of no characters", 400, "request.invalid", "/consumer/id", Decide("\"consumer\":{\"id\":\"\"}") },
        { "id of 10,000 characters", 400, "request.invalid", "/consumer/id", Decide($"\"consumer\":{{\"id\":\"{Long}\"}}") },
        { "requestId of 10,000 characters", 400, "request.invalid", "/requestId", Decide($"\"requestId\":\"{Long}\"") },
        { "duplicate member", 400, "request.invalid", "/consumer", Decide("\"consumer\":{\"id\":\"c-2\"},\"consumer\":{\"id\":\"c-1\"}") },
        { "duplicate member below", 400, "request.invalid", "/consumer/id", Decide("\"consumer\":{\"id\":\"c-2\",\"id\":\"c-1\"}") },
        { "unknown brand", 400, "request.invalid", "/brands/0", Decide("\"brands\":[\"nobody\"]") },
        { "no brand", 400, "request.invalid", "/brands", Decide("\"brands\":[]") },
        { "65 brands", 400, "request.invalid", "/brands", Decide($"\"brands\":[{string.Join(',', Enumerable.Range(0, 65).Select(i => $"\"b{i}\""))}]") },
        { "no placement", 400, "request.invalid", "/placements", Decide("\"placements\":[]") },
        { "placement without id", 400, "request.invalid", "/placements/0", Decide("\"placements\":[{}]") },
        { "31 placements", 400, "request.invalid", "/placements", Decide($"\"placements\":[{string.Join(',', Enumerable.Range(0, 31).Select(i => $"{{\"id\":\"p{i}\"}}"))}]") },
        { "placement twice", 400, "request.invalid", "/placements/1/id", Decide("\"placements\":[{\"id\":\"p\"},{\"id\":\"p\"}]") },
        { "count 0", 400, "request.invalid", "/placements/0/count", Decide("\"placements\":[{\"id\":\"p\",\"count\":0}]") },
        { "count 21", 400, "request.invalid", "/placements/0/count", Decide("\"placements\":[{\"id\":\"p\",\"count\":21}]") },
        { "count 1.5", 400, "request.invalid", "/placements/0/count", Decide("\"placements\":[{\"id\":\"p\",\"count\":1.5}]") },
        { "unknown format", 400, "request.invalid", "/placements/0/formats/0", Decide("\"placements\":[{\"id\":\"p\",\"formats\":[\"gif\"]}]") },
        { "unknown confirm", 400, "request.invalid", "/placements/0/confirm", Decide("\"placements\":[{\"id\":\"p\",\"confirm\":\"later\"}]") },
        { "tmaxMs 0", 400, "request.invalid", "/tmaxMs", Decide("\"tmaxMs\":0") },
        { "test of a wrong type", 400, "request.invalid", "/test", Decide("\"test\":\"yes\"") },
        { "attribute of a wrong type", 400, "request.invalid", "/consumer/attributes/age", Decide("\"consumer\":{\"id\":\"c-1\",\"attributes\":{\"age\":[31]}}") },
        { "51 events", 400, "request.invalid", "/events", Decide($"\"events\":[{string.Join(',', Enumerable.Repeat("{}", 51))}]") },
        { "65 levels", 400, "request.malformed", null, Decide($"\"x\":{new string('[', 64)}{new string(']', 64)}") },
        { "100,000 levels", 400, "request.malformed", null, new string('[', 100_000) },
        { "cut off", 400, "request.malformed", null, "{\"consumer\":{\"id\":\"c-" },
        { "nothing", 400, "request.malformed", null, "" },
        { "half a character", 400, "request.malformed", null, Decide("\"requestId\":\"\\ud800\"") },
        { "a comment", 400, "request.malformed", null, "/* */{}" },
        { "1 MiB and a byte", 413, "request.too_large", null, "{}".PadRight((1 << 20) + 1) },
    };

    public static TheoryData<string, int, string, string?, string> Batches { get; } = new()
    {
        { "no object", 400, "request.invalid", "", "7" },
        { "no events", 400, "request.invalid", "/events", "{}" },
        { "events of a wrong type", 400, "request.invalid", "/events", "{\"events\":{}}" },
        { "an event of a wrong type", 400, "request.invalid", "/events/0", "{\"events\":[7]}" },
        { "1,001 events", 400, "request.invalid", "/events", $"{{\"events\":[{string.Join(',', Enumerable.Repeat("{}", 1001))}]}}" },
        { "events twice", 400, "request.invalid", "/events", "{\"events\":[],\"events\":[]}" },
        { "cut off", 400, "request.malformed", null, "{\"events\":[{" },
        { "1 MiB and a byte", 413, "request.too_large", null, "{\"events\":[]}".PadRight((1 << 20) + 1) },
    };

    [Theory]
    [MemberData(nameof(Decisions))]
    public Task Decisions_are_refused(string name, int status, string code, string? pointer, string body) =>
        RefusedAsync(name, "POST", "/v1/decisions", Encoding.UTF8.GetBytes(body), status, code, pointer);

    [Theory]
    [MemberData(nameof(Batches))]
    public Task Batches_are_refused(string name, int status, string code, string? pointer, string body) =>
        RefusedAsync(name, "POST", "/v1/events", Encoding.UTF8.GetBytes(body), status, code, pointer);

    [Theory]
    [InlineData("POST", "/v1/decisions")]
    [InlineData("POST", "/v1/events")]
    [InlineData("PUT", "/v1/brands/ground")]
    [InlineData("PUT", "/v1/settings")]
    [InlineData("PATCH", "/v1/brands/ground/campaigns/one")]
    [InlineData("POST", "/v1/sandbox/clock")]
    public async Task Wrong_encodings_are_refused_everywhere(string method, string path)
    {
        byte[] sound = Encoding.UTF8.GetBytes("{\"a\":\"é\"}");
        await RefusedAsync("Latin-1", method, path, Encoding.Latin1.GetBytes("{\"a\":\"é\"}"), 400, "request.malformed", null);
        await RefusedAsync("UTF-16", method, path, Encoding.Unicode.GetBytes("{}"), 400, "request.malformed", null);
        await RefusedAsync("cut character", method, path, sound[..7], 400, "request.malformed", null);
        await RefusedAsync("overlong", method, path, [.. "{\"a\":\""u8, 0xC0, 0xAF, .. "\"}"u8], 400, "request.malformed", null);

        foreach ((string type, string? encoding) in new[] { ("text/plain", null), ("application/json; charset=utf-16", null), ("application/json", "gzip") })
        {
            ByteArrayContent content = new(sound);
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            if (encoding is not null)
            {
                content.Headers.ContentEncoding.Add(encoding);
            }

            (await ground.Api.SendAsync(method, path, content)).ExpectProblem(HttpStatusCode.UnsupportedMediaType, "request.unsupported_media_type");
        }
    }

    [Theory]
    [InlineData("{}", "/advance")]
    [InlineData("""{ "advance": "-1d" }""", "/advance")]
    [InlineData("""{ "advance": "3 days" }""", "/advance")]
    [InlineData("""{ "advance": "3651d" }""", "/advance")]
    public async Task The_sandbox_s_clock_goes_forward_by_durations_alone(string body, string pointer)
    {
        Answer answer = await ground.Api.SendBytesAsync("POST", "/v1/sandbox/clock", Encoding.UTF8.GetBytes(body));
        answer.ExpectProblem(HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal(pointer, answer.Json.Text("errors/0/pointer"));
    }

    [Theory]
    [InlineData("""{ "status": "stopped" }""", "/status")]
    [InlineData("""{ "status": 1 }""", "/status")]
    [InlineData("{}", "/status")]
    public Task A_status_is_active_or_paused(string body, string pointer) =>
        RefusedAsync("status", "PATCH", "/v1/brands/ground/campaigns/one", Encoding.UTF8.GetBytes(body), 400, "request.invalid", pointer);

    [Fact]
    public async Task Every_fault_of_a_body_is_named_at_once()
    {
        Answer answer = await ground.Api.SendBytesAsync("POST", "/v1/decisions", Encoding.UTF8.GetBytes(
            """{ "requestId": 7, "consumer": { "id": "" }, "placements": [ { "count": 99, "confirm": "x" } ], "tmaxMs": -1, "brands": ["ground", "ground"] }"""));
        answer.ExpectProblem(HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal(
            ["/brands/1", "/consumer/id", "/placements/0", "/placements/0/confirm", "/placements/0/count", "/requestId", "/tmaxMs"],
            answer.Json.List("errors").Select(e => e.Text("pointer")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_consumer_s_address_takes_no_id_beyond_its_bound()
    {
        (await ground.Api.GetAsync($"/v1/consumers/{new string('x', 129)}")).ExpectProblem(HttpStatusCode.BadRequest, "request.invalid");
        (await ground.Api.DeleteAsync($"/v1/consumers/{new string('x', 129)}")).ExpectProblem(HttpStatusCode.BadRequest, "request.invalid");
        (await ground.Api.GetAsync($"/v1/consumers/{new string('x', 128)}")).ExpectProblem(HttpStatusCode.NotFound, "consumer.unknown");
        (await ground.Api.GetAsync("/v1/consumers/x")).ExpectProblem(HttpStatusCode.NotFound, "consumer.unknown");
        (await ground.Api.GetAsync($"/v1/consumers/{Long}")).ExpectProblem(HttpStatusCode.BadRequest, "request.invalid");
        (await ground.Api.GetAsync($"/t/i/{Long}")).ExpectProblem(HttpStatusCode.NotFound, "token.unknown");
        Assert.Equal(HttpStatusCode.RequestUriTooLong, (await ground.Api.GetAsync($"/v1/consumers/{Long}{Long}")).Status);
    }

    [Theory]
    [InlineData("POST", "/v1/decisions")]
    [InlineData("PUT", "/v1/brands/ground")]
    [InlineData("PATCH", "/v1/brands/ground/campaigns/one")]
    public Task A_body_beyond_every_bound_is_refused_by_its_code_though_all_of_it_is_sent(string method, string path) =>
        RefusedAsync("32 MiB", method, path, new byte[32 << 20], 413, "request.too_large", null);

    [Fact]
    public async Task A_body_beyond_every_bound_is_refused_before_it_is_sent()
    {
        ByteArrayContent content = new(new byte[9_000_000]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        (await ground.Api.SendAsync("POST", "/v1/decisions", content, ("Expect", "100-continue"))).ExpectProblem(HttpStatusCode.RequestEntityTooLarge, "request.too_large");
    }

    [Fact]
    public async Task Unknown_members_are_no_fault_of_a_request()
    {
        JsonObject request = Bodies.Decide(Bodies.NewId(), "ground").With("novelty", new JsonObject { ["deep"] = new JsonArray(1) });
        (await ground.Api.PostAsync("/v1/decisions", request)).Ok();
    }

    private async Task RefusedAsync(string name, string method, string path, byte[] body, int status, string code, string? pointer)
    {
        string before = await ground.StateAsync();
        Answer answer = await ground.Api.SendBytesAsync(method, path, body);
        Assert.True((int)answer.Status == status, $"{name}: {answer.Text}");
        answer.ExpectProblem((HttpStatusCode)status, code);
        if (pointer is not null)
        {
            Assert.Contains(pointer, answer.Json.List("errors").Select(e => e.Text("pointer")));
            Assert.All(answer.Json.List("errors"), e => Assert.NotEmpty(e.Text("detail")!));
        }

        Assert.Equal(before, await ground.StateAsync());
    }

    private static string Decide(string member)
    {
        string body = "{";
        foreach ((string name, string value) in new[]
        {
            ("consumer", $"{{\"id\":\"{Consumer}\"}}"), ("placements", "[{\"id\":\"p\"}]"), ("brands", "[\"ground\"]"),
        })
        {
            body += member.StartsWith($"\"{name}\"", StringComparison.Ordinal) ? "" : $"\"{name}\":{value},";
        }

        return $"{body}{member}}}";
    }

    /// <summary>A server with one brand and one consumer, whose whole state can be compared.</summary>
    public sealed class Ground : IAsyncLifetime
    {
        private TestServer? _server;

        internal ApiClient Api => _server!.Api;

        public async ValueTask InitializeAsync()
        {
            _server = await TestServer.StartAsync("--no-demo");
            (await Api.PutAsync("/v1/brands/ground", Brands.Plain())).Ok();
            JsonNode decision = (await Api.PostAsync("/v1/decisions", Bodies.Decide(Consumer, "ground"))).Ok().Json.At("placements/0/decisions/0")!;
            (await Api.GetAsync(decision.Text("viewableUrl")!)).Ok();
        }

        /// <summary>Catalogue, audit trail and consumer, as text.</summary>
        public async Task<string> StateAsync()
        {
            List<string> parts = [];
            foreach (string path in new[] { "/v1/brands", "/v1/brands/ground", "/v1/brands/ground/audit", $"/v1/consumers/{Consumer}", "/readyz" })
            {
                parts.Add((await Api.GetAsync(path)).Ok().Text);
            }

            return string.Join('\n', parts);
        }

        public ValueTask DisposeAsync() => _server!.DisposeAsync();
    }
}
