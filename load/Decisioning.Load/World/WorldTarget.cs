using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Decisioning.Load.World;

/// <summary>A server that a world is put into: its address and an admin key, or none where the server has none.</summary>
internal sealed class WorldTarget : IDisposable
{
    private const int MostTries = 100;
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MostWait = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;

    public WorldTarget(Uri url, string? key)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = url, Timeout = TimeSpan.FromSeconds(30) };
        if (key is not null)
        {
            _http.DefaultRequestHeaders.Add("X-Api-Key", key);
        }
    }

    /// <summary>Sends a request until it is taken: 429 and 503 are waited out as the server asks.</summary>
    /// <param name="method">How.</param>
    /// <param name="path">Below the address, without a slash in front.</param>
    /// <param name="json">The body; null for none.</param>
    /// <param name="fine">Statuses beside 2xx that the caller takes.</param>
    /// <returns>The answer's status and body.</returns>
    /// <exception cref="LoadFailureException">The server does not answer, refuses, or stays too busy.</exception>
    public async Task<(HttpStatusCode Status, byte[] Body)> SendAsync(HttpMethod method, string path, byte[]? json, CancellationToken stop, params HttpStatusCode[] fine)
    {
        for (int tries = 0; tries < MostTries; tries++)
        {
            using HttpRequestMessage request = new(method, path);
            if (json is not null)
            {
                request.Content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            }

            using HttpResponseMessage answer = await SendAsync(request, stop);
            if (answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
            {
                await Task.Delay(WaitOf(answer.Headers.RetryAfter), stop);
                continue;
            }

            byte[] body = await answer.Content.ReadAsByteArrayAsync(stop);
            return answer.IsSuccessStatusCode || fine.Contains(answer.StatusCode)
                ? (answer.StatusCode, body)
                : throw new LoadFailureException(
                    string.Create(CultureInfo.InvariantCulture, $"{method} {_http.BaseAddress}{path} was answered with {(int)answer.StatusCode}: {Text(body)}"));
        }

        throw new LoadFailureException($"{_http.BaseAddress} stayed too busy for {method} {path}.");
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        try
        {
            return await _http.SendAsync(request, stop);
        }
        catch (HttpRequestException e)
        {
            throw new LoadFailureException($"{_http.BaseAddress} does not answer: {e.Message}");
        }
        catch (TaskCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new LoadFailureException($"{_http.BaseAddress} did not answer within {_http.Timeout.TotalSeconds} s.");
        }
    }

    private static TimeSpan WaitOf(RetryConditionHeaderValue? asked)
    {
        TimeSpan wait = asked?.Delta ?? LeastWait;
        return wait < LeastWait ? LeastWait : wait > MostWait ? MostWait : wait;
    }

    private static string Text(byte[] body)
    {
        const int most = 500;
        string text = System.Text.Encoding.UTF8.GetString(body);
        return text.Length > most ? text[..most] + "…" : text;
    }
}
