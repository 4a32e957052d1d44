using Decisioning.Cluster.Storage;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Tests.Support.Memory;

/// <summary>The rows of <see cref="MemoryClusterStore"/>; used under its lock.</summary>
internal sealed class MemoryTables
{
    private readonly SortedDictionary<long, EpochRow> _epochs = [];
    private readonly Dictionary<ulong, SortedList<long, TurnRow>> _turns = [];
    private readonly SortedSet<(long Epoch, long Number, ulong Consumer, long First)> _numbers = [];
    private readonly Dictionary<ulong, SnapshotRow> _snapshots = [];
    private readonly Dictionary<ulong, int> _calendar = [];
    private readonly Dictionary<ulong, TombstoneRow> _tombstones = [];
    private readonly Dictionary<int, StoredBrand> _books = [];
    private readonly SortedDictionary<(int Brand, int Hour), HourBooks> _hours = [];
    private long _newestEpoch;

    public MemoryTables()
    {
    }

    /// <summary>A copy that stays as it is.</summary>
    public MemoryTables(MemoryTables from)
    {
        _epochs = new(from._epochs);
        _turns = from._turns.ToDictionary(t => t.Key, t => new SortedList<long, TurnRow>(t.Value));
        _numbers = new(from._numbers);
        _snapshots = new(from._snapshots);
        _tombstones = new(from._tombstones);
        _books = new(from._books);
    }

    public bool AnyOpen => _epochs.Values.Any(e => e.Open);

    public long BeginEpoch(string silo)
    {
        _epochs[++_newestEpoch] = new(_newestEpoch, silo, true, 0);
        return _newestEpoch;
    }

    public void CloseEpoch(long epoch)
    {
        if (_epochs.TryGetValue(epoch, out EpochRow row))
        {
            _epochs[epoch] = row with { Open = false };
        }
    }

    public List<EpochRow> ReadEpochs() => [.. _epochs.Values.Where(e => e.Open || ReadRows(e.Epoch, 0, 1).Count > 0)];

    /// <summary>False: refused.</summary>
    public bool Append(in TurnRow row)
    {
        SortedList<long, TurnRow>? rows = _turns.GetValueOrDefault(row.Consumer);
        if (rows is not null && rows.TryGetValue(row.First, out TurnRow standing))
        {
            return standing.Epoch == row.Epoch && standing.Number == row.Number;
        }

        if (!_epochs.TryGetValue(row.Epoch, out EpochRow epoch) || !epoch.Open)
        {
            return false;
        }

        (rows ?? (_turns[row.Consumer] = [])).Add(row.First, row with { Payloads = row.Payloads.ToArray() });
        _numbers.Add((row.Epoch, row.Number, row.Consumer, row.First));
        _epochs[row.Epoch] = epoch with { Last = Math.Max(epoch.Last, row.Number) };
        if (row.DueHour is { } hour)
        {
            MoveCalendar(row.Consumer, hour);
        }

        return true;
    }

    public StoredConsumer ReadConsumer(ulong key)
    {
        SnapshotRow snapshot = _snapshots.GetValueOrDefault(key, new SnapshotRow(key, 0, default));
        List<TurnRow> tail = _turns.TryGetValue(key, out SortedList<long, TurnRow>? rows) ? [.. rows.Values.Where(r => r.Last > snapshot.Sequence)] : [];
        return new(snapshot, tail, _tombstones.TryGetValue(key, out TombstoneRow tombstone) ? tombstone.ErasedAt : null);
    }

    public List<TurnRow> ReadHistory(ulong key, int most) =>
        _turns.TryGetValue(key, out SortedList<long, TurnRow>? rows) ? [.. rows.Values.Where(static r => r.Kind == TurnKind.Turn).Reverse().Take(most)] : [];

    /// <summary>Every key with a snapshot or a row, ascending as signed numbers.</summary>
    public List<ulong> ReadKeys() => [.. _snapshots.Keys.Union(_turns.Keys).Where(k => k != 0).OrderBy(k => (long)k)];

    public void WriteSnapshot(in SnapshotRow row)
    {
        if (!_snapshots.TryGetValue(row.Consumer, out SnapshotRow standing) || standing.Sequence < row.Sequence)
        {
            _snapshots[row.Consumer] = row with { State = row.State.ToArray() };
        }
    }

