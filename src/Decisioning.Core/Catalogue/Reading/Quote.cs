namespace Decisioning.Core.Catalogue.Reading;

/// <summary>Quotes what a document says in a message about it, cut where it is long.</summary>
internal static class Quote
{
    private const int MaxLength = 64;

    public static string Of(string text) => text.Length <= MaxLength ? $"\"{text}\"" : $"\"{text[..MaxLength]}…\"";
}
