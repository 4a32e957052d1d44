using System.Globalization;

namespace Decisioning.Core.Catalogue;

/// <summary>What became of reading an amount of money.</summary>
public enum MoneyReading : byte { Good, Malformed, Negative, TooPrecise, TooLarge }

/// <summary>Money as decimal strings in a currency's main unit (<c>"30.00"</c>) and as whole micros, without rounding on the way.</summary>
public static class Money
{
    public const long MicrosPerUnit = 1_000_000;

    /// <summary>The largest amount, in micros: two of them still add up without overflow.</summary>
    public const long MaxMicros = 4_000_000_000_000 * MicrosPerUnit;

    private const int Decimals = 6;

    /// <summary>Reads digits with at most one point and at most six decimals; no sign, exponent, group marks or space.</summary>
    /// <param name="micros">The amount, 0 to <see cref="MaxMicros"/>; 0 where it could not be read.</param>
    public static MoneyReading Parse(ReadOnlySpan<char> text, out long micros)
    {
        micros = 0;
        bool negative = text is ['-', ..];
        ReadOnlySpan<char> digits = negative ? text[1..] : text;
        int point = digits.IndexOf('.');
        ReadOnlySpan<char> whole = point < 0 ? digits : digits[..point];
        ReadOnlySpan<char> fraction = point < 0 ? "0" : digits[(point + 1)..];
        if (!AllDigits(whole) || !AllDigits(fraction))
        {
            return MoneyReading.Malformed;
        }

        if (negative)
        {
            return MoneyReading.Negative;
        }

        if (fraction.Length > Decimals)
        {
            return MoneyReading.TooPrecise;
        }

        if (!long.TryParse(whole, NumberStyles.None, CultureInfo.InvariantCulture, out long units) || units > MaxMicros / MicrosPerUnit)
        {
            return MoneyReading.TooLarge;
        }

        long part = long.Parse(fraction, NumberStyles.None, CultureInfo.InvariantCulture);
        for (int i = fraction.Length; i < Decimals; i++)
        {
            part *= 10;
        }

        long sum = units * MicrosPerUnit + part;
        if (sum > MaxMicros)
        {
            return MoneyReading.TooLarge;
        }

        micros = sum;
        return MoneyReading.Good;
    }

    private static bool AllDigits(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');
}
