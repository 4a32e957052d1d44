using System.Globalization;
using System.Text.Json;

namespace Decisioning.Load.Scenarios;

/// <summary>An object of a scenario's file that is being read: takes members by name, collects every fault by JSON pointer, and says in the end which members nobody knows.</summary>
internal sealed class ScenarioNode(JsonElement element, string pointer, List<string> faults)
{
    private const int NearEnough = 2;

    private readonly List<string> _known = [];

    public string Pointer => pointer;

    public void Fault(string member, string fault) => faults.Add($"{pointer}/{member}: {fault}");

    public double Number(string name, double from, double to, double? otherwise = null) => OptionalNumber(name, from, to, required: otherwise is null) ?? otherwise ?? from;

    public double? OptionalNumber(string name, double from, double to, bool required = false)
    {
        if (Find(name, required) is not { } found)
        {
            return null;
        }

        if (found.ValueKind == JsonValueKind.Number && found.TryGetDouble(out double number) && number >= from && number <= to)
        {
            return number;
        }

        Fault(name, $"{found.GetRawText()} is no number from {Text(from)} to {Text(to)}.");
        return null;
    }

    public int Whole(string name, int from, int to, int? otherwise = null) => OptionalWhole(name, from, to, required: otherwise is null) ?? otherwise ?? from;

    public int? OptionalWhole(string name, int from, int to, bool required = false)
    {
        if (Find(name, required) is not { } found)
        {
            return null;
        }

        if (found.ValueKind == JsonValueKind.Number && found.TryGetInt32(out int number) && number >= from && number <= to)
        {
            return number;
        }

        Fault(name, $"{found.GetRawText()} is no whole number from {Text(from)} to {Text(to)}.");
        return null;
    }

    public bool Flag(string name)
    {
        if (Find(name, required: false) is not { } found)
        {
            return false;
        }

        if (found.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return found.GetBoolean();
        }

        Fault(name, $"{found.GetRawText()} is neither true nor false.");
        return false;
    }

    public string? Text(string name, bool required)
    {
        if (Find(name, required) is not { } found)
        {
            return null;
        }

        if (found.ValueKind == JsonValueKind.String && found.GetString() is { Length: > 0 } text)
        {
            return text;
        }

        Fault(name, $"{found.GetRawText()} is no text.");
        return null;
    }

    /// <summary>The member's own object; one without members where it is left out.</summary>
    public ScenarioNode Object(string name, bool required = false)
    {
        JsonElement? found = Find(name, required);
        if (found is { ValueKind: not JsonValueKind.Object } other)
        {
            Fault(name, $"{other.GetRawText()} is no object.");
            found = null;
        }

        return new ScenarioNode(found ?? default, $"{pointer}/{name}", faults);
    }

    /// <summary>The elements of an array; null where it is left out.</summary>
    public IReadOnlyList<JsonElement>? Array(string name)
    {
        if (Find(name, required: false) is not { } found)
        {
            return null;
        }

        if (found.ValueKind == JsonValueKind.Array && found.GetArrayLength() > 0)
        {
            return [.. found.EnumerateArray()];
        }

        Fault(name, "is no array with elements.");
        return null;
    }

    /// <summary>Whether the object was left out.</summary>
    public bool IsAbsent => element.ValueKind == JsonValueKind.Undefined;

    /// <summary>Says which members are none of those that were asked for. Called last.</summary>
    public void Close()
    {
        if (IsAbsent)
        {
            return;
        }

        foreach (string name in element.EnumerateObject().Select(m => m.Name).Where(n => !_known.Contains(n, StringComparer.Ordinal)))
        {
            Fault(name, $"there is no such member{Suggestion.For(name, _known, NearEnough)}.");
        }
    }

    private JsonElement? Find(string name, bool required)
    {
        _known.Add(name);
        if (!IsAbsent && element.TryGetProperty(name, out JsonElement found))
        {
            return found;
        }

        if (required)
        {
            Fault(name, "is missing.");
        }

        return null;
    }

    private static string Text(double number) => number.ToString("#,0.######", CultureInfo.InvariantCulture);
}
