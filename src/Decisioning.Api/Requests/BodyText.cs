using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Decisioning.Api.Replies;

namespace Decisioning.Api.Requests;

/// <summary>What must hold of a body's bytes before it is read as JSON: valid UTF-8, and no escape that stands for half a character.</summary>
internal static class BodyText
{
    /// <summary>Null where the text is sound; otherwise what is wrong, with line and position.</summary>
    public static Problem? Check(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
        {
            return Malformed(body, FirstInvalid(body), "The body is not valid UTF-8.");
        }

        int escape = body.IndexOf((byte)'\\');
        if (escape >= 0 && FirstLoneSurrogate(body, escape) is int at and >= 0)
        {
            return Malformed(body, at, "A \\u escape stands for half of a surrogate pair.");
        }

        return null;
    }

    private static Problem Malformed(ReadOnlySpan<byte> body, int at, string detail)
    {
        ReadOnlySpan<byte> before = body[..at];
        int line = before.Count((byte)'\n') + 1;
        int position = at - before.LastIndexOf((byte)'\n');
        return Problem.Malformed(detail, line, position);
    }

    private static int FirstInvalid(ReadOnlySpan<byte> body)
    {
        int at = 0;
        while (at < body.Length && Rune.DecodeFromUtf8(body[at..], out _, out int consumed) == OperationStatus.Done)
        {
            at += consumed;
        }

        return at;
    }

    // Backslashes are legal only inside strings, so the escapes can be walked without reading the JSON around them.
    private static int FirstLoneSurrogate(ReadOnlySpan<byte> body, int at)
    {
        while (at < body.Length)
        {
            int unit = EscapedUnit(body[at..]);
            if (unit is >= 0xDC00 and <= 0xDFFF)
            {
                return at;
            }

            if (unit is >= 0xD800 and <= 0xDBFF)
            {
                if (EscapedUnit(body[Math.Min(at + 6, body.Length)..]) is not (>= 0xDC00 and <= 0xDFFF))
                {
                    return at;
                }

                at += 12;
            }
            else
            {
                at += 2;
            }

            int next = at < body.Length ? body[at..].IndexOf((byte)'\\') : -1;
            if (next < 0)
            {
                return -1;
            }

            at += next;
        }

        return -1;
    }

    /// <summary>The UTF-16 unit of a <c>\uXXXX</c> escape at the start, −1 for anything else.</summary>
    private static int EscapedUnit(ReadOnlySpan<byte> text) =>
        text.Length >= 6 && text[0] == '\\' && text[1] == 'u'
        && ushort.TryParse(text.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit) ? unit : -1;
}
