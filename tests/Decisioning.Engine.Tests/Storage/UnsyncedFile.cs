namespace Decisioning.Engine.Tests.Storage;

/// <summary>What a file held when it was last synced, kept as the way back: what each write since then covered, and the size.</summary>
internal sealed class UnsyncedFile(string path, long syncedSize)
{
    private const int SectorBytes = 512;

    private readonly Stack<(long Offset, byte[] Before, int Length)> _writes = new();
    private long _syncedSize = syncedSize;

    public bool IsSynced => _writes.Count == 0;

    /// <param name="before">What the file held there; shorter than <paramref name="length"/> past its end.</param>
    /// <param name="length">Bytes written; 0 for a truncation.</param>
    public void Note(long offset, byte[] before, int length) => _writes.Push((offset, before, length));

    public void Synced(long size)
    {
        _writes.Clear();
        _syncedSize = size;
    }

    /// <summary>Puts the file back to what was synced last; with a source of chance, each sector written since then may have come through all the same.</summary>
    public void RollBack(Random? survivors)
    {
        if (IsSynced || !File.Exists(path))
        {
            return;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        List<(long Offset, byte[] Content)> kept = survivors is null ? [] : ChooseSurvivors(file, survivors);
        while (_writes.TryPop(out (long Offset, byte[] Before, int Length) write))
        {
            file.Position = write.Offset;
            file.Write(write.Before);
        }

        file.SetLength(_syncedSize);
        foreach ((long offset, byte[] content) in kept)
        {
            file.Position = offset;
            file.Write(content);
        }
    }

    private List<(long Offset, byte[] Content)> ChooseSurvivors(FileStream file, Random chance)
    {
        var kept = new List<(long Offset, byte[] Content)>();
        foreach (long sector in _writes.SelectMany(SectorsOf).Distinct().Order())
        {
            if (chance.Next(2) == 0)
            {
                byte[] content = new byte[SectorBytes];
                file.Position = sector * SectorBytes;
                int read = file.ReadAtLeast(content, SectorBytes, throwOnEndOfStream: false);
                kept.Add((sector * SectorBytes, content[..read]));
            }
        }

        return kept;
    }

    private static IEnumerable<long> SectorsOf((long Offset, byte[] Before, int Length) write)
    {
        for (long sector = write.Offset / SectorBytes; sector * SectorBytes < write.Offset + write.Length; sector++)
        {
            yield return sector;
        }
    }
}
