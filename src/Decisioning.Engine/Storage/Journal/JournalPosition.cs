namespace Decisioning.Engine.Storage.Journal;

/// <summary>A record's position: the number of its block, from 1, and its offset in the block.</summary>
internal static class JournalPosition
{
    private const int OffsetBits = 24;

    public static long Of(long block, int offset) => (block << OffsetBits) | (uint)offset;

    public static long BlockOf(long position) => position >> OffsetBits;

    public static int OffsetOf(long position) => (int)(position & ((1 << OffsetBits) - 1));
}
