using System.Globalization;

namespace Decisioning.Api.Text;

/// <summary>Durations as the contract writes them: a whole number and a unit, <c>30s 15m 4h 15d</c>.</summary>
public static class Durations
{
    private static readonly (char Unit, long Milliseconds)[] Units = [('d', 86_400_000), ('h', 3_600_000), ('m', 60_000), ('s', 1000)];

    /// <summary>Reads a duration in milliseconds, from one second to ten years; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long milliseconds)
    {
        const long Most = 3650 * 86_400_000L;
        milliseconds = 0;
        if (text.Length < 2 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count < 1)
        {
            return false;
        }

        foreach ((char unit, long length) in Units)
        {
            if (text[^1] == unit && count <= Most / length)
            {
                milliseconds = count * length;
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes a duration in the largest unit that leaves no rest: <c>7d</c>, <c>36h</c>; milliseconds that fit no unit as <c>1500ms</c>.</summary>
    public static string Format(long milliseconds)
    {
        foreach ((char unit, long length) in Units)
        {
            if (milliseconds % length == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{milliseconds / length}{unit}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");
    }
}
