using System.Globalization;
using System.Text.Json.Nodes;

namespace Decisioning.EndToEnd.Tests.Support;

/// <summary>Reads JSON by short paths: <c>placements/0/decisions/0/step</c>.</summary>
internal static class JsonReading
{
    /// <summary>The node at the path; null where there is none, or where it is null.</summary>
    public static JsonNode? At(this JsonNode? node, string path)
    {
        foreach (string part in path.Split('/'))
        {
            node = node switch
            {
                JsonArray list => int.Parse(part, CultureInfo.InvariantCulture) is var index && index < list.Count ? list[index] : null,
                JsonObject members => members[part],
                _ => null,
            };
        }

        return node;
    }

    public static string? Text(this JsonNode? node, string path) => node.At(path)?.GetValue<string>();

    public static double Number(this JsonNode? node, string path) => node.At(path)!.GetValue<double>();

    public static DateTimeOffset Instant(this JsonNode? node, string path) => node.At(path)!.GetValue<DateTimeOffset>();

    public static JsonArray List(this JsonNode? node, string path) => node.At(path)!.AsArray();

    /// <summary>The names of an object's members, in its order.</summary>
    public static string[] Members(this JsonNode? node) => [.. node!.AsObject().Select(m => m.Key)];

    public static bool IsNull(this JsonNode? node, string path) => node.At(path) is null;
}
