using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Decisioning.Tests.Common;

namespace Decisioning.Lab.Tests.Support;

/// <summary>A server that takes everything and writes down what it was asked, in the order it was asked.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Lock _gate = new();
    private readonly List<string> _log = [];
    private readonly Task _serving;
    private readonly string _brand;
    private int _busy;

    /// <param name="busy">So many requests are first answered with 429.</param>
    /// <param name="brand">The document of its one brand, <c>borealis</c>.</param>
    public FakeServer(int busy = 0, string brand = """{ "currency": "EUR" }""")
    {
        _busy = busy;
        _brand = brand;
        Url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Loopback.FreePort()}/");
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url { get; }

    /// <summary>What was sent for each consumer: <c>type</c> for an event, <c>decide</c> for a question; batches as <c>batch SIZE</c>, keys as <c>key TEXT</c>.</summary>
    public IReadOnlyList<string> Log
    {
        get
        {
            lock (_gate)
            {
                return [.. _log];
            }
        }
    }

    public int Refused { get; private set; }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext call;
            try
            {
                call = await _listener.GetContextAsync();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using StreamReader body = new(call.Request.InputStream, Encoding.UTF8);
            string sent = await body.ReadToEndAsync();
            byte[] answer = Encoding.UTF8.GetBytes(Answer(call, sent));
            call.Response.ContentLength64 = answer.Length;
            await call.Response.OutputStream.WriteAsync(answer);
            call.Response.Close();
        }
    }

    private string Answer(HttpListenerContext call, string sent)
    {
        lock (_gate)
        {
            if (_busy > 0)
            {
                _busy--;
                Refused++;
                call.Response.StatusCode = 429;
                call.Response.Headers["Retry-After"] = "0";
                return "{}";
            }

            _log.Add($"key {call.Request.Headers["X-Api-Key"]}");
            return call.Request.Url!.AbsolutePath switch
            {
                "/v1/events" => Events(JsonDocument.Parse(sent).RootElement.GetProperty("events")),
                "/v1/decisions" => Decision(JsonDocument.Parse(sent).RootElement),
                "/v1/brands/borealis" => _brand,
                _ => """{ "brands": { "borealis": { "stage": "interest" } } }""",
            };
        }
    }

    private string Events(JsonElement events)
    {
        _log.Add($"batch {events.GetArrayLength()}");
        foreach (JsonElement e in events.EnumerateArray())
        {
            _log.Add($"{e.GetProperty("consumerId")} {e.GetProperty("type")}{(e.TryGetProperty("currency", out JsonElement currency) ? $" {currency}" : "")}");
        }

        return JsonSerializer.Serialize(new { results = events.EnumerateArray().Select(e => new { eventId = e.GetProperty("eventId").GetString(), status = "accepted" }) });
    }

    private string Decision(JsonElement request)
    {
        _log.Add($"{request.GetProperty("consumer").GetProperty("id")} decide");
        return """{ "placements": [ { "decisions": [], "noDecision": { "reason": "pacing", "retryAfter": null } } ] }""";
    }
}
