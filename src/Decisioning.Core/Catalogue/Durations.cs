using System.Globalization;

namespace Decisioning.Core.Catalogue;

/// <summary>Durations as people write them in catalogues: a whole number and one unit, <c>30s 15m 4h 15d</c>; <c>0</c> needs no unit.</summary>
public static class Durations
{
    public const long Second = 1_000;
    public const long Minute = 60 * Second;
    public const long Hour = 60 * Minute;
    public const long Day = 24 * Hour;

    private const int MaxDigits = 9;

    /// <summary>Reads a duration.</summary>
    /// <param name="milliseconds">The length, 0 or more; 0 where the text is no duration.</param>
    /// <returns>False for anything but up to nine digits and one of <c>s m h d</c>.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out long milliseconds)
    {
        milliseconds = 0;
        if (text is "0")
        {
            return true;
        }

        if (text.Length is < 2 or > MaxDigits + 1 ||
            UnitOf(text[^1]) is not { } unit ||
            !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int count))
        {
            return false;
        }

        milliseconds = count * unit;
        return true;
    }

    /// <summary>Writes whole seconds in the largest unit that divides them.</summary>
    public static string Format(long milliseconds)
    {
        foreach ((long unit, char letter) in ((long, char)[])[(Day, 'd'), (Hour, 'h'), (Minute, 'm')])
        {
            if (milliseconds != 0 && milliseconds % unit == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{milliseconds / unit}{letter}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{milliseconds / Second}s");
    }

    private static long? UnitOf(char letter) => letter switch
    {
        's' => Second,
        'm' => Minute,
        'h' => Hour,
        'd' => Day,
        _ => null,
    };
}
