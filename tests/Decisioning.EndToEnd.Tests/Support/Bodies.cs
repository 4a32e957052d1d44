using System.Text.Json.Nodes;

namespace Decisioning.EndToEnd.Tests.Support;

/// <summary>Bodies of requests.</summary>
internal static class Bodies
{
    /// <summary>An id that no other test has.</summary>
    public static string NewId(string name = "c") => $"{name}-{Guid.NewGuid():n}";

    /// <summary>A request for one decision of one brand.</summary>
    public static JsonObject Decide(string consumer, string brand, int count = 1) => new()
    {
        ["consumer"] = new JsonObject { ["id"] = consumer },
        ["placements"] = new JsonArray(Placement("p", count)),
        ["brands"] = new JsonArray(brand),
    };

    public static JsonObject Placement(string id, int count = 1) => new() { ["id"] = id, ["channel"] = "home", ["count"] = count };

    /// <summary>A batch.</summary>
    public static JsonObject Events(params JsonObject[] events) => new() { ["events"] = new JsonArray([.. events]) };

    /// <summary>An event of now.</summary>
    public static JsonObject Event(string consumer, string brand, string type, DateTimeOffset? at = null) => new()
    {
        ["eventId"] = NewId("e"),
        ["type"] = type,
        ["consumerId"] = consumer,
        ["brand"] = brand,
        ["occurredAt"] = Instant(at ?? DateTimeOffset.UtcNow),
    };

    /// <summary>The event with a further member.</summary>
    public static JsonObject With(this JsonObject body, string name, JsonNode? value)
    {
        body[name] = value;
        return body;
    }

    /// <summary>The body without a member.</summary>
    public static JsonObject Without(this JsonObject body, string name)
    {
        body.Remove(name);
        return body;
    }

    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
