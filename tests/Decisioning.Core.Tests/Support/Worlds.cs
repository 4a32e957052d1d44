using System.Text.Json.Nodes;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Tests.Catalogue;

namespace Decisioning.Core.Tests.Support;

/// <summary>Catalogues to play in, all made from the worked example.</summary>
internal static class Worlds
{
    /// <summary>2026-11-05 12:30 in Shanghai: within the example's flight, in the middle of an hour.</summary>
    public static readonly long Noon = DateTimeOffset.Parse("2026-11-05T04:30:00Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    public const long Hour = 3_600_000;
    public const long Day = 24 * Hour;

    /// <summary>Aurora without targeting, holdout, gap or brand caps and with a reserve of two seconds.</summary>
    public static string PlainDocument(Action<JsonNode>? change = null)
    {
        JsonNode root = JsonNode.Parse(Documents.Example)!;
        root.AsObject().Remove("caps");
        root["rules"]!["reserve"] = "2s";
        root["storylines"]!["launch"]!.AsObject().Remove("gap");
        JsonObject spring = root["campaigns"]!["spring"]!.AsObject();
        spring.Remove("targeting");
        spring.Remove("holdout");
        change?.Invoke(root);
        return root.ToJsonString();
    }

    public static CatalogueSnapshot Plain(Action<JsonNode>? change = null, ServerSettings? settings = null) =>
        new([Documents.Good(PlainDocument(change))], settings ?? ServerSettings.Default, "1");
}
