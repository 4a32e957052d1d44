using Azure.Data.Tables;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Azure.Tables;

/// <summary>Bytes of an entity, over as many properties as they need: one takes 64 KiB, an entity 1 MiB in all.</summary>
internal static class Chunks
{
    /// <summary>Most bytes of one entity, so that it is below 1 MiB in base64 too, which is how the emulator counts.</summary>
    public const int Most = 11 * Piece;

    private const int Piece = 64 << 10;

    /// <param name="what">What the bytes are, where they are too many.</param>
    /// <exception cref="StorageException">There are more than one entity takes.</exception>
    public static void Set(TableEntity entity, string name, ReadOnlySpan<byte> bytes, string what)
    {
        if (bytes.Length > Most)
        {
            throw new StorageException($"{what} has {bytes.Length} bytes, and a table of Azure Storage takes {Most} in one place");
        }

        for (int i = 0; i * Piece < bytes.Length; i++)
        {
            entity[$"{name}{i}"] = bytes[(i * Piece)..Math.Min((i + 1) * Piece, bytes.Length)].ToArray();
        }
    }

    public static byte[] Get(TableEntity entity, string name)
    {
        byte[] all = [];
        for (int i = 0; entity.TryGetValue($"{name}{i}", out object? piece); i++)
        {
            all = i == 0 ? (byte[])piece : [.. all, .. (byte[])piece];
        }

        return all;
    }
}
