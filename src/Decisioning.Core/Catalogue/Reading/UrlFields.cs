using System.Buffers;

namespace Decisioning.Core.Catalogue.Reading;

/// <summary>Reads addresses that browsers and apps will be sent to.</summary>
internal static class UrlFields
{
    private static readonly SearchValues<char> Visible = SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Except("\"<>\\^`")]);
    private static readonly string[] RefusedSchemes = ["javascript", "data", "vbscript", "file"];

    /// <summary>An absolute http or https URL.</summary>
    public static string? HttpUrl(this FieldReader fields, Node? node)
    {
        if (node is null || !fields.IsText(node))
        {
            return null;
        }

        bool good = Parse(node.Text) is { } uri && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.Host.Length > 0;
        return Checked(fields, node, good, "an absolute http or https URL");
    }

    /// <summary>An absolute URI of any scheme that opens an app, but none that runs or reads something in a browser.</summary>
    public static string? AppLink(this FieldReader fields, Node? node)
    {
        if (node is null || !fields.IsText(node))
        {
            return null;
        }

        bool good = Parse(node.Text) is { } uri && !RefusedSchemes.Contains(uri.Scheme, StringComparer.OrdinalIgnoreCase);
        return Checked(fields, node, good, "an absolute URI of another scheme than javascript, data, vbscript and file");
    }

    // Blanks, control characters and backslashes are read differently by different browsers; other scripts must be percent-encoded to stand in a header.
    private static Uri? Parse(string text) =>
        !text.AsSpan().ContainsAnyExcept(Visible) && text is not ['/', ..] && Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) ? uri : null;

    private static string? Checked(FieldReader fields, Node node, bool good, string expected)
    {
        if (!good)
        {
            fields.Faults.Add(node, FaultCodes.BadUrl, $"{Quote.Of(node.Text)} is not {expected}, in visible ASCII characters (percent-encode the others).");
        }

        return good ? node.Text : null;
    }
}
