using System.Buffers;
using Decisioning.Engine.Storage.Sqlite;
using Decisioning.Engine.Storage.States;

namespace Decisioning.Engine.Storage;

/// <summary>The state store as a SQLite file. The data folder must be locked (<see cref="DataFolderLock"/>).</summary>
public sealed class SqliteStateStore : IStateStore
{
    public const string FileName = "state.db";

    /// <summary>
    /// Small pages, since a batch rewrites a whole page for nearly every consumer in it: measured over a million consumers, 2 KiB take scattered batches 1.7 times
    /// as fast as 4 KiB and activate as fast; 1 KiB is slower at both.
    /// </summary>
    private const int PageBytes = 2048;

    /// <summary>Write-ahead log from which a commit also moves it into the file: 8 MiB, which a disk takes without keeping the journal waiting for long.</summary>
    private const int AutoCheckpointPages = (8 << 20) / PageBytes;

    private readonly Func<SqliteDatabase> _openReader;
    private readonly SqliteDatabase _writer;
    private readonly SqliteDatabase _reader;
    private readonly ConsumerRows _consumers;
    private readonly ConsumerReaders _readers;
    private readonly Lock _writing = new();
    private readonly Lock _reading = new();
    private readonly CalendarRows _calendar;
    private readonly BooksRows _books;
    private long _checkpoint;
    private long _booksPosition;

    private SqliteStateStore(SqliteDatabase writer, Func<SqliteDatabase> openReader, int readers)
    {
        _writer = writer;
        _openReader = openReader;
        _reader = openReader();
        _consumers = new ConsumerRows(writer);
        _readers = new ConsumerReaders(readers, openReader);
        _calendar = new CalendarRows(writer);
        _books = new BooksRows(writer);
        _checkpoint = MarkRows.Read(writer, MarkRows.Checkpoint);
        _booksPosition = MarkRows.Read(writer, MarkRows.Books);
    }

    public long Checkpoint => Volatile.Read(ref _checkpoint);

    public long BooksPosition => Volatile.Read(ref _booksPosition);

    /// <summary>Opens or creates the store in the folder, which must exist.</summary>
    /// <exception cref="StorageException">The file is not ours, of a newer version, or not to be opened.</exception>
    public static SqliteStateStore Open(string folder, StateStoreOptions? options = null) => Open(folder, options ?? StateStoreOptions.Default, SqliteOptions.Default);

