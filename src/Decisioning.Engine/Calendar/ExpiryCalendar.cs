using System.Buffers;
using System.Threading.Channels;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Engine.Background;
using Decisioning.Engine.Catalogues;
using Decisioning.Engine.Durability;
using Decisioning.Engine.Residency;
using Decisioning.Engine.Storage;
using Decisioning.Engine.Turns;

namespace Decisioning.Engine.Calendar;

/// <summary>
/// Makes time change stages by itself, of consumers in memory and on disk. Each consumer has one entry, by the hour in which something of its state may fall due:
/// in its state's header, and beside the state in the store. A little before an hour begins its entries are loaded and each consumer has a turn of its own: who
/// falls due within the hour goes into a heap by the exact instant, all others are entered anew. What turns enter for an hour that is loaded comes to the heap at
/// once. At its instant a consumer has such a turn again, which publishes what time changed.
/// <para>
/// Nothing is missed between a turn and the store: the hour counts as loaded first, then the shards are asked for entries that are not on disk yet, then the
/// store is read. A turn before that is in one of the two, a turn after it sees the hour loaded. Runs one at a time.
/// </para>
/// <para>
/// A stored entry that is nobody's, or of somebody who is entered elsewhere, is dropped when its hour is loaded: the calendar holds no more than the consumers.
/// </para>
/// </summary>
internal sealed class ExpiryCalendar(
    ResidentTable residents, IStateStore store, WriteBack writeBack, ConsumerDoor door, Admission admission, ICatalogueSource catalogue, IMarket market,
    HostClock clock, ThreadLocal<TurnScratch> scratches)
{
    private const long HourMs = 3_600_000;

    /// <summary>How long before it begins an hour is loaded, ms.</summary>
    private const long Ahead = 120_000;

    /// <summary>Turns between two looks at the pace.</summary>
    private const int Slice = 16;

    private const int BatchRows = 4_096;
    private const int MostEntered = 65_536;

    private readonly DueHeap _heap = new();
    private readonly Queue<CalendarRow> _loading = new();
    private readonly List<CalendarRow> _stale = [];
    private readonly ArrayBufferWriter<byte> _row = new();
    private readonly Channel<ulong> _entered = Channel.CreateBounded<ulong>(MostEntered);
    private CalendarRow _last;
    private bool _reading;
    private int _loaded = -1;
    private volatile bool _lost;
    private Exception? _damage;

    /// <summary>Consumers that fall due within the hours that are loaded.</summary>
    public int Waiting => _heap.Count;

    /// <summary>Told of every turn that was kept, under its shard's gate, the hour of the consumer's entry: within a loaded hour its instant may have changed.</summary>
    /// <param name="hour">0: it has none.</param>
    public void Entered(ulong key, int hour)
    {
        if (hour > 0 && hour <= Volatile.Read(ref _loaded) && !_entered.Writer.TryWrite(key))
        {
            // More than may wait: all that is due is loaded anew.
            _lost = true;
        }
    }

    /// <summary>Publishes whatever is due, and loads the hour that is about to begin. With nothing due that takes a look at four numbers.</summary>
    /// <exception cref="HostUnavailableException">The disk is behind, or memory full: what is due stays so.</exception>
    /// <exception cref="StorageDamagedException">A consumer's state cannot be read: it was passed by.</exception>
    public async Task RunAsync(Pace pace, CancellationToken cancellation)
    {
        int hour = HourOf(clock.Now + Ahead);
        if (hour > _loaded || _lost)
        {
            BeginLoading(Math.Max(hour, _loaded));
        }

        // What is due goes first, however much is being loaded.
        while (TouchDue() | TakeEntered() | LoadSome())
        {
            if (_stale.Count >= BatchRows)
            {
                await DropStaleAsync(cancellation);
            }

            await pace.RestAsync(cancellation);
        }

        if (_stale.Count > 0)
        {
            await DropStaleAsync(cancellation);
        }

        if (Interlocked.Exchange(ref _damage, null) is { } damage)
        {
            throw damage;
        }
    }

    private void BeginLoading(int hour)
    {
        _lost = false;
        Volatile.Write(ref _loaded, hour);
        List<ulong> keys = [];
        foreach (ResidentShard shard in residents.Shards)
        {
            lock (shard.Gate)
            {
                shard.CollectEntered(hour, keys);
            }
        }

        keys.ForEach(key => _loading.Enqueue(new CalendarRow(0, key)));
        _last = default;
        _reading = true;
    }

    private bool TouchDue()
    {
        int touched = 0;
        for (; touched < Slice && _heap.TryTake(clock.Now, out ulong key); touched++)
        {
            Touch(key);
        }

        return touched > 0;
    }

    private bool TakeEntered()
    {
        int taken = 0;
        for (; taken < Slice && _entered.Reader.TryRead(out ulong key); taken++)
        {
            Touch(key);
        }

        return taken > 0;
    }

    private bool LoadSome()
    {
        if (_loading.Count == 0 && _reading)
        {
            IReadOnlyList<CalendarRow> rows = store.ReadCalendar(_loaded, _last, BatchRows);
            _reading = rows.Count == BatchRows;
            foreach (CalendarRow row in rows)
            {
                _last = row;
                _loading.Enqueue(row);
            }
        }

        int seen = 0;
        for (; seen < Slice && _loading.TryDequeue(out CalendarRow row); seen++)
        {
            Touch(row.Key, row.Hour);
        }

        return seen > 0 || _reading;
    }

    /// <param name="entered">Hour of the stored entry that led here; 0: none did.</param>
    private void Touch(ulong key, int entered = 0)
    {
        try
        {
            TakeTurn(key, entered);
        }
        catch (Exception e) when (e is StorageDamagedException or InvalidDataException)
        {
            // Told when the others had their turns.
            _damage = e;
        }
        catch
        {
            _heap.Put(key, clock.Now);
            throw;
        }
    }

    private void TakeTurn(ulong key, int entered)
    {
        admission.RequireSpare();
        TurnScratch scratch = scratches.Value!;
        using OpenConsumer open = door.OpenKey(key, scratch);
        if (entered != 0 && entered != StoredHourOf(open, scratch))
        {
            _stale.Add(new CalendarRow(entered, key));
        }

        if (open.Slot < 0)
        {
            return;
        }

        scratch.Turn.Begin(open.Key, clock.Now, catalogue.Current, market, open.ErasedAt);
        scratch.Turn.Touch();
        door.Commit(open, scratch, urgent: false);
        long due = scratch.Turn.NextDue;
        if (due != long.MaxValue && HourOf(due) <= _loaded)
        {
            _heap.Put(key, due);
        }
    }

    private static int StoredHourOf(in OpenConsumer open, TurnScratch scratch) =>
        open.Slot < 0 ? 0 : open.Shard.MoveOf(open.Key, open.Slot)?.From ?? scratch.Turn.State.CalendarHour;

    // What was written between the look and this is looked at again: while no pass is under way, a row and its entry say the same.
    private async Task DropStaleAsync(CancellationToken cancellation)
    {
        CalendarRow[] rows = [.. _stale];
        _stale.Clear();
        await writeBack.BetweenPassesAsync(
            () => store.Write([], null, null, [.. rows.Where(row => !IsEntered(row)).Select(static row => new CalendarMove(row.Key, row.Hour, 0))]), cancellation);
    }

    private bool IsEntered(CalendarRow row)
    {
        _row.ResetWrittenCount();
        return store.TryRead(row.Key, _row) && ConsumerCodec.CalendarHourOf(_row.WrittenSpan) == row.Hour;
    }

    private static int HourOf(long instant) => (int)(instant / HourMs);
}
