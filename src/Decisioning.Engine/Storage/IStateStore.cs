namespace Decisioning.Engine.Storage;

/// <summary>
/// Where everything but the journal lies: consumers' states by key, campaigns' spending, catalogues with their history, settings, audit, tombstones.
/// Every write is on disk when its call returns. Safe for concurrent use: many readers, one writer at a time.
/// </summary>
public interface IStateStore : IDisposable
{
    /// <summary>Reads the state of a consumer into the writer. False where there is none. Allocates nothing.</summary>
    /// <exception cref="StorageDamagedException">What is stored is not what was written; the message names the key.</exception>
    bool TryRead(ulong key, System.Buffers.IBufferWriter<byte> into);

    /// <summary>
    /// Writes states in one transaction, in the order of their keys, with their entries in the calendar, the checkpoint (every record at or before that position
    /// is contained in the stored states), and the books as of a position of their own.
    /// </summary>
    /// <param name="states">Ascending by <c>(long)key</c>, no key twice; an empty state removes the row.</param>
    /// <param name="spending">As of the books' position: replaces the rows of these campaigns, leaves all others. Null: none.</param>
    /// <param name="checkpoint">Null: left as it is.</param>
    /// <param name="calendar">Entries that move with the states. Null: none.</param>
    /// <param name="books">Null: left as they are.</param>
    /// <exception cref="ArgumentException">The states are not in order.</exception>
    /// <exception cref="StorageException">The disk refused; nothing was written.</exception>
    void Write(
        IReadOnlyList<KeyValuePair<ulong, ReadOnlyMemory<byte>>> states, IReadOnlyList<SpendingRow>? spending, long? checkpoint,
        IReadOnlyList<CalendarMove>? calendar = null, BooksWrite? books = null);

    /// <summary>Position up to which the stored states contain every turn; 0 at first.</summary>
    long Checkpoint { get; }

    /// <summary>Position as of which spending and books are stored; at or past the checkpoint once there is one; 0 at first.</summary>
    long BooksPosition { get; }

    /// <summary>Every campaign's spending as of the books' position.</summary>
    IReadOnlyList<SpendingRow> ReadSpending();

    /// <summary>Every brand's totals as of the books' position.</summary>
    IReadOnlyList<BrandBooks> ReadBooks();

    /// <summary>A brand's hourly rows, ascending.</summary>
    /// <param name="fromHour">The first hour wanted, counted from the Unix epoch.</param>
    /// <param name="toHour">End, exclusive.</param>
    IReadOnlyList<HourBooks> ReadHours(int brand, int fromHour, int toHour);

    /// <summary>A brand's newest hourly row before an hour; null where there is none.</summary>
    HourBooks? ReadHourBefore(int brand, int hour);

    /// <summary>Entries of the calendar in its order: by hour, then by key as a signed number.</summary>
    /// <param name="upToHour">The last hour wanted.</param>
    /// <param name="after">The entry to go on after; default: from the beginning.</param>
    /// <param name="most">Most entries to return.</param>
    IReadOnlyList<CalendarRow> ReadCalendar(int upToHour, CalendarRow after, int most);

    /// <summary>Every stored state, ascending by <c>(long)key</c>, for recounts and exports. Writes that come meanwhile may or may not be seen.</summary>
    /// <exception cref="StorageDamagedException">A state is not what was written; the message names the key.</exception>
    IEnumerable<KeyValuePair<ulong, ReadOnlyMemory<byte>>> ReadAll();

    /// <summary>Stored states of a range of keys, ascending by <c>(long)key</c>.</summary>
    /// <param name="from">The first key wanted.</param>
    /// <param name="to">The last one, inclusive; not before <paramref name="from"/> as a signed number.</param>
    /// <param name="most">Most states to return; ask again from behind the last one.</param>
    /// <exception cref="StorageDamagedException">A state is not what was written; the message names the key.</exception>
    IReadOnlyList<KeyValuePair<ulong, ReadOnlyMemory<byte>>> ReadStates(ulong from, ulong to, int most);

    long CountConsumers();

    /// <summary>Every live brand with its document and symbols, or every deleted one as it last was.</summary>
    IReadOnlyList<BrandRow> ReadBrands(bool deleted = false);

