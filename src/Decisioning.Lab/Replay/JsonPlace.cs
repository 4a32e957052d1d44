using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Decisioning.Lab.Replay;

/// <summary>Where in a document's text a JSON pointer leads.</summary>
internal static class JsonPlace
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1_000 };

    /// <summary>
    /// Line and column (in characters) of the value, both from 1; where it is not there, those of what would hold it; where the text is no JSON up to there, those of
    /// the byte that is none.
    /// </summary>
    /// <param name="json">The document.</param>
    /// <param name="pointer">RFC 6901.</param>
    public static (long Line, int Column) Of(ReadOnlySpan<byte> json, string pointer)
    {
        int offset = OffsetOf(json, pointer);
        ReadOnlySpan<byte> before = json[..offset];
        return (before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1);
    }

    private static int OffsetOf(ReadOnlySpan<byte> json, string pointer)
    {
        var reader = new Utf8JsonReader(json, Options);
        try
        {
            reader.Read();
            int offset = (int)reader.TokenStartIndex;
            foreach (string part in pointer.Split('/').Skip(1).Select(Unescape))
            {
                if (!TryEnter(ref reader, part))
                {
                    return offset;
                }

                offset = (int)reader.TokenStartIndex;
            }

            // A fault of the document as a whole may be that it breaks off.
            while (pointer.Length == 0 && reader.Read())
            {
            }

            return offset;
        }
        catch (JsonException broken)
        {
            return StartOf(json, broken.LineNumber ?? 0) + (int)(broken.BytePositionInLine ?? 0);
        }
    }

    private static int StartOf(ReadOnlySpan<byte> json, long line)
    {
        int start = 0;
        for (; line > 0; line--)
        {
            start += json[start..].IndexOf((byte)'\n') + 1;
        }

        return start;
    }

    /// <summary>Steps to a member or an element of the value the reader stands on; false where there is none.</summary>
    private static bool TryEnter(ref Utf8JsonReader reader, string part)
    {
        bool isObject = reader.TokenType == JsonTokenType.StartObject;
        if (!isObject && reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        for (int index = 0; reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray); index++)
        {
            bool found = isObject ? reader.ValueTextEquals(part) : part == index.ToString(CultureInfo.InvariantCulture);
            if (isObject)
            {
                reader.Read();
            }

            if (found)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    private static string Unescape(string part) => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
