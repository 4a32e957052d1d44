using System.Buffers;
using Decisioning.Engine.Storage.States;

namespace Decisioning.Engine.Storage;

/// <summary>The state store without a disk, for the sandbox and for tests.</summary>
public sealed class MemoryStateStore : IStateStore
{
    private const int ChunkRows = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, byte[]> _consumers = [];
    private readonly SortedDictionary<(int Brand, int Campaign), SpendingRow> _spending = [];
    private readonly Dictionary<string, BrandRow> _brands = new(StringComparer.Ordinal);
    private readonly List<BrandRow> _history = [];
    private readonly List<AuditRow> _audit = [];
    private readonly Dictionary<string, byte[]> _settings = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, TombstoneRow> _tombstones = [];
    private readonly SortedSet<(int Hour, long Key)> _calendar = [];
    private readonly SortedDictionary<int, byte[]> _books = [];
    private readonly SortedDictionary<(int Brand, int Hour), byte[]> _hours = [];
    private long _checkpoint;
    private long _booksPosition;

    public long Checkpoint => Volatile.Read(ref _checkpoint);

    public long BooksPosition => Volatile.Read(ref _booksPosition);

    public bool TryRead(ulong key, IBufferWriter<byte> into)
    {
        byte[]? state;
        lock (_gate)
        {
            if (!_consumers.TryGetValue(key, out state))
            {
                return false;
            }
        }

        into.Write(state);
        return true;
    }

    public void Write(
        IReadOnlyList<KeyValuePair<ulong, ReadOnlyMemory<byte>>> states, IReadOnlyList<SpendingRow>? spending, long? checkpoint,
        IReadOnlyList<CalendarMove>? calendar = null, BooksWrite? books = null)
    {
        StateOrder.Check(states);
        lock (_gate)
        {
            foreach ((ulong key, ReadOnlyMemory<byte> state) in states)
            {
                if (state.IsEmpty)
                {
                    _consumers.Remove(key);
                }
                else
                {
                    _consumers[key] = state.ToArray();
                }
            }

            foreach (SpendingRow row in spending ?? [])
            {
                _spending[(row.Brand, row.Campaign)] = row;
            }

            Move(calendar ?? []);
            Write(books);
            Volatile.Write(ref _checkpoint, checkpoint ?? _checkpoint);
        }
    }

    public IReadOnlyList<SpendingRow> ReadSpending() => Read(() => _spending.Values.ToList());

    public IReadOnlyList<BrandBooks> ReadBooks() => Read(() => _books.Select(b => new BrandBooks(b.Key, b.Value)).ToList());

    public IReadOnlyList<HourBooks> ReadHours(int brand, int fromHour, int toHour) => Read(() =>
        _hours.Where(h => h.Key.Brand == brand && h.Key.Hour >= fromHour && h.Key.Hour < toHour).Select(h => new HourBooks(brand, h.Key.Hour, h.Value)).ToList());

    public HourBooks? ReadHourBefore(int brand, int hour) => Read(() =>
        _hours.LastOrDefault(h => h.Key.Brand == brand && h.Key.Hour < hour) is { Value: { } sums } found ? new HourBooks(brand, found.Key.Hour, sums) : default(HourBooks?));

    public IReadOnlyList<CalendarRow> ReadCalendar(int upToHour, CalendarRow after, int most) => Read(() =>
    {
        (int Hour, long Key) first = after == default ? (0, long.MinValue) : (after.Hour, (long)after.Key), last = (upToHour, long.MaxValue);
        return first.CompareTo(last) > 0
            ? []
            : _calendar.GetViewBetween(first, last).Where(e => after == default || e != first).Take(most).Select(e => new CalendarRow(e.Hour, (ulong)e.Key)).ToList();
    });

    public IEnumerable<KeyValuePair<ulong, ReadOnlyMemory<byte>>> ReadAll()
    {
        foreach (long[] keys in Read(() => _consumers.Keys.Select(k => (long)k).Order().Chunk(ChunkRows).ToList()))
        {
            foreach (KeyValuePair<ulong, ReadOnlyMemory<byte>> row in Read(() => RowsOf(keys)))
            {
                yield return row;
            }
        }
    }

    public IReadOnlyList<KeyValuePair<ulong, ReadOnlyMemory<byte>>> ReadStates(ulong from, ulong to, int most) => Read(() =>
        RowsOf([.. _consumers.Keys.Select(k => (long)k).Where(k => k >= (long)from && k <= (long)to).Order().Take(most)]));

