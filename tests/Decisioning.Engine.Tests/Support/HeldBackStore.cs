using System.Buffers;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Tests.Support;

/// <summary>A store in memory that a test can make refuse, and can look into between two of its writes.</summary>
internal sealed class HeldBackStore(MemoryStateStore inner) : IStateStore
{
    public HeldBackStore() : this(new MemoryStateStore())
    {
    }

    /// <summary>Called before each write of states, with their number; may throw.</summary>
    public Action<int>? BeforeWrite { get; set; }

    /// <summary>Called before each erasure of a row; may throw.</summary>
    public Action? BeforeErase { get; set; }

    /// <summary>Called before each setting is written, with its name; may throw.</summary>
    public Action<string>? BeforeSetting { get; set; }

    /// <summary>Called after each read of a state, before the reader has it.</summary>
    public Action? AfterRead { get; set; }

    /// <summary>Called after each look for a brand, before the reader has it.</summary>
    public Action? AfterFind { get; set; }

    public int Reads { get; private set; }

    public long Checkpoint => inner.Checkpoint;

    public bool TryRead(ulong key, IBufferWriter<byte> into)
    {
        Reads++;
        bool found = inner.TryRead(key, into);
        AfterRead?.Invoke();
        return found;
    }

    public long BooksPosition => inner.BooksPosition;

    public void Write(
        IReadOnlyList<KeyValuePair<ulong, ReadOnlyMemory<byte>>> states, IReadOnlyList<SpendingRow>? spending, long? checkpoint,
        IReadOnlyList<CalendarMove>? calendar = null, BooksWrite? books = null)
    {
        BeforeWrite?.Invoke(states.Count);
        inner.Write(states, spending, checkpoint, calendar, books);
    }

    public IReadOnlyList<BrandBooks> ReadBooks() => inner.ReadBooks();

    public IReadOnlyList<HourBooks> ReadHours(int brand, int fromHour, int toHour) => inner.ReadHours(brand, fromHour, toHour);

    public HourBooks? ReadHourBefore(int brand, int hour) => inner.ReadHourBefore(brand, hour);

    public IReadOnlyList<CalendarRow> ReadCalendar(int upToHour, CalendarRow after, int most) => inner.ReadCalendar(upToHour, after, most);

    public IReadOnlyList<SpendingRow> ReadSpending() => inner.ReadSpending();

    public IEnumerable<KeyValuePair<ulong, ReadOnlyMemory<byte>>> ReadAll() => inner.ReadAll();

    public IReadOnlyList<KeyValuePair<ulong, ReadOnlyMemory<byte>>> ReadStates(ulong from, ulong to, int most) => inner.ReadStates(from, to, most);

    public long CountConsumers() => inner.CountConsumers();

    public IReadOnlyList<BrandRow> ReadBrands(bool deleted = false) => inner.ReadBrands(deleted);

    public void WriteBrand(BrandRow brand, IReadOnlyList<AuditRow> audit) => inner.WriteBrand(brand, audit);

    public void DeleteBrand(string brandId, long at, IReadOnlyList<AuditRow> audit) => inner.DeleteBrand(brandId, at, audit);

    public BrandRow? FindBrand(string brandId)
    {
        BrandRow? brand = inner.FindBrand(brandId);
        AfterFind?.Invoke();
        return brand;
    }

    public IReadOnlyList<BrandRow> ReadBrandHistory(string brandId) => inner.ReadBrandHistory(brandId);

    public IReadOnlyList<AuditRow> ReadAudit(string brandId) => inner.ReadAudit(brandId);

    public byte[]? ReadSetting(string name) => inner.ReadSetting(name);

    public void WriteSetting(string name, ReadOnlySpan<byte> value, IReadOnlyList<AuditRow> audit)
    {
        BeforeSetting?.Invoke(name);
        inner.WriteSetting(name, value, audit);
    }

    public IReadOnlyList<TombstoneRow> ReadTombstones() => inner.ReadTombstones();

    public void Erase(ulong key, int calendarHour, TombstoneRow tombstone)
    {
        BeforeErase?.Invoke();
        inner.Erase(key, calendarHour, tombstone);
    }

    public void DropTombstones(long untilBefore) => inner.DropTombstones(untilBefore);

    public void Dispose() => inner.Dispose();
}
