using System.Buffers.Text;

namespace Decisioning.Api.Text;

/// <summary>Instants as RFC 3339 text, read and written as UTF-8 without allocating. An instant is milliseconds since the Unix epoch (UTC).</summary>
public static class Rfc3339
{
    /// <summary>Bytes of a written instant: <c>2026-11-10T20:15:00.000Z</c>.</summary>
    public const int Length = 24;

    private const long MillisecondsPerDay = 86_400_000;

    /// <summary>
    /// Reads <c>YYYY-MM-DDTHH:MM:SS[.fraction](Z|±HH:MM)</c>; the offset is required, what lies below a millisecond is cut.
    /// False for anything else, leap seconds and instants outside the years 1 to 9999 included.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long instant)
    {
        instant = 0;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || (text[10] | 0x20) != 't' || text[13] != ':' || text[16] != ':')
        {
            return false;
        }

        if (!Digits(text[..4], out int year) || !Digits(text[5..7], out int month) || !Digits(text[8..10], out int day)
            || !Digits(text[11..13], out int hour) || !Digits(text[14..16], out int minute) || !Digits(text[17..19], out int second))
        {
            return false;
        }

        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = text[19..];
        if (!TakeFraction(ref rest, out int milliseconds) || !TakeOffset(rest, out int offsetMinutes))
        {
            return false;
        }

        long days = new DateOnly(year, month, day).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        long utc = days * MillisecondsPerDay + (hour * 60 + minute - offsetMinutes) * 60_000L + second * 1000L + milliseconds;
        if (utc < First || utc > Last)
        {
            return false;
        }

        instant = utc;
        return true;
    }

    /// <summary>Writes an instant in UTC with milliseconds and <c>Z</c>.</summary>
    /// <param name="instant">Within the years 1 to 9999.</param>
    /// <param name="destination">At least <see cref="Length"/> bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The instant is outside the years 1 to 9999.</exception>
    public static void Format(long instant, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(instant, First);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(instant, Last);
        DateTime time = DateTime.UnixEpoch.AddTicks(instant * TimeSpan.TicksPerMillisecond);
        // The round-trip format has seven digits of a second: keep three and close with the zone.
        Span<byte> whole = stackalloc byte[28];
        Utf8Formatter.TryFormat(time, whole, out _, new System.Buffers.StandardFormat('O'));
        whole[..23].CopyTo(destination);
        destination[23] = (byte)'Z';
    }

    /// <summary>The first instant that can be written.</summary>
    public static long First { get; } = (DateTime.MinValue.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;

    /// <summary>The last instant that can be written.</summary>
    public static long Last { get; } = (DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;

    private static bool Digits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (byte digit in text)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return false;
            }

            value = value * 10 + (digit - '0');
        }

        return true;
    }

    private static bool TakeFraction(ref ReadOnlySpan<byte> rest, out int milliseconds)
    {
        milliseconds = 0;
        if (rest.IsEmpty || rest[0] != '.')
        {
            return true;
        }

        int digits = 1;
        int scale = 100;
        while (digits < rest.Length && char.IsAsciiDigit((char)rest[digits]))
        {
            milliseconds += (rest[digits] - '0') * scale;
            scale /= 10;
            digits++;
        }

        rest = rest[digits..];
        return digits > 1;
    }

    private static bool TakeOffset(ReadOnlySpan<byte> rest, out int minutes)
    {
        minutes = 0;
        if (rest.Length == 1 && (rest[0] | 0x20) == 'z')
        {
            return true;
        }

        if (rest.Length != 6 || rest[0] is not ((byte)'+' or (byte)'-') || rest[3] != ':'
            || !Digits(rest[1..3], out int hours) || !Digits(rest[4..6], out int rem) || hours > 23 || rem > 59)
        {
            return false;
        }

        minutes = (hours * 60 + rem) * (rest[0] == '-' ? -1 : 1);
        return true;
    }
}
