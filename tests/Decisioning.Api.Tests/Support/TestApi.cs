using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Decisioning.Api.Access;
using Decisioning.Api.Tokens;
using Decisioning.Api.Watch;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Decisioning.Api.Tests.Support;

/// <summary>The HTTP room over a scripted host, on a real server at a loopback port. Every answer is held against the OpenAPI document.</summary>
internal sealed class TestApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private TestApi(WebApplication app, ApiParts parts, TestLog log)
    {
        _app = app;
        Host = (ScriptedHost)parts.Host;
        Watch = (ScriptedWatch)parts.Watch!;
        Sandbox = (ScriptedSandbox)parts.Sandbox;
        Tokens = parts.Tokens;
        Clock = (TestClock)parts.Clock;
        Log = log;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };
    }

    public ScriptedHost Host { get; }

    public ScriptedWatch Watch { get; }

    public ScriptedSandbox Sandbox { get; }

    public TestClock Clock { get; }

    /// <summary>Everything that was logged.</summary>
    public TestLog Log { get; }

    public TokenRing Tokens { get; }

    public Uri Address { get; }

    public IEnumerable<RouteEndpoint> Routes => ((IEndpointRouteBuilder)_app).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>();

    public static async Task<TestApi> StartAsync(
        IReadOnlyCollection<ApiKey>? keys = null, IEnumerable<string>? origins = null, string? publicUrl = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        TestLog log = new();
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace);
        KeyRing ring = new(keys ?? []);
        ApiParts parts = new()
        {
            Host = new ScriptedHost(),
            Watch = new ScriptedWatch(),
            Sandbox = new ScriptedSandbox(),
            Tokens = NewRing(),
            Keys = ring,
            Lists = new AllowLists(AllowLists.LoopbackHosts, (origins ?? []).Concat(ring.Origins)),
            Clock = new TestClock(),
            PublicUrl = publicUrl,
        };
        builder.Services.AddDecisioning(parts);
        WebApplication app = builder.Build();
        app.UseDecisioningGuard(parts.Lists);
        app.UseRouting();
        app.MapDecisioning();
        await app.StartAsync();
        return new TestApi(app, parts, log);
    }

    /// <summary>Lets one beat of those who watch pass.</summary>
    public void Beat() => Clock.Advance(WatchBounds.Beat);

    public static TokenRing NewRing(byte id = 1, byte fill = 7) => new([(id, Enumerable.Repeat(fill, 32).ToArray())]);

    /// <summary>A key with the text as its secret.</summary>
    public static ApiKey Key(string text, Roles roles, string[]? brands = null, string[]? origins = null, RateBucket? rate = null) =>
        new($"id-{text}", SHA256.HashData(Encoding.UTF8.GetBytes(text)), roles, brands, origins ?? [], rate);

    public Task<TestAnswer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync("GET", path, null, headers);

    public Task<TestAnswer> PostAsync(string path, string json, params (string Name, string Value)[] headers) => SendAsync("POST", path, json, headers);

    /// <summary>Sends a request; a body goes as <c>application/json</c> unless the headers say otherwise.</summary>
    public Task<TestAnswer> SendAsync(string method, string path, string? json, params (string Name, string Value)[] headers) =>
        SendBytesAsync(method, path, json is null ? null : Encoding.UTF8.GetBytes(json), headers);

    public async Task<TestAnswer> SendBytesAsync(string method, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        foreach ((string name, string value) in headers)
        {
            if (name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
            {
                request.Content!.Headers.Remove(name);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using HttpResponseMessage response = await _client.SendAsync(request);
        TestAnswer answer = await TestAnswer.ReadAsync(response);
        ContractCheck.Check(method, path.Split('?')[0], answer);
        return answer;
    }

    /// <summary>Stops the server: everything that was under way has ended then.</summary>
    public Task StopAsync() => _app.StopAsync().WaitAsync(HubClient.Patience);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        Tokens.Dispose();
    }
}

/// <summary>An answer, read whole.</summary>
internal sealed record TestAnswer(HttpStatusCode Status, string? ContentType, byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The problem's code; fails where the answer is no problem of that status.</summary>
    public string Code
    {
        get
        {
            Assert.Equal("application/problem+json", ContentType);
            Assert.Equal((int)Status, Json.GetProperty("status").GetInt32());
            return Json.GetProperty("code").GetString()!;
        }
    }

    /// <summary>The faults as <c>pointer code</c>, in order.</summary>
    public string[] Faults => [.. Json.GetProperty("errors").EnumerateArray().Select(e => $"{e.GetProperty("pointer").GetString()} {e.GetProperty("code").GetString()}")];

    public static async Task<TestAnswer> ReadAsync(HttpResponseMessage response)
    {
        byte[] body = await response.Content.ReadAsByteArrayAsync();
        Dictionary<string, string> headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new TestAnswer(response.StatusCode, response.Content.Headers.ContentType?.ToString(), body, headers);
    }
}
