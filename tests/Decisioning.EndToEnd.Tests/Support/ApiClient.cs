using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Decisioning.EndToEnd.Tests.Support;

/// <summary>Calls the server as any client would; follows no redirect.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;

    /// <param name="url">The server.</param>
    /// <param name="headers">Sent with every request.</param>
    public ApiClient(Uri url, params (string Name, string Value)[] headers)
    {
        Url = url;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = url };
        foreach ((string name, string value) in headers)
        {
            _http.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        }
    }

    public Uri Url { get; }

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync("GET", path, null, headers);

    public Task<Answer> DeleteAsync(string path, params (string Name, string Value)[] headers) => SendAsync("DELETE", path, null, headers);

    public Task<Answer> PostAsync(string path, JsonNode body, params (string Name, string Value)[] headers) => SendJsonAsync("POST", path, body, headers);

    public Task<Answer> PutAsync(string path, JsonNode body, params (string Name, string Value)[] headers) => SendJsonAsync("PUT", path, body, headers);

    public Task<Answer> PatchAsync(string path, JsonNode body, params (string Name, string Value)[] headers) => SendJsonAsync("PATCH", path, body, headers);

    /// <summary>Sends JSON.</summary>
    public Task<Answer> SendJsonAsync(string method, string path, JsonNode body, params (string Name, string Value)[] headers) =>
        SendAsync(method, path, JsonContent(Encoding.UTF8.GetBytes(body.ToJsonString())), headers);

    /// <summary>Sends any bytes as if they were JSON.</summary>
    public Task<Answer> SendBytesAsync(string method, string path, byte[] body) => SendAsync(method, path, JsonContent(body));

    /// <summary>Sends anything.</summary>
    public async Task<Answer> SendAsync(string method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path) { Content = content };
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return AnswerOf(response, await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>Patches on the calling thread alone: it waits for nothing that else goes on in this process.</summary>
    public Answer PatchHere(string path, JsonNode body)
    {
        using HttpRequestMessage request = new(HttpMethod.Patch, path) { Content = JsonContent(Encoding.UTF8.GetBytes(body.ToJsonString())) };
        using HttpResponseMessage response = _http.Send(request, TestContext.Current.CancellationToken);
        using MemoryStream answered = new();
        response.Content.ReadAsStream().CopyTo(answered);
        return AnswerOf(response, answered.ToArray());
    }

    public void Dispose() => _http.Dispose();

    private static Answer AnswerOf(HttpResponseMessage response, byte[] body)
    {
        Dictionary<string, string> headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer(response.StatusCode, headers, body);
    }

    private static ByteArrayContent JsonContent(byte[] body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
}

/// <summary>What the server answered.</summary>
internal sealed record Answer(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The body as JSON.</summary>
    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>The problem's code.</summary>
    public string? Code => Json["code"]?.GetValue<string>();

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>Itself, where its status is the one expected; otherwise the test fails and shows the body.</summary>
    public Answer Expect(HttpStatusCode status)
    {
        Assert.True(Status == status, $"Expected {(int)status}, got {(int)Status}: {Text}");
        return this;
    }

    /// <summary>Itself, where it is a whole problem with that status and code.</summary>
    public Answer ExpectProblem(HttpStatusCode status, string code)
    {
        Expect(status);
        Assert.Equal("application/problem+json", Header("Content-Type"));
        Assert.Equal(code, Code);
        Assert.Equal((int)status, Json["status"]!.GetValue<int>());
        Assert.NotEmpty(Json["title"]!.GetValue<string>());
        Assert.NotEmpty(Json["detail"]!.GetValue<string>());
        return this;
    }

    public Answer Ok() => Expect(HttpStatusCode.OK);
}
