using System.Text.Json.Nodes;

namespace Decisioning.Api.Tests.Support;

/// <summary>What a client does with a shift: members take the place of what they were, entries of keyed lists that of the entry with their key.</summary>
internal static class ShiftMerge
{
    private static readonly string[] Keyed = ["campaigns", "creatives", "steps", "channels"];

    public static JsonObject Apply(JsonObject pulse, JsonObject shift)
    {
        JsonObject merged = (JsonObject)pulse.DeepClone();
        foreach ((string name, JsonNode? value) in shift)
        {
            if (Keyed.Contains(name))
            {
                MergeEntries((JsonArray)merged[name]!, (JsonArray)value!);
            }
            else
            {
                merged[name] = value?.DeepClone();
            }
        }

        return merged;
    }

    /// <summary>The same pulse with its keyed lists in the order of their keys, for comparing.</summary>
    public static JsonObject Ordered(JsonObject pulse)
    {
        JsonObject ordered = (JsonObject)pulse.DeepClone();
        foreach (string name in Keyed)
        {
            ordered[name] = new JsonArray([.. ((JsonArray)ordered[name]!).OrderBy(KeyOf, StringComparer.Ordinal).Select(e => e!.DeepClone())]);
        }

        return ordered;
    }

    private static void MergeEntries(JsonArray entries, JsonArray changed)
    {
        foreach (JsonNode? entry in changed)
        {
            int at = entries.TakeWhile(e => KeyOf(e) != KeyOf(entry)).Count();
            if (at < entries.Count)
            {
                entries[at] = entry!.DeepClone();
            }
            else
            {
                entries.Add(entry!.DeepClone());
            }
        }
    }

    private static string KeyOf(JsonNode? entry) => $"{entry!["storyline"]} {entry["id"]}";
}
