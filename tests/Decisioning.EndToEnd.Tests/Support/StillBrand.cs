using System.Text.Json.Nodes;

namespace Decisioning.EndToEnd.Tests.Support;

/// <summary>A brand of the shared server and a consumer who was shown it once: what bad input must leave as it is.</summary>
internal sealed class StillBrand
{
    private readonly ApiClient _api;
    private string _state = "";

    private StillBrand(ApiClient api, string brand)
    {
        _api = api;
        Brand = brand;
    }

    public string Brand { get; }

    public string Consumer { get; } = Bodies.NewId();

    /// <summary>The decision that the consumer was shown.</summary>
    public JsonNode Shown { get; private set; } = new JsonObject();

    /// <summary>A decision that nothing has happened to yet.</summary>
    public JsonNode Unused { get; private set; } = new JsonObject();

    public static async Task<StillBrand> PutAsync(ApiClient api)
    {
        StillBrand still = new(api, await api.PutNewAsync(Brands.Plain()));
        still.Shown = await still.AskAsync();
        still.Unused = await still.AskAsync();
        (await api.GetAsync(still.Shown.Text("viewableUrl")!)).Ok();
        still._state = await still.StateAsync();
        return still;
    }

    /// <summary>The test fails where brand, audit trail or consumer are not what they were, or the server does not stand.</summary>
    public async Task ExpectUnchangedAsync() => Assert.Equal(_state, await StateAsync());

    private async Task<JsonNode> AskAsync() => (await _api.PostAsync("/v1/decisions", Bodies.Decide(Consumer, Brand))).Ok().Json.At("placements/0/decisions/0")!;

    private async Task<string> StateAsync()
    {
        List<string> parts = [];
        foreach (string path in new[] { $"/v1/brands/{Brand}", $"/v1/brands/{Brand}/audit", $"/v1/consumers/{Consumer}", "/readyz" })
        {
            parts.Add((await _api.GetAsync(path)).Ok().Text);
        }

        return string.Join('\n', parts);
    }
}