    /// <summary>Writes a brand's document, keeps the one before in the history, and adds audit lines: all or nothing.</summary>
    void WriteBrand(BrandRow brand, IReadOnlyList<AuditRow> audit);

    /// <summary>Takes a brand out of the live ones; its row, now with the instant of the deletion, its symbols and history stay, and the row as it was joins the history.</summary>
    void DeleteBrand(string brandId, long at, IReadOnlyList<AuditRow> audit);

    /// <summary>The row of a brand that was once put, deleted ones too; null where there never was one.</summary>
    BrandRow? FindBrand(string brandId);

    /// <summary>A brand's rows as they stood before each change, oldest first.</summary>
    IReadOnlyList<BrandRow> ReadBrandHistory(string brandId);

    /// <summary>What was changed by whom, oldest first.</summary>
    IReadOnlyList<AuditRow> ReadAudit(string brandId);

    byte[]? ReadSetting(string name);

    void WriteSetting(string name, ReadOnlySpan<byte> value, IReadOnlyList<AuditRow> audit);

    IReadOnlyList<TombstoneRow> ReadTombstones();

    /// <summary>
    /// Removes a consumer's state and its entry in the calendar and leaves the tombstone, in one transaction, the freed space and the log overwritten, so that nothing of the state is on disk.
    /// Done again it does no harm: after an exception, call it again.
    /// </summary>
    /// <param name="calendarHour">Of its entry; 0: it has none.</param>
    void Erase(ulong key, int calendarHour, TombstoneRow tombstone);

    /// <summary>Drops the tombstones whose <see cref="TombstoneRow.Until"/> is before the instant.</summary>
    void DropTombstones(long untilBefore);
}

/// <summary>What a campaign has spent, micros.</summary>
/// <param name="Day">The local day that <paramref name="Today"/> is of, counted from 1970-01-01.</param>
public readonly record struct SpendingRow(int Brand, int Campaign, long Total, int Day, long Today);

/// <summary>A consumer's one entry in the calendar moves.</summary>
/// <param name="From">Hour of the stored entry, counted from the Unix epoch; 0: there is none.</param>
/// <param name="To">Hour of the new one; 0: none.</param>
public readonly record struct CalendarMove(ulong Key, int From, int To);

/// <param name="Hour">In which something may fall due, counted from the Unix epoch.</param>
public readonly record struct CalendarRow(int Hour, ulong Key);

/// <summary>What of the books is to be stored, in one transaction.</summary>
/// <param name="Position">Every record at or before it is in the books, none after it.</param>
/// <param name="Brands">Replaces these brands' totals.</param>
/// <param name="Hours">Replaces these rows.</param>
/// <param name="DropBefore">Rows of hours before this one are dropped; 0: none.</param>
public sealed record BooksWrite(long Position, IReadOnlyList<BrandBooks> Brands, IReadOnlyList<HourBooks> Hours, int DropBefore);

/// <summary>A brand's totals in their binary form.</summary>
public readonly record struct BrandBooks(int Brand, ReadOnlyMemory<byte> Totals);

/// <summary>A brand's sums and levels of one hour in their binary form.</summary>
/// <param name="Hour">Counted from the Unix epoch.</param>
public readonly record struct HourBooks(int Brand, int Hour, ReadOnlyMemory<byte> Sums);

/// <param name="Symbol">The server's number for the brand; never reused, also not after deletion.</param>
/// <param name="Version">Grows by one with each document.</param>
/// <param name="Document">UTF-8 JSON as sent.</param>
/// <param name="Symbols">By <see cref="Core.Catalogue.SymbolKind"/>: ids in the order of their symbols.</param>
public sealed record BrandRow(string Id, int Symbol, long Version, long At, byte[] Document, IReadOnlyList<IReadOnlyList<string>> Symbols, bool Deleted);

public sealed record AuditRow(string Brand, long At, string Actor, string Action, string Path, string? Before, string? After);

/// <param name="Key">The consumer's key: a keyed hash, nothing that names a person.</param>
public readonly record struct TombstoneRow(ulong Key, long ErasedAt, long Until);