    public long CountConsumers() => Read(() => _consumers.Count);

    public IReadOnlyList<BrandRow> ReadBrands(bool deleted = false) => Read(() => _brands.Values.Where(b => b.Deleted == deleted).OrderBy(b => b.Symbol).ToList());

    public void WriteBrand(BrandRow brand, IReadOnlyList<AuditRow> audit)
    {
        lock (_gate)
        {
            if (_brands.Values.FirstOrDefault(b => b.Symbol == brand.Symbol && b.Id != brand.Id) is { } other)
            {
                throw new StorageException($"Symbol {brand.Symbol} of brand {brand.Id} is that of brand {other.Id}");
            }

            KeepInHistory(brand.Id);
            _brands[brand.Id] = brand;
            _audit.AddRange(audit);
        }
    }

    public void DeleteBrand(string brandId, long at, IReadOnlyList<AuditRow> audit)
    {
        lock (_gate)
        {
            if (_brands.TryGetValue(brandId, out BrandRow? brand))
            {
                KeepInHistory(brandId);
                _brands[brandId] = brand with { Deleted = true, At = at };
            }

            _audit.AddRange(audit);
        }
    }

    public BrandRow? FindBrand(string brandId) => Read(() => _brands.GetValueOrDefault(brandId));

    public IReadOnlyList<BrandRow> ReadBrandHistory(string brandId) => Read(() => _history.Where(b => b.Id == brandId).ToList());

    public IReadOnlyList<AuditRow> ReadAudit(string brandId) => Read(() => _audit.Where(a => a.Brand == brandId).ToList());

    public byte[]? ReadSetting(string name) => Read(() => _settings.GetValueOrDefault(name)?.ToArray());

    public void WriteSetting(string name, ReadOnlySpan<byte> value, IReadOnlyList<AuditRow> audit)
    {
        lock (_gate)
        {
            _settings[name] = value.ToArray();
            _audit.AddRange(audit);
        }
    }

    public IReadOnlyList<TombstoneRow> ReadTombstones() => Read(() => _tombstones.Values.ToList());

    public void Erase(ulong key, int calendarHour, TombstoneRow tombstone)
    {
        lock (_gate)
        {
            Move([new CalendarMove(key, calendarHour, 0)]);
            _consumers.Remove(key);
            _tombstones[(long)tombstone.Key] = tombstone;
        }
    }

    public void DropTombstones(long untilBefore)
    {
        lock (_gate)
        {
            foreach (long key in _tombstones.Where(t => t.Value.Until < untilBefore).Select(t => t.Key).ToList())
            {
                _tombstones.Remove(key);
            }
        }
    }

    public void Dispose()
    {
    }

    private void Move(IReadOnlyList<CalendarMove> moves)
    {
        foreach (CalendarMove move in moves)
        {
            _calendar.Remove((move.From, (long)move.Key));
            if (move.To != 0)
            {
                _calendar.Add((move.To, (long)move.Key));
            }
        }
    }

    private void Write(BooksWrite? books)
    {
        if (books is null)
        {
            return;
        }

        foreach (BrandBooks row in books.Brands)
        {
            _books[row.Brand] = row.Totals.ToArray();
        }

        foreach (HourBooks row in books.Hours)
        {
            _hours[(row.Brand, row.Hour)] = row.Sums.ToArray();
        }

        foreach ((int Brand, int Hour) old in _hours.Keys.Where(h => h.Hour < books.DropBefore).ToList())
        {
            _hours.Remove(old);
        }

        Volatile.Write(ref _booksPosition, books.Position);
    }

    private void KeepInHistory(string brandId)
    {
        if (_brands.TryGetValue(brandId, out BrandRow? before))
        {
            _history.Add(before);
        }
    }

    private List<KeyValuePair<ulong, ReadOnlyMemory<byte>>> RowsOf(long[] keys)
    {
        var rows = new List<KeyValuePair<ulong, ReadOnlyMemory<byte>>>(keys.Length);
        foreach (ulong key in keys.Select(k => (ulong)k))
        {
            if (_consumers.TryGetValue(key, out byte[]? state))
            {
                rows.Add(new(key, state));
            }
        }

        return rows;
    }

    private T Read<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }
}
