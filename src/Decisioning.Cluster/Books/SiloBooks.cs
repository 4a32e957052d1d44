using System.Collections.Concurrent;
using Decisioning.Cluster.Money;
using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Turns;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Record.Facts;
using Decisioning.Engine;
using Decisioning.Engine.Background;
using Decisioning.Engine.Catalogues;

namespace Decisioning.Cluster.Books;

/// <summary>
/// The silo's own part of each brand's books, folded from the rows that the store took and handed to the brand's grain at a beat, and at once where money of one of its
/// campaigns is out. A part that is on its way stays as it is until the grain has it, and is sent again; what comes meanwhile is the next one. So a grain that does not answer costs two parts a brand, however long.
/// Reports of brands in which nothing happened come seldom: they only say up to where that is so.
/// </summary>
/// <param name="epoch">The silo's epoch; 0 before it has one.</param>
/// <param name="version">Of what <paramref name="catalogue"/> has, in the store.</param>
internal sealed class SiloBooks(
    Func<long> epoch, Func<long> version, Func<int, IBrandGrain> brands, SiloMarket market, ICatalogueSource catalogue, HostClock clock)
    : ITakenRows, IAsyncDisposable
{
    /// <summary>From one report of what happened to the next.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    /// <summary>From one report of a brand for want of money to the next, ms: a campaign that its pacing holds back is always short.</summary>
    private const long SoonestMs = 250;

    /// <summary>From one report of nothing to the next, ms.</summary>
    public const long HeartbeatMs = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, Line> _lines = [];

    // Apart from the lines: who is hungry may hold a block's lock, which whoever holds the gate waits for.
    private readonly ConcurrentDictionary<int, long> _hurriedAt = new();
    private readonly ConcurrentQueue<int> _hungry = new();
    private long _last;
    private Beat? _beat;
    private Beat? _hurry;
    private volatile Exception? _trouble;

    /// <summary>Number of the newest row that is in the parts.</summary>
    public long Last
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

    /// <summary>Rows since the oldest one of which a brand's grain does not have the part yet.</summary>
    public long Behind
    {
        get
        {
            lock (_gate)
            {
                return _lines.Values.Where(static l => l.Sent is not null || !l.Open.IsEmpty).Select(l => _last - l.Acked).DefaultIfEmpty().Max();
            }
        }
    }

    /// <summary>Why a report failed that is to be sent again; null where none did.</summary>
    public Exception? Trouble
    {
        get
        {
            lock (_gate)
            {
                return _lines.Values.Any(static l => l.Failed) ? _trouble : null;
            }
        }
    }

    /// <summary>Begins to report by itself, and waits until every brand's grain has answered once: a silo without money decides nothing.</summary>
    /// <returns>False: some had not answered after <see cref="ClusterBounds.FirstMoney"/>.</returns>
    public async Task<bool> StartAsync(CancellationToken cancellation)
    {
        Task first = ReportAllAsync(settle: false);
        _beat = new Beat(clock.Time, Every, Every, share: 1, (_, _) =>
        {
            // Nobody waits for a grain: what has not come back is passed by at the next beat.
            _ = ReportAllAsync(settle: false);
            return Task.CompletedTask;
        });
        _hurry = new Beat(clock.Time, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan, share: 1, (_, _) =>
        {
            while (_hungry.TryDequeue(out int brand))
            {
                _ = ReportShortAsync(brand);
            }

            return Task.CompletedTask;
        });
        market.Hungry = Hurry;
        try
        {
            await first.WaitAsync(ClusterBounds.FirstMoney, clock.Time, cancellation);
            return Trouble is null;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public void Taken(IReadOnlyList<TurnRow> rows)
    {
        lock (_gate)
        {
            foreach (TurnRow row in rows)
            {
                _last = row.Number;
                RowFacts.Read(row, Fold);
            }
        }
    }

    public void Refused(TurnRow row) => market.Refused(row);

    /// <summary>Reports whatever there is to report, of every brand at once; completes when all that was sent is answered or has failed.</summary>
    /// <param name="settle">True: gives back every block too.</param>
    public Task ReportAllAsync(bool settle) => Task.WhenAll(Lines().Select(line => ReportAsync(line, settle)));

    /// <summary>
    /// Asks for the money that a change of the catalogue calls for, once it is live here, and gives back what it leaves without a use. Completes when the grain of every brand that changed since it last answered has answered
    /// again, or has failed to: then it is asked at the next beat. Before <see cref="StartAsync"/> there is nothing to do: that asks everybody.
    /// </summary>
    public Task FundAsync() => _beat is null ? Task.CompletedTask : Task.WhenAll(Lines().Where(HasChanged).Select(FundAsync));

    /// <summary>Hands over everything, money too. Called when no more rows come.</summary>
    /// <exception cref="OperationCanceledException">Not everything could be handed over in time: the grains read it from the store.</exception>
    public async Task HandOverAsync(CancellationToken cancellation)
    {
        await DisposeAsync();

        // What was on its way, then what came meanwhile.
        for (int round = 0; round < 2; round++)
        {
            await ReportAllAsync(settle: true).WaitAsync(cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Beat? beat in new[] { Interlocked.Exchange(ref _beat, null), Interlocked.Exchange(ref _hurry, null) })
        {
            await (beat?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private void Hurry(int brand)
    {
        long now = clock.Now, last = _hurriedAt.GetOrAdd(brand, long.MinValue / 2);
        if (now - last >= SoonestMs && _hurriedAt.TryUpdate(brand, now, last))
        {
            _hungry.Enqueue(brand);
            _hurry?.Rouse();
        }
    }

    private Task ReportShortAsync(int brand)
    {
        Line line;
        lock (_gate)
        {
            line = LineOf(brand);
        }

        return epoch() == 0 ? Task.CompletedTask : ReportAsync(line, settle: false, onlyShort: true);
    }

    private void Fold(long instant, scoped in Fact fact)
    {
        Line line = LineOf(fact.Brand);
        line.Open.Fold(instant, fact);
        if (fact.ChargedMicros > 0)
        {
            BrandCalendar calendar = catalogue.Current.Find(fact.Brand)?.Calendar ?? BrandBook.Utc;
            line.Open.Charge(fact.Campaign, calendar.DayOf(instant), fact.ChargedMicros);
        }
    }

    // What is on its way may have been asked for before the change.
    private async Task FundAsync(Line line)
    {
        Task before;
        lock (_gate)
        {
            before = line.Calling?.Task ?? Task.CompletedTask;
        }

        await before;
        if (HasChanged(line))
        {
            await ReportAsync(line, settle: false);
        }
    }

    private bool HasChanged(Line line)
    {
        lock (_gate)
        {
            return line.Known != catalogue.Current.Find(line.Brand);
        }
    }

    // Where a report is on its way, nothing is sent: that one is waited for.
    private Task ReportAsync(Line line, bool settle, bool onlyShort = false)
    {
        SiloReport report;
        TaskCompletionSource calling;
        lock (_gate)
        {
            if (line.Calling is { } already)
            {
                return already.Task;
            }

            if (Next(line, settle, onlyShort) is not { } next)
            {
                return Task.CompletedTask;
            }

            report = next;
            line.Calling = calling = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        _ = SendAsync(line, report, calling);
        return calling.Task;
    }

    private async Task SendAsync(Line line, SiloReport report, TaskCompletionSource calling)
    {
        try
        {
            BrandAnswer answer = await (line.Grain ??= brands(line.Brand)).ReportAsync(report);
            lock (_gate)
            {
                line.Acked = report.To;
                line.Sent = null;
                line.Failed = false;
                line.Known = line.Asked;
                line.Follow(BrandBook.PowersOf(answer.Powers), answer.AccountingDay);
            }

            market.Hear(line.Brand, answer.Loans);
        }
        catch (Exception e)
        {
            _trouble = e;

            // Sent again at the next beat, as it is: whether the grain has it is not known. An unreachable brand never stops the others, and nothing is lost.
            lock (_gate)
            {
                line.Failed = true;
            }
        }
        finally
        {
            lock (_gate)
            {
                line.Calling = null;
            }

            calling.SetResult();
        }
    }

    // Of whoever holds the gate.
    private SiloReport? Next(Line line, bool settle, bool onlyShort)
    {
        // What has been lent since it was asked for would be given back, for nobody has used it yet.
        if (onlyShort && !market.IsShort(line.Brand))
        {
            return null;
        }

        BrandSnapshot? brand = catalogue.Current.Find(line.Brand);
        if (line.Known != brand)
        {
            market.Forget(line.Brand);
        }

        line.Asked = brand;
        long now = clock.Now;
        bool beats = settle || line.Failed || now >= line.HeartbeatDue;
        LoanReport[] loans = settle ? market.Settle(line.Brand) : market.Report(line.Brand, beats);
        if (line.Sent is null && (beats || loans.Length > 0 || !line.Open.IsEmpty))
        {
            line.Seal(_last);
        }

        if (line.Sent is not { } sent)
        {
            line.Known = line.Asked;
            return null;
        }

        line.HeartbeatDue = now + HeartbeatMs;
        return new SiloReport
        {
            Epoch = epoch(),
            From = line.Acked,
            To = line.SentTo,
            Totals = sent.TotalsForm(),
            Spending = sent.Spending(),
            AccountingDay = sent.AccountingDay,
            Loans = loans,
            CatalogueVersion = version(),
        };
    }

    /// <summary>Of every brand that is or was; none before the silo has an epoch.</summary>
    private Line[] Lines()
    {
        lock (_gate)
        {
            foreach (BrandSnapshot brand in catalogue.Current.Brands)
            {
                LineOf(brand.Symbol);
            }

            return epoch() == 0 ? [] : [.. _lines.Values];
        }
    }

    private Line LineOf(int brand)
    {
        if (!_lines.TryGetValue(brand, out Line? line))
        {
            _lines[brand] = line = new Line(brand);
        }

        return line;
    }

    /// <summary>One brand's parts.</summary>
    private sealed class Line(int brand)
    {
        private AssetPowers _powers;
        private int? _accountingDay;

        public int Brand => brand;

        public IBrandGrain? Grain { get; set; }

        /// <summary>Number up to which the grain has everything.</summary>
        public long Acked { get; set; }

        public long SentTo { get; private set; }

        /// <summary>From <see cref="Acked"/> to <see cref="SentTo"/>; null where nothing is on its way.</summary>
        public BrandPart? Sent { get; set; }

        public BrandPart Open { get; private set; } = new(default, null);

        /// <summary>Completes when what is on its way is answered or has failed; null: nothing is.</summary>
        public TaskCompletionSource? Calling { get; set; }

        /// <summary>The brand as it stood when the grain was last asked.</summary>
        public BrandSnapshot? Asked { get; set; }

        /// <summary>The brand as it stood when what the grain last answered was asked.</summary>
        public BrandSnapshot? Known { get; set; }

        public bool Failed { get; set; }

        public long HeartbeatDue { get; set; }

        public void Seal(long to)
        {
            Sent = Open;
            SentTo = to;
            Open = new BrandPart(_powers, _accountingDay);
        }

        // What was already folded at powers that are over is known by its day: the grain reads those rows itself.
        public void Follow(AssetPowers powers, int? accountingDay)
        {
            (_powers, _accountingDay) = (powers, accountingDay);
            if (Open.IsEmpty)
            {
                Open = new BrandPart(_powers, _accountingDay);
            }
        }
    }
}
