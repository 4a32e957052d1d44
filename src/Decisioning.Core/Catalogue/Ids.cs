using System.Buffers;

namespace Decisioning.Core.Catalogue;

/// <summary>Ids of brands and of what their documents name: <c>[a-z0-9][a-z0-9._-]{0,63}</c>.</summary>
public static class Ids
{
    public const int MaxLength = 64;

    /// <summary>The rule in words, for messages.</summary>
    public const string Rule = "1 to 64 of a-z 0-9 . _ - and starts with a letter or digit";

    private static readonly SearchValues<char> First = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");
    private static readonly SearchValues<char> Rest = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    public static bool IsValid(ReadOnlySpan<char> id) =>
        id.Length is >= 1 and <= MaxLength && First.Contains(id[0]) && !id.ContainsAnyExcept(Rest);
}
