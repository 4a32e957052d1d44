using System.Buffers.Text;

namespace Decisioning.Load.Running;

/// <summary>Finds numbers in replies without reading the rest.</summary>
internal static class ReplyNumbers
{
    /// <summary>The number after a member's name; 0 where there is none.</summary>
    /// <param name="name">With its quotes and colon.</param>
    public static long After(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        int at = json.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(json[(at + name.Length)..], out long number, out _) ? number : 0;
    }
}