    public bool Erase(in TurnRow erasure, TombstoneRow tombstone)
    {
        if (!Append(erasure))
        {
            return false;
        }

        SortedList<long, TurnRow> rows = _turns[erasure.Consumer];
        foreach (TurnRow row in rows.Values.ToList())
        {
            if (row.First < erasure.First && row.Kind != TurnKind.Scrubbed)
            {
                rows[row.First] = row with { Kind = TurnKind.Scrubbed, DueHour = null, Payloads = RowPayloads.FactsOf(row.Payloads.Span) };
            }
        }

        WriteSnapshot(new(erasure.Consumer, erasure.Last, default));
        MoveCalendar(erasure.Consumer, 0);
        _tombstones[tombstone.Key] = tombstone;
        return true;
    }

    public void DropTombstones(long untilBefore)
    {
        foreach (ulong key in _tombstones.Where(t => t.Value.Until < untilBefore).Select(t => t.Key).ToList())
        {
            _tombstones.Remove(key);
        }
    }

    public List<DueRow> ReadDue(int shard, int shards, int upToHour, int most) =>
    [
        .. _calendar.Where(e => e.Value <= upToHour && e.Key % (ulong)shards == (ulong)shard).OrderBy(e => e.Value).ThenBy(e => (long)e.Key).Take(most)
            .Select(e => new DueRow(e.Value, e.Key)),
    ];

    public List<TurnRow> ReadRows(long epoch, long after, int most) =>
    [
        .. _numbers.GetViewBetween((epoch, after + 1, 0, 0), (epoch, long.MaxValue, ulong.MaxValue, long.MaxValue)).Take(most)
            .Select(n => _turns[n.Consumer][n.First]),
    ];

    public StoredBrand? ReadBrandBooks(int brand) => _books.GetValueOrDefault(brand);

    public bool WriteBrandBooks(StoredBrand books, IReadOnlyList<HourBooks> hours, long expected)
    {
        if ((_books.GetValueOrDefault(books.Brand)?.Version ?? 0) != expected)
        {
            return false;
        }

        _books[books.Brand] = books with
        {
            Version = expected + 1,
            Positions = new Dictionary<long, long>(books.Positions),
            Totals = books.Totals.ToArray(),
            Money = books.Money.ToArray(),
        };
        foreach (HourBooks hour in hours)
        {
            _hours[(hour.Brand, hour.Hour)] = hour with { Sums = hour.Sums.ToArray() };
        }

        return true;
    }

    public List<HourBooks> ReadHours(int brand, int fromHour, int toHour) =>
        [.. _hours.Values.Where(h => h.Brand == brand && h.Hour >= fromHour && h.Hour < toHour)];

    public void DropHours(int before)
    {
        foreach ((int Brand, int Hour) key in _hours.Keys.Where(k => k.Hour < before).ToList())
        {
            _hours.Remove(key);
        }
    }

    /// <param name="live">Symbols of the brands that are live in the catalogue.</param>
    /// <param name="deleted">Symbols of those that were deleted.</param>
    public void Trim(long beforeInstant, IReadOnlySet<int> live, IReadOnlySet<int> deleted)
    {
        IReadOnlyDictionary<int, IReadOnlyDictionary<long, long>> positions = _books.ToDictionary(b => b.Key, b => b.Value.Positions);
        foreach ((long epoch, long number, ulong consumer, long first) in _numbers.ToList())
        {
            TurnRow row = _turns[consumer][first];
            bool contained = consumer == 0 || (_snapshots.TryGetValue(consumer, out SnapshotRow snapshot) && snapshot.Sequence >= row.Last);
            if (contained && row.Instant < beforeInstant && number <= TrimBound.Of(epoch, positions, live, deleted))
            {
                _numbers.Remove((epoch, number, consumer, first));
                _turns[consumer].Remove(first);
                if (_turns[consumer].Count == 0)
                {
                    _turns.Remove(consumer);
                }
            }
        }

        foreach (EpochRow gone in _epochs.Values.Except(ReadEpochs()).ToList())
        {
            _epochs.Remove(gone.Epoch);
        }
    }

    private void MoveCalendar(ulong consumer, int hour)
    {
        if (hour == 0)
        {
            _calendar.Remove(consumer);
        }
        else
        {
            _calendar[consumer] = hour;
        }
    }
}
