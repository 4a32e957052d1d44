using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Decisioning.Server.Traffic;

/// <summary>The crowd's calls of the server's own HTTP API, as any site would make them.</summary>
internal sealed class CrowdClient : IDisposable
{
    private const string TrackerRoot = "/t/";

    private readonly HttpClient _http;

    /// <param name="address">Where the server listens, as the machine itself reaches it.</param>
    /// <param name="key">The text of a key with the roles decide and ingest; null where the server has no keys.</param>
    public CrowdClient(Uri address, string? key)
    {
        // A click leads to the landing page, which nobody looks at here.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = address };
        if (key is not null)
        {
            _http.DefaultRequestHeaders.Add("X-Api-Key", key);
        }
    }

    /// <summary>The first decision of a request for one; null where the slot stays empty.</summary>
    /// <exception cref="HttpRequestException">The server refused or did not answer.</exception>
    public async Task<JsonNode?> DecideAsync(JsonObject request, CancellationToken cancellation)
    {
        JsonNode answer = await PostAsync("/v1/decisions", request, cancellation);
        return answer["placements"]?[0]?["decisions"] is JsonArray { Count: > 0 } decisions ? decisions[0] : null;
    }

    /// <summary>Calls a tracker. Its path is taken to the server itself, whatever public address it names.</summary>
    /// <exception cref="HttpRequestException">The server refused or did not answer.</exception>
    public async Task TrackAsync(string url, CancellationToken cancellation)
    {
        string path = url[url.IndexOf(TrackerRoot, StringComparison.Ordinal)..];
        using HttpResponseMessage answer = await _http.GetAsync(path, cancellation);
        if ((int)answer.StatusCode >= StatusCodes.Status400BadRequest)
        {
            throw Refused(path[..(TrackerRoot.Length + 1)], answer);
        }
    }

    /// <summary>Records a batch; how many of it were accepted.</summary>
    /// <exception cref="HttpRequestException">The server refused or did not answer.</exception>
    public async Task<int> RecordAsync(IEnumerable<JsonObject> events, CancellationToken cancellation)
    {
        JsonNode answer = await PostAsync("/v1/events", new JsonObject { ["events"] = new JsonArray([.. events]) }, cancellation);
        return (int)answer["accepted"]!;
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode> PostAsync(string path, JsonObject body, CancellationToken cancellation)
    {
        using HttpResponseMessage answer = await _http.PostAsJsonAsync(path, body, cancellation);
        return answer.IsSuccessStatusCode ? (await answer.Content.ReadFromJsonAsync<JsonNode>(cancellation))! : throw Refused(path, answer);
    }

    private static HttpRequestException Refused(string path, HttpResponseMessage answer) =>
        new($"{path} was answered {(int)answer.StatusCode}.", null, answer.StatusCode);
}
