using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record.Facts;
using Decisioning.Engine.Budget;
using Decisioning.Engine.Catalogues;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Books;

/// <summary>
/// The one reader of the journal's durable records while the host runs: folds their facts into the brands' totals and their money into the settled ledger, so
/// that both are exact as of one position, and a turn pays nothing but the writing of its facts. Reads at its own beat, out of memory where it keeps up.
/// What it holds is stored with that position, which is never behind the checkpoint's. What is due of flat prices is in no record: it is booked as the journal is read.
/// </summary>
internal sealed class Bookkeeper(
    SettledMoney money, ServerTotals totals, ITurnLog log, IStateStore store, ICatalogueSource catalogue, BudgetLedger live, HostClock clock, long position, long turns)
    : ITurnSink, IBooks
{
    /// <summary>Holds are many and short: they are stored this seldom, in ms. Recovery reads the journal from there.</summary>
    private const long HoldsEvery = 60_000;

    // Taken in this order. The second one alone keeps readers out, for a record at a time.
    private readonly Lock _following = new();
    private readonly Lock _gate = new();
    private readonly List<StageTap> _taps = [];
    private readonly StoredBooks _stored = new();
    private long _position = position;
    private long _turns = turns;
    private long _beat;
    private long _holdsDue = long.MinValue;
    private Exception? _broken;
    private (CatalogueSnapshot? Catalogue, long Hour) _feesOf;

    /// <summary>Every record at or before it is in the books, none after it.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>Turns applied again at the start, and records taken in since.</summary>
    public long Turns => Volatile.Read(ref _turns);

    /// <summary>Position as of which the holds are stored.</summary>
    public long HoldsPosition { get; private set; }

    public long Beat => Volatile.Read(ref _beat);

    /// <summary>Takes in what is durable by now, and what is due of flat prices.</summary>
    /// <exception cref="InvalidDataException">A record's facts cannot be read: the books stay as they were before it.</exception>
    public void Follow()
    {
        lock (_following)
        {
            if (_broken is not null)
            {
                throw new InvalidDataException($"The books ended at position {Position}.", _broken);
            }

            lock (_gate)
            {
                money.Release(clock.Now);
            }

            log.Follow(Position, this);
            BookFees();
        }

        Interlocked.Increment(ref _beat);
    }

    /// <summary>Takes in at least what is durable at the position.</summary>
    public void SettleTo(long durable)
    {
        if (durable > Position)
        {
            Follow();
        }
    }

    void ITurnSink.Take(long position, in TurnHead head, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            try
            {
                Fold(position, head, payload);
            }
            catch (Exception e)
            {
                _broken = e;
                throw;
            }

            Volatile.Write(ref _position, position);
            Volatile.Write(ref _turns, _turns + 1);
        }
    }

    /// <summary>Stores the holds, where that is due.</summary>
    public void StoreHolds(long now, bool always)
    {
        if (!always && now < _holdsDue)
        {
            return;
        }

        byte[] form;
        long held;
        lock (_gate)
        {
            held = _position;
            form = HoldsForm.Write(money.Ledger, held, now);
        }

        store.WriteSetting(HoldsForm.Setting, form, []);
        HoldsPosition = held;
        _holdsDue = now + HoldsEvery;
    }

    /// <summary>Whether any brand's totals are not stored as they are.</summary>
    public bool AnyChanged
    {
        get
        {
            lock (_gate)
            {
                return _stored.AnyChanged(totals);
            }
        }
    }

    /// <summary>What is not stored as it is, as of one position.</summary>
    public BooksChanges Changed(long now)
    {
        lock (_gate)
        {
            return _stored.Changed(totals, money.Changed(), _position, now);
        }
    }

    /// <summary>The changes are on disk.</summary>
    public void MarkStored(BooksChanges changes)
    {
        lock (_gate)
        {
            money.MarkStored(changes.Spending);
            _stored.MarkStored(totals, changes);
        }
    }

    public T Read<T>(int brand, Func<BrandTotals, IMoney, T> read)
    {
        lock (_gate)
        {
            return read(totals.Of(brand), money.Ledger);
        }
    }

    /// <summary>Values a brand's consumers anew.</summary>
    public void Revalue(int brand, Appraisal appraisal, int accountingDay)
    {
        lock (_gate)
        {
            totals.Of(brand).Revalue(Valuation.Powers(appraisal), accountingDay, appraisal.At, appraisal);
        }
    }

    /// <summary>Keeps the net moves of a brand's day that is over.</summary>
    public void SetNet(int brand, NetMatrix net, long instant)
    {
        lock (_gate)
        {
            totals.Of(brand).SetNet(net, instant);
        }
    }

    /// <summary>From now on the tap is told what is read.</summary>
    /// <returns>The position after which it is.</returns>
    public long Begin(StageTap tap)
    {
        lock (_gate)
        {
            _taps.Add(tap);
            return _position;
        }
    }

    public void End(StageTap tap)
    {
        lock (_gate)
        {
            _taps.Remove(tap);
        }
    }

    // Days begin with an hour, and what the budget had no room for is asked for again with the next one.
    private void BookFees()
    {
        long now = clock.Now;
        (CatalogueSnapshot? Catalogue, long Hour) at = (catalogue.Current, now / StateBounds.MillisecondsPerHour);
        if (at == _feesOf)
        {
            return;
        }

        foreach (CampaignSnapshot campaign in at.Catalogue!.Brands.SelectMany(static b => b.Campaigns).Where(static c => FlatFee.Of(c) > 0))
        {
            lock (_gate)
            {
                totals.Of(campaign.Brand.Symbol).BookFee(campaign, now, Bill);
            }
        }

        _feesOf = at;

        long Bill(CampaignSnapshot campaign, int day, long due)
        {
            long billed = live.ChargeFee(campaign, day, due, now);
            money.Ledger.Charged(campaign, day, billed);
            return billed;
        }
    }

    private void Fold(long position, in TurnHead head, ReadOnlySpan<byte> payload)
    {
        if (head.Kind == TurnKind.Scrubbed)
        {
            return;
        }

        totals.Fold(TurnFacts.Of(payload));
        money.Take(head, payload);
        foreach (StageTap tap in _taps)
        {
            tap.Take(position, head, TurnFacts.Of(payload));
        }
    }
}
