using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Decisioning.Lab.Replay;

/// <summary>Speaks HTTP with a server: waits as it is told where the server is busy (429, 503), so often and no more. Safe for several threads.</summary>
internal sealed class ServerClient : IDisposable
{
    private const int MostTries = 10;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly HttpClient _http;

    public ServerClient(Uri address, string? key, int connections)
    {
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections, AllowAutoRedirect = false, UseProxy = false })
        {
            BaseAddress = new Uri(address.AbsoluteUri.TrimEnd('/') + "/"),
        };
        if (key is not null)
        {
            _http.DefaultRequestHeaders.Add("X-Api-Key", key);
        }
    }

    /// <summary>Sends until the server has answered with something else than that it is busy.</summary>
    /// <param name="path">Below the server's address, without a slash at its start.</param>
    /// <param name="json">Null: no body.</param>
    /// <exception cref="LabFailureException">Nobody answers, or the server stays busy.</exception>
    public async Task<ServerAnswer> SendAsync(HttpMethod method, string path, ReadOnlyMemory<byte>? json, CancellationToken stop)
    {
        for (int tries = 1; ; tries++)
        {
            using HttpRequestMessage request = new(method, path);
            if (json is { } body)
            {
                request.Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            }

            using HttpResponseMessage response = await SendAsync(request, stop);
            if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
            {
                return new ServerAnswer($"{method} /{path}", response.StatusCode, await response.Content.ReadAsByteArrayAsync(stop));
            }

            if (tries == MostTries)
            {
                throw new LabFailureException($"{method} /{path}: the server answered {(int)response.StatusCode} {MostTries} times.");
            }

            await Task.Delay(WaitOf(response.Headers.RetryAfter, tries), stop);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, stop);
        }
        catch (HttpRequestException fault)
        {
            throw new LabFailureException($"{_http.BaseAddress} does not answer: {fault.Message}");
        }
    }

    private static TimeSpan WaitOf(RetryConditionHeaderValue? asked, int tries)
    {
        TimeSpan wait = asked?.Delta ?? FirstWait * Math.Pow(2, tries - 1);
        return wait < LongestWait ? wait : LongestWait;
    }
}

/// <summary>What a server answered.</summary>
internal sealed record ServerAnswer(string Request, HttpStatusCode Status, byte[] Body)
{
    /// <summary>The body of a 200.</summary>
    /// <exception cref="LabFailureException">It is something else; the message says what.</exception>
    public JsonDocument Json()
    {
        if (Status != HttpStatusCode.OK)
        {
            throw Failure();
        }

        try
        {
            return JsonDocument.Parse(Body);
        }
        catch (JsonException)
        {
            throw new LabFailureException($"{Request}: the answer is not JSON.");
        }
    }

    public LabFailureException Failure()
    {
        const int Shown = 500;
        string body = System.Text.Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, Shown)));
        return new LabFailureException(string.Create(CultureInfo.InvariantCulture, $"{Request}: the server answered {(int)Status}. {body}"));
    }
}
