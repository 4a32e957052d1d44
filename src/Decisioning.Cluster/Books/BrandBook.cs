using Decisioning.Cluster.Money;
using Decisioning.Cluster.Storage;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record.Facts;
using Decisioning.Engine;
using Decisioning.Engine.Books;
using Decisioning.Engine.Catalogues;
using Decisioning.Engine.Storage;
using Orleans.Runtime;

namespace Decisioning.Cluster.Books;

/// <summary>
/// One brand's books and money: each row of each epoch once. A part that begins where the books stand is merged; one that they have is passed over; where something is
/// missing, or a part was folded at powers that are over, its rows are read from the store. A closed epoch is read to its end. One call at a time.
/// </summary>
/// <remarks>What is in the books is a matter of the store's rows and, for flat prices, of the catalogue and the clock, so whatever was not written when a book is lost is found
/// again. Only what was lent is in neither: that is written before it is told.</remarks>
/// <param name="yield">Asks a silo, by its epoch's address, for money of a campaign that outcomes on another need.</param>
internal sealed class BrandBook(
    int brand, IClusterStore store, IEpochs epochs, ICatalogueSource catalogue, HostClock clock, Func<string, int, HoldClaim[], Task<LoanReport>> yield)
{
    /// <summary>Days of a brand that has left the catalogue.</summary>
    public static readonly BrandCalendar Utc = new(TimeZoneInfo.Utc);

    /// <summary>Rows read at once.</summary>
    private const int PageRows = 1_000;

    /// <summary>A silo that does not answer keeps its money.</summary>
    private static readonly TimeSpan LongestYield = TimeSpan.FromMilliseconds(500);

    private readonly SortedDictionary<long, long> _positions = [];
    private readonly ByteWriter _form = new();
    private StoredBooks _stored = new();
    private ServerTotals _totals = new();
    private BrandMoney _money = new();
    private BrandSight? _sight;
    private long _version;
    private long _etag;
    private long _seen;
    private bool _unwritten;

    public BrandTotals Totals => _totals.Of(brand);

    public BrandMoney Money => _money;

    /// <summary>By epoch, the number up to which its rows are in the books.</summary>
    public IReadOnlyDictionary<long, long> Positions => _positions;

    /// <summary>What the newest pass over every consumer found.</summary>
    public PassResult Passed { get; private set; } = new(new IntentHistogram(0, new long[10]), null, 0);

    /// <summary>Reads what was written, and every row that came since.</summary>
    /// <exception cref="StorageException">The store refused.</exception>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        StoredBrand? stored = await store.ReadBrandBooksAsync(brand, cancellation);
        _totals = new ServerTotals();
        _stored = new StoredBooks();
        _positions.Clear();
        if (stored is not null)
        {
            _totals.Restore(brand, BrandTotals.Read(stored.Totals.Span));
            foreach ((long epoch, long position) in stored.Positions)
            {
                _positions[epoch] = position;
            }
        }

        _money = BrandMoney.Read((stored?.Money ?? default).Span);
        _version = stored?.Version ?? 0;
        Move();

        // Whatever is in the books was open once: what is not there now is gone.
        _seen = long.MaxValue;
        IReadOnlyList<EpochRow> known = await epochs.ReadAsync(cancellation);
        Forget(known);
        foreach (EpochRow epoch in known)
        {
            await ReadToAsync(epoch.Epoch, long.MaxValue, cancellation);
        }

        await FollowAsync(cancellation);
    }

    /// <summary>Takes in a silo's report and lends it money.</summary>
    /// <exception cref="StorageException">The store refused: send the report again.</exception>
    /// <exception cref="BooksMovedException">Somebody else wrote these books: load them anew.</exception>
    public async Task<BrandAnswer> TakeAsync(SiloReport report, CancellationToken cancellation)
    {
        bool open = await IsOpenAsync(report.Epoch, cancellation);
        if (open && report.To > At(report.Epoch))
        {
            if (report.From == At(report.Epoch) && report.AccountingDay == Totals.AccountingDay)
            {
                Merge(report);
            }
            else
            {
                await ReadToAsync(report.Epoch, report.To, cancellation);
            }
        }

        LoanAnswer[] loans = open ? await LendAsync(report, cancellation) : [];
        return new BrandAnswer
        {
            Powers = FormOf(Totals.Powers),
            AccountingDay = Totals.AccountingDay,
            Loans = loans,
        };
    }

    /// <summary>Lends a silo money for outcomes that have already happened; where the budget has no room for them, out of what others have of it.</summary>
    /// <returns>The campaign's answer; none where the epoch is closed.</returns>
    /// <exception cref="StorageException">The store refused: nothing is told of what was lent.</exception>
    /// <exception cref="BooksMovedException">Somebody else wrote these books: load them anew.</exception>
    public async Task<LoanAnswer[]> ClaimAsync(ClaimReport report, CancellationToken cancellation)
    {
        if (!await IsOpenAsync(report.Epoch, cancellation))
        {
            return [];
        }

        int campaign = report.Block.Campaign;
        CampaignSnapshot? live = LiveOf(campaign);
        _money.Take(report.Epoch, report.Block);
        long yielded = _money.HasRoom(campaign, live, report.Claims, clock.Now) ? 0 : await AskOthersAsync(report);
        LoanAnswer answer = _money.LendFor(report.Epoch, campaign, report.Claims, live, yielded, Silos, clock.Now, out bool lent);
        Move();
        if (lent)
        {
            await WriteAsync(cancellation);
        }

        return [answer];
    }

    /// <summary>Reads closed epochs to their end, takes back what they were lent, forgets those that have no rows left, and books what is due of flat prices.</summary>
    public async Task FollowAsync(CancellationToken cancellation)
    {
        IReadOnlyList<EpochRow> known = epochs.Known;
        foreach (EpochRow epoch in known.Where(e => !e.Open))
        {
            if (At(epoch.Epoch) < epoch.Last)
            {
                await ReadToAsync(epoch.Epoch, epoch.Last, cancellation);
            }

            _money.Close(epoch.Epoch);
        }

        Forget(known);
        BookFees();
    }

    /// <summary>Writes what changed since it was last written.</summary>
    /// <exception cref="BooksMovedException">Somebody else wrote these books: load them anew.</exception>
    public async Task WriteAsync(CancellationToken cancellation)
    {
        if (!_unwritten)
        {
            return;
        }

        BooksChanges changes = _stored.Changed(_totals, [], 0, clock.Now);
        StoredBrand books = new(brand, _version + 1, new Dictionary<long, long>(_positions), FormOf(Totals.Write), FormOf(_money.Write));
        if (!await store.WriteBrandBooksAsync(books, changes.Books.Hours, _version, cancellation))
        {
            throw new BooksMovedException(brand);
        }

        _version++;
        _stored.MarkStored(_totals, changes);
        _unwritten = false;
    }

    /// <summary>The books as they stand; null where they are still those of the etag.</summary>
    public BrandSight? Read(long etag)
    {
        if (etag == _etag)
        {
            return null;
        }

        return _sight ??= new BrandSight
        {
            Etag = _etag,
            Totals = FormOf(Totals.Write),
            Money = _money.Lines(),
            PassedAt = Passed.Intent.AsOf,
            Intent = Passed.Intent.Buckets,
            IndustryIndex = Passed.IndustryIndex,
        };
    }

    /// <summary>Keeps what a pass over every consumer found; at the first of a local day consumers are valued anew.</summary>
    public void Value(PassReport report)
    {
        if (Totals.AccountingDay is not { } valued || valued < report.Day)
        {
            ByteReader form = new(report.Appraisal);
            Appraisal appraisal = Appraisal.Read(ref form);
            Totals.Revalue(Valuation.Powers(appraisal), report.Day, report.At, appraisal);
            if (report.Net.Length > 0)
            {
                Totals.Merge(BrandTotals.Read(report.Net));
            }
        }

        Passed = Passed with { Intent = new IntentHistogram(report.At, report.Intent), Known = report.Known };
        Move();
    }

    public void Compare(double? industryIndex)
    {
        Passed = Passed with { IndustryIndex = industryIndex };
        Move();
    }

    public static AssetPowers PowersOf(long[] powers) => new(powers[0], powers[1], powers[2], powers[3]);

    public static long[] FormOf(AssetPowers powers) => [powers.Awareness, powers.Interest, powers.Purchase, powers.Loyalty];

    // Written with the books, and booked again where they are read anew before that.
    private void BookFees()
    {
        foreach (CampaignSnapshot campaign in catalogue.Current.Find(brand)?.Campaigns ?? [])
        {
            if (Totals.BookFee(campaign, clock.Now, _money.ChargeFee))
            {
                Move();
            }
        }
    }

    // An epoch that was known and is not any more is closed and has no rows left.
    private void Forget(IReadOnlyList<EpochRow> known)
    {
        foreach (long gone in _positions.Keys.Union(_money.Epochs()).Except(known.Select(static e => e.Epoch)).Where(e => e <= _seen).ToArray())
        {
            _positions.Remove(gone);
            _money.Close(gone);
            _unwritten = true;
        }

        _seen = known.Count == 0 ? 0 : known[^1].Epoch;
    }

    /// <summary>That are alive, at least 1.</summary>
    private int Silos => Math.Max(1, epochs.Known.Count(static e => e.Open));

    private CampaignSnapshot? LiveOf(int campaign)
    {
        CampaignSnapshot?[] campaigns = catalogue.Current.Find(brand)?.CampaignsBySymbol ?? [];
        return (uint)campaign < (uint)campaigns.Length ? campaigns[campaign] : null;
    }

    private long At(long epoch) => _positions.GetValueOrDefault(epoch);

    private async Task<bool> IsOpenAsync(long epoch, CancellationToken cancellation)
    {
        IReadOnlyList<EpochRow> known = epochs.Known;
        if (known.Count == 0 || known[^1].Epoch < epoch)
        {
            known = await epochs.ReadAsync(cancellation);
        }

        _seen = Math.Max(_seen, known.Count == 0 ? 0 : known[^1].Epoch);

        return known.Any(e => e.Epoch == epoch && e.Open);
    }

    private void Merge(SiloReport report)
    {
        if (report.Totals.Length > 0)
        {
            Totals.Merge(BrandTotals.Read(report.Totals));
        }

        foreach (SpendingLine line in report.Spending)
        {
            _money.Charge(report.Epoch, line.Campaign, line.Day, line.Amount);
        }

        Stand(report.Epoch, report.To, report.Totals.Length > 0);
    }

    /// <summary>Reads an epoch's rows up to a number, which is where the books stand then; <see cref="long.MaxValue"/>: all there are.</summary>
    private async Task ReadToAsync(long epoch, long to, CancellationToken cancellation)
    {
        for (bool more = true; more && At(epoch) < to;)
        {
            IReadOnlyList<TurnRow> rows = await store.ReadRowsAsync(epoch, At(epoch), PageRows, cancellation);
            foreach (TurnRow row in rows.TakeWhile(r => r.Number <= to))
            {
                bool any = false;
                RowFacts.Read(row, (instant, in fact) => any |= Fold(epoch, instant, fact));
                Stand(epoch, row.Number, any);
            }

            more = rows.Count == PageRows;
        }

        if (to != long.MaxValue && At(epoch) < to)
        {
            // The last numbers were of rows that were refused.
            Stand(epoch, to, changed: false);
        }
    }

    private bool Fold(long epoch, long instant, scoped in Fact fact)
    {
        if (fact.Brand != brand)
        {
            return false;
        }

        Totals.Fold(instant, fact);
        if (fact.ChargedMicros > 0)
        {
            _money.Charge(epoch, fact.Campaign, (catalogue.Current.Find(brand)?.Calendar ?? Utc).DayOf(instant), fact.ChargedMicros);
        }

        return true;
    }

    private async Task<LoanAnswer[]> LendAsync(SiloReport report, CancellationToken cancellation)
    {
        bool lent = false;
        LoanAnswer[] answers = new LoanAnswer[report.Loans.Length];
        for (int i = 0; i < answers.Length; i++)
        {
            LoanReport loan = report.Loans[i];
            if (_money.Hear(report.Epoch, loan))
            {
                Move();
            }

            answers[i] = _money.Lend(report.Epoch, loan, LiveOf(loan.Campaign), Silos, clock.Now, out bool more);
            lent |= more;
        }

        if (lent)
        {
            // Told only once it is kept: a grain that comes after this one must not lend it again.
            _unwritten = true;
            await WriteAsync(cancellation);
        }

        return answers;
    }

    // At once; whoever is gone keeps what it has until its epoch is closed.
    private async Task<long> AskOthersAsync(ClaimReport report)
    {
        int campaign = report.Block.Campaign;
        HashSet<long> borrowers = [.. _money.BorrowersOf(campaign)];
        (long Epoch, Task<LoanReport> Asked)[] all =
        [
            .. epochs.Known.Where(e => e.Open && e.Epoch != report.Epoch && borrowers.Contains(e.Epoch))
                .Select(e => (e.Epoch, yield(e.Silo, campaign, report.Claims).WaitAsync(LongestYield, clock.Time))),
        ];
        long yielded = 0;
        foreach ((long epoch, Task<LoanReport> asked) in all)
        {
            try
            {
                yielded += _money.Take(epoch, await asked);
            }
            catch (Exception e) when (GrainFault.Is(e))
            {
                // What it gave back nevertheless is heard of with its next report.
            }
        }

        return yielded;
    }

    private void Stand(long epoch, long number, bool changed)
    {
        _positions[epoch] = number;
        _unwritten = true;
        if (changed)
        {
            Move();
        }
    }

    private void Move()
    {
        _unwritten = true;
        _sight = null;
        _etag = Math.Max(_etag + 1, clock.Now);
    }

    private byte[] FormOf(Action<ByteWriter> write)
    {
        _form.Clear();
        write(_form);
        return _form.Written.ToArray();
    }
}

/// <summary>Another activation of the brand's grain wrote its books: these are no longer the newest.</summary>
internal sealed class BooksMovedException(int brand) : Exception($"The books of brand {brand} were written by somebody else.");
