namespace Decisioning.Engine.Storage.Journal;

/// <summary>Where a journal that was opened goes on.</summary>
/// <param name="Position">Of its last record, 0 where there is none.</param>
/// <param name="Cut">What was cut of it, and why; null where nothing was.</param>
internal sealed record JournalTail(long NextBlock, long Position, string? Cut)
{
    /// <summary>Checks the blocks from the one of a position on and cuts a torn last one: an empty block takes its place, so that its number is never given again.</summary>
    /// <exception cref="StorageDamagedException">Any other block is torn or missing, or the journal ends before the position.</exception>
    public static JournalTail Check(JournalTable table, JournalReader reader, long contained)
    {
        string file = table.Database.Path;
        long from = JournalPosition.BlockOf(contained);
        if (reader.LastNumber() is not { } last)
        {
            return contained == 0 ? new JournalTail(1, 0, null) : throw EndsEarly(file, 0, from);
        }

        if (last < from)
        {
            throw EndsEarly(file, last, from);
        }

        long first = reader.FirstNumber() ?? last;
        if (from > 0 && first > from + 1)
        {
            throw new StorageDamagedException(file, $"block {from + 1} is missing; the first one is {first}");
        }

        long seen = Math.Max(from, first) - 1;
        long instant = 0;
        foreach (StoredBlock block in reader.ReadFrom(from, last - 1))
        {
            seen = block.Number;
            instant = block.LastAt;
        }

        if (seen < last - 1)
        {
            throw new StorageDamagedException(file, $"block {seen + 1} is missing; the next one is {last}");
        }

        StoredBlock tail = reader.ReadUnchecked(last)!;
        string? cut = tail.Fault();
        if (cut is not null)
        {
            tail = StoredBlock.EmptyAt(last, instant);
            table.Replace(tail);
        }

        return new JournalTail(last + 1, tail.LastPosition(), cut is null ? null : $"{file}: cut the last block: {cut}");
    }

    private static StorageDamagedException EndsEarly(string file, long last, long expected) =>
        new(file, $"it ends at block {last}, but the stored states contain turns up to block {expected}: it was lost, or is an older copy");
}
