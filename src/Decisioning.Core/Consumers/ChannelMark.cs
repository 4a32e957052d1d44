namespace Decisioning.Core.Consumers;

/// <summary>
/// A channel's name in 16 bits, so that what happens to a decision knows the channel it was made for without carrying its text. 0 stands for no channel. Two
/// names may share a mark; books then show them as other.
/// </summary>
public static class ChannelMark
{
    public const ushort None = 0;

    private const uint OffsetBasis = 2_166_136_261;
    private const uint Prime = 16_777_619;

    /// <summary>The mark of a channel's name: 32-bit FNV-1a over its UTF-16 units, folded; never 0 for a name.</summary>
    public static ushort Of(string? channel)
    {
        if (string.IsNullOrEmpty(channel))
        {
            return None;
        }

        uint hash = OffsetBasis;
        foreach (char c in channel)
        {
            hash = (hash ^ c) * Prime;
        }

        ushort folded = (ushort)(hash ^ hash >> 16);
        return folded == None ? ushort.MaxValue : folded;
    }
}
