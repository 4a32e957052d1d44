using System.Text;

namespace Decisioning.Api.Text;

/// <summary>
/// A small, bounded table of strings that come again and again (placement ids, channels, countries): text found in it is not allocated anew.
/// Lock-free: a slot holds one string, and the newest that hashes there wins.
/// </summary>
internal sealed class ShortStrings
{
    /// <summary>Most strings held.</summary>
    public const int Slots = 2048;

    /// <summary>Longer text, in UTF-8 bytes, is never held.</summary>
    public const int LongestBytes = 32;

    private readonly string?[] _slots = new string?[Slots];

    public static ShortStrings Shared { get; } = new();

    /// <summary>The string of valid UTF-8 text.</summary>
    public string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestBytes)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        Span<char> chars = stackalloc char[LongestBytes];
        ReadOnlySpan<char> text = chars[..Encoding.UTF8.GetChars(utf8, chars)];
        ref string? slot = ref _slots[string.GetHashCode(text) & (Slots - 1)];
        string? held = Volatile.Read(ref slot);
        if (held is not null && text.SequenceEqual(held))
        {
            return held;
        }

        string made = text.ToString();
        Volatile.Write(ref slot, made);
        return made;
    }
}