    internal static SqliteStateStore Open(string folder, StateStoreOptions options, SqliteOptions sqlite)
    {
        string path = Path.Combine(folder, FileName);
        SqliteOptions reading = sqlite with { PageBytes = sqlite.PageBytes ?? PageBytes, CacheBytes = options.ReaderCacheBytes };
        SqliteOptions writing = reading with { CacheBytes = options.WriterCacheBytes, AutoCheckpointPages = AutoCheckpointPages };
        SqliteDatabase writer = SqliteDatabase.Open(path, writing);
        try
        {
            StateSchema.Current.Prepare(writer);
            writer.CheckpointTruncate();
            return new SqliteStateStore(writer, () => SqliteDatabase.Open(path, reading, readOnly: true), options.Readers);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    public bool TryRead(ulong key, IBufferWriter<byte> into) => _readers.TryRead((long)key, into);

    public void Write(
        IReadOnlyList<KeyValuePair<ulong, ReadOnlyMemory<byte>>> states, IReadOnlyList<SpendingRow>? spending, long? checkpoint,
        IReadOnlyList<CalendarMove>? calendar = null, BooksWrite? books = null)
    {
        StateOrder.Check(states);
        Change(() =>
        {
            for (int i = 0; i < states.Count; i++)
            {
                (ulong key, ReadOnlyMemory<byte> state) = states[i];
                if (state.IsEmpty)
                {
                    _consumers.Delete((long)key);
                }
                else
                {
                    _consumers.Write((long)key, state.Span);
                }
            }

            if (calendar is not null)
            {
                _calendar.Move(calendar);
            }

            if (spending is not null)
            {
                MoneyRows.WriteSpending(_writer, spending);
            }

            if (books is not null)
            {
                _books.Write(books);
                MarkRows.Write(_writer, MarkRows.Books, books.Position);
            }

            if (checkpoint is { } position)
            {
                MarkRows.Write(_writer, MarkRows.Checkpoint, position);
            }
        });
        Volatile.Write(ref _checkpoint, checkpoint ?? _checkpoint);
        Volatile.Write(ref _booksPosition, books?.Position ?? _booksPosition);
    }

    public IReadOnlyList<SpendingRow> ReadSpending() => Read(MoneyRows.ReadSpending);

    public IReadOnlyList<BrandBooks> ReadBooks() => Read(BooksRows.ReadBrands);

    public IReadOnlyList<HourBooks> ReadHours(int brand, int fromHour, int toHour) => Read(db => BooksRows.ReadHours(db, brand, fromHour, toHour));

    public HourBooks? ReadHourBefore(int brand, int hour) => Read(db => BooksRows.ReadHourBefore(db, brand, hour));

    public IReadOnlyList<CalendarRow> ReadCalendar(int upToHour, CalendarRow after, int most) => Read(db => CalendarRows.Read(db, upToHour, after, most));

    public IEnumerable<KeyValuePair<ulong, ReadOnlyMemory<byte>>> ReadAll()
    {
        using SqliteDatabase reader = _openReader();
        foreach (KeyValuePair<ulong, ReadOnlyMemory<byte>> row in ConsumerRows.ReadAll(reader))
        {
            yield return row;
        }
    }

    public IReadOnlyList<KeyValuePair<ulong, ReadOnlyMemory<byte>>> ReadStates(ulong from, ulong to, int most) =>
        Read(db => ConsumerRows.ReadChunk(db, (long)from, (long)to, most));

    public long CountConsumers()
    {
        using SqliteDatabase reader = _openReader();
        return reader.ReadInteger("SELECT count(*) FROM consumers") ?? 0;
    }

    public IReadOnlyList<BrandRow> ReadBrands(bool deleted = false) => Read(database => BrandRows.ReadAll(database, deleted));

    public void WriteBrand(BrandRow brand, IReadOnlyList<AuditRow> audit) => Change(() =>
    {
        BrandRows.Write(_writer, brand);
        AuditRows.Add(_writer, audit);
    });

    public void DeleteBrand(string brandId, long at, IReadOnlyList<AuditRow> audit) => Change(() =>
    {
        BrandRows.Delete(_writer, brandId, at);
        AuditRows.Add(_writer, audit);
    });

    public BrandRow? FindBrand(string brandId) => Read(db => BrandRows.Find(db, brandId));

    public IReadOnlyList<BrandRow> ReadBrandHistory(string brandId) => Read(db => BrandRows.ReadHistory(db, brandId));

    public IReadOnlyList<AuditRow> ReadAudit(string brandId) => Read(db => AuditRows.Read(db, brandId));

    public byte[]? ReadSetting(string name) => Read(db => SettingRows.Read(db, name));

    public void WriteSetting(string name, ReadOnlySpan<byte> value, IReadOnlyList<AuditRow> audit)
    {
        byte[] copy = value.ToArray();
        Change(() =>
        {
            SettingRows.Write(_writer, name, copy);
            AuditRows.Add(_writer, audit);
        });
    }

    public IReadOnlyList<TombstoneRow> ReadTombstones() => Read(TombstoneRows.Read);

    public void Erase(ulong key, int calendarHour, TombstoneRow tombstone)
    {
        lock (_writing)
        {
            _writer.InTransaction(() =>
            {
                _consumers.Delete((long)key);
                _calendar.Move([new CalendarMove(key, calendarHour, 0)]);
                TombstoneRows.Write(_writer, tombstone);
            });
            _writer.CheckpointTruncate();
        }
    }

    public void DropTombstones(long untilBefore) => Change(() => TombstoneRows.Drop(_writer, untilBefore));

    public void Dispose()
    {
        lock (_writing)
        {
            lock (_reading)
            {
                _readers.Dispose();
                _reader.Dispose();
                _consumers.Dispose();
                _calendar.Dispose();
                _books.Dispose();
                _writer.Dispose();
            }
        }
    }

    /// <summary>Closes like the end of a killed process: the write-ahead log stays as it is.</summary>
    internal void Abandon()
    {
        _readers.LeaveWalOnClose();
        _reader.LeaveWalOnClose();
        _writer.LeaveWalOnClose();
        Dispose();
    }

    private void Change(Action work)
    {
        lock (_writing)
        {
            _writer.InTransaction(work);
        }
    }

    private T Read<T>(Func<SqliteDatabase, T> read)
    {
        lock (_reading)
        {
            return read(_reader);
        }
    }
}
