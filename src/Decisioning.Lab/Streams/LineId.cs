using System.Globalization;

namespace Decisioning.Lab.Streams;

/// <summary>Ids made from a line: the same line at the same place gives the same id, whatever the file is called.</summary>
internal static class LineId
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>The line's number and 8 hexadecimal digits of its FNV-1a hash.</summary>
    public static string Of(long number, ReadOnlySpan<byte> line)
    {
        ulong hash = Offset;
        foreach (byte b in line)
        {
            hash = (hash ^ b) * Prime;
        }

        return string.Create(CultureInfo.InvariantCulture, $"line-{number}-{(uint)(hash ^ hash >> 32):x8}");
    }
}
