using System.Text;
using Decisioning.Cluster.Books;
using Decisioning.Cluster.Money;
using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Tests.Support.Memory;
using Decisioning.Conformance;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;
using Decisioning.Engine;
using Decisioning.Engine.Catalogues;
using Decisioning.Engine.Storage;
using Decisioning.Engine.Turns;

namespace Decisioning.Cluster.Tests.BrandBooks;

/// <summary>
/// Three silos' books and money around one brand's, on a clock that a test sets, over a store in memory; turns are real ones. What silos and the brand say to one
/// another gets lost, comes twice or late, as a seeded generator chooses; silos and the brand's book die and come again.
/// </summary>
internal sealed class BooksWorld : ICatalogueSource, IEpochs, IBrandGrain
{
    public const int Silos = 3;
    public const int Brand = 1;
    private const int Consumers = 25;

    private readonly Dictionary<ulong, byte[]> _states = [];
    private readonly List<(ulong Key, DecisionRef Decision)> _decisions = [];
    private readonly List<SiloReport> _late = [];
    private readonly TurnScratch _scratch = new(7);
    private int _events;
    private int _silos;

    public BooksWorld(int seed, string? budget = null, string model = "cpm")
    {
        Random = new Random(seed);
        Store = new MemoryClusterStore(Time);
        Clock = new HostClock(Time);
        Current = Compile(Documents.Simple(budget: budget).Replace("cpm", model, StringComparison.Ordinal));
        Book = NewBook();
    }

    public ConformanceClock Time { get; } = new();

    public HostClock Clock { get; }

    public MemoryClusterStore Store { get; }

    public Random Random { get; }

    public CatalogueSnapshot Current { get; private set; }

    public CampaignSnapshot Campaign => Current.Brands[0].Campaigns[0];

    public IReadOnlyList<EpochRow> Known { get; private set; } = [];

    public BrandBook Book { get; private set; }

    public TestSilo[] All { get; private set; } = [];

    /// <summary>Whether what is said may get lost.</summary>
    public bool Unreliable { get; set; }

    /// <summary>The brand's grain answers reports from then on.</summary>
    public Task Answering { get; set; } = Task.CompletedTask;

    /// <summary>Told when a report comes.</summary>
    public TaskCompletionSource? Reported { get; set; }

    /// <summary>The newest report that came.</summary>
    public SiloReport? Heard { get; private set; }

    /// <summary>Calls for money that outcomes needed.</summary>
    public int Claims { get; private set; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async Task<BooksWorld> OpenAsync()
    {
        await Store.OpenAsync(1, Cancelled);
        All = await Task.WhenAll(Enumerable.Range(0, Silos).Select(_ => NewSiloAsync()));
        await ReadAsync(Cancelled);
        await Book.LoadAsync(Cancelled);
        return this;
    }

    public async Task<IReadOnlyList<EpochRow>> ReadAsync(CancellationToken cancellation) => Known = await Store.ReadEpochsAsync(cancellation);

    public async Task<BrandAnswer> ReportAsync(SiloReport report)
    {
        Heard = report;
        Reported?.TrySetResult();
        await Answering;
        int fate = Unreliable ? Random.Next(12) : 12;
        if (fate == 0)
        {
            throw new TimeoutException("The report was lost.");
        }

        if (fate == 1)
        {
            _late.Add(report);
            throw new TimeoutException("The report is late.");
        }

        BrandAnswer answer = await TakeAsync(report);
        if (fate == 2)
        {
            answer = await TakeAsync(report);
        }

        return fate == 3 ? throw new TimeoutException("The answer was lost.") : answer;
    }

    public async Task<LoanAnswer[]> ClaimAsync(ClaimReport report)
    {
        Claims++;
        int fate = Unreliable ? Random.Next(8) : 8;
        LoanAnswer[] answer = fate == 0 ? throw new TimeoutException("The claim was lost.") : await GuardAsync(() => Book.ClaimAsync(report, Cancelled));
        return fate == 1 ? throw new TimeoutException("The answer was lost.") : answer;
    }

    public void Put(string document) => Current = Compile(document);

    public void Delete() => Current = CatalogueSnapshot.Empty;

    public Task<BrandSight?> ReadAsync(long etag) => Task.FromResult(Book.Read(etag));

    public Task<long> ValueAsync(PassReport report)
    {
        Book.Value(report);
        return Task.FromResult(Book.Totals.AssetsMicros);
    }

    public Task CompareAsync(double? industryIndex) => Task.CompletedTask;

    /// <summary>Something happens.</summary>
    public async Task StepAsync()
    {
        Time.Now += Random.Next(1_500);
        TestSilo silo = All[Random.Next(Silos)];
        switch (Random.Next(20))
        {
            case < 6:
                await DecideAsync(silo, Random.Next(4) == 0);
                break;
            case < 10:
                await TrackAsync(silo);
                break;
            case < 13:
                await RecordAsync(silo);
                break;
            case < 16:
                await silo.Books.ReportAllAsync(settle: false);
                break;
            case 16:
                await LateAsync();
                break;
            case 17:
                await Guard(Book.FollowAsync(Cancelled));
                break;
            case 18:
                await Guard(Book.WriteAsync(Cancelled));
                break;
            default:
                await DieAsync();
                break;
        }
    }

    /// <summary>Everything that is on its way arrives.</summary>
    public async Task SettleAsync(bool giveBack)
    {
        Unreliable = false;
        await LateAsync();
        for (int round = 0; round < 3; round++)
        {
            foreach (TestSilo silo in All)
            {
                Time.Now += SiloBooks.HeartbeatMs;
                await silo.Books.ReportAllAsync(giveBack);
            }
        }

        await ReadAsync(Cancelled);
        await Guard(Book.FollowAsync(Cancelled));
    }

    /// <summary>The brand's books by brute force over every row there is.</summary>
    public async Task<(BrandTotals Totals, long Spent)> BruteForceAsync()
    {
        BrandTotals totals = new();
        long spent = 0;
        foreach (EpochRow epoch in await Store.ReadEpochsAsync(Cancelled))
        {
            foreach (TurnRow row in await Store.ReadRowsAsync(epoch.Epoch, 0, int.MaxValue, Cancelled))
            {
                RowFacts.Read(row, (instant, in fact) =>
                {
                    totals.Fold(instant, fact);
                    spent += fact.ChargedMicros;
                });
            }
        }

        return (totals, spent);
    }

    public static string FormOf(BrandTotals totals)
    {
        totals.DropRows(totals.LastInstant);
        ByteWriter form = new();
        totals.Write(form);
        return Convert.ToHexString(form.Written);
    }

    public async Task<bool> DecideAsync(TestSilo silo, bool confirm)
    {
        DecideCommand command = new() { ConsumerId = "c", Catalogue = Current, Brands = Current.Brands, Consent = true };
        command.Placements.Add(new PlacementCommand { Id = "p", Formats = 0xF, Count = 1, ConfirmAtDecision = confirm });
        ulong key = (ulong)Random.Next(1, Consumers);
        DecideReply? reply = null;
        bool kept = await TurnAsync(silo, key, turn => reply = turn.Decide(command));
        if (kept && reply!.Placements[0].Decisions is [var only])
        {
            _decisions.Add((key, new DecisionRef(
                $"c{key}", Brand, only.Campaign.Symbol, only.Step.Symbol, only.Creative.Symbol, only.Ordinal, reply.At, only.ReserveSeconds,
                only.Campaign.PriceModel, only.Campaign.UnitPriceMicros, only.ChannelMark)));
            return true;
        }

        return false;
    }

    public Task<bool> RecordAsync(TestSilo silo)
    {
        EventType[] types = [EventType.View, EventType.Cart, EventType.Search, EventType.Purchase];
        EventType type = types[Random.Next(types.Length)];
        string id = $"e-{_events++}";
        return TurnAsync(silo, (ulong)Random.Next(1, Consumers), turn => turn.Record(new EventCommand
        {
            EventId = id,
            Type = type,
            ConsumerId = "c",
            Brand = "acme",
            OccurredAt = Clock.Now,
            OrderId = type == EventType.Purchase ? id : null,
            Value = type == EventType.Purchase ? 10_000_000 : null,
            Currency = type == EventType.Purchase ? "EUR" : null,
        }));
    }

    public static BrandSnapshot Compile(string id, int symbol, string document)
    {
        CompileResult result = CatalogueCompiler.Compile(Encoding.UTF8.GetBytes(document), new CompileContext(id, symbol, "1", BrandSymbols.Empty, null, IndustryTable.Empty));
        Assert.Empty(result.Faults);
        return result.Brand!;
    }

    private static CatalogueSnapshot Compile(string document) => new([Compile("acme", Brand, document)], ServerSettings.Default, "1");

    // Where the decision was made says nothing of where its impression comes in.
    private async Task TrackAsync(TestSilo silo)
    {
        if (_decisions.Count > 0)
        {
            (ulong key, DecisionRef decision) = _decisions[Random.Next(_decisions.Count)];
            await OutcomeAsync(silo, key, turn => turn.Track(decision, EventType.Impression));
        }
    }

    /// <summary>An interaction with the newest decision comes in.</summary>
    public Task<bool> TrackNewestAsync(TestSilo silo, EventType type) =>
        OutcomeAsync(silo, _decisions[^1].Key, turn => turn.Track(_decisions[^1].Decision, type));

    /// <summary>An interaction comes in with a decision like the newest one that the consumer's state does not know.</summary>
    public Task<bool> TrackAnewAsync(TestSilo silo, EventType type)
    {
        (ulong key, DecisionRef decision) = _decisions[^1];
        _decisions.Add((key, decision with { Ordinal = decision.Ordinal + 1 }));
        return TrackNewestAsync(silo, type);
    }

    // As the consumer's grain does it.
    private async Task<bool> OutcomeAsync(TestSilo silo, ulong key, Action<Turn> work)
    {
        OutcomeMarket market = new(silo.Market);
        OutcomeClaim? claim = null;
        do
        {
            Run(market.Begin(), key, work);
            claim = market.End();
        }
        while (claim is { } missing && await silo.Loans.FetchAsync(missing));

        return claim is null ? await KeepAsync(silo, key) : await TurnAsync(silo, key, work);
    }

    private Task<bool> TurnAsync(TestSilo silo, ulong key, Action<Turn> work)
    {
        Run(silo.Market, key, work);
        return KeepAsync(silo, key);
    }

    private void Run(IMarket market, ulong key, Action<Turn> work)
    {
        ConsumerState state = _scratch.Turn.State;
        if (_states.TryGetValue(key, out byte[]? packed))
        {
            Assert.True(ConsumerCodec.TryRead(packed, state));
        }
        else
        {
            state.Reset(Encoding.UTF8.GetBytes($"c{key}"));
        }

        _scratch.Turn.Begin(key, Clock.Now, Current, market, null);
        work(_scratch.Turn);
    }

    private async Task<bool> KeepAsync(TestSilo silo, ulong key)
    {
        ConsumerState state = _scratch.Turn.State;
        if (!_scratch.Turn.Changed)
        {
            return true;
        }

        byte[] after = new byte[ConsumerCodec.SizeOf(state)];
        ConsumerCodec.Write(state, after);
        ByteWriter payloads = new();
        payloads.Bytes(_scratch.Turn.Payload);
        TurnRow row = new(key, state.Sequence, state.Sequence, silo.Epoch, ++silo.Number, TurnKind.Turn, _scratch.Turn.Now, null, payloads.Written.ToArray());
        if (Unreliable && Random.Next(15) == 0)
        {
            // Somebody else's row of the consumer was first.
            silo.Books.Refused(row);
            return false;
        }

        Assert.Empty(await Store.AppendAsync([row], Cancelled));
        _states[key] = after;
        silo.Books.Taken([row]);
        return true;
    }

    private async Task DieAsync()
    {
        if (Random.Next(2) == 0)
        {
            // The brand's book is lost with what it had not written; now and then an older one still writes.
            BrandBook old = Book;
            await ReloadAsync();
            if (Random.Next(2) == 0)
            {
                await Guard(old.WriteAsync(Cancelled));
            }

            return;
        }

        int dead = Random.Next(Silos);
        await Store.CloseEpochAsync(All[dead].Epoch, Cancelled);
        All[dead] = await NewSiloAsync();
        if (Random.Next(2) == 0)
        {
            await ReadAsync(Cancelled);
        }
    }

    private async Task LateAsync()
    {
        SiloReport[] late = [.. _late];
        _late.Clear();
        foreach (SiloReport report in late.OrderBy(_ => Random.Next()))
        {
            try
            {
                await TakeAsync(report);
            }
            catch (TimeoutException)
            {
                // Nobody listens.
            }
        }
    }

    private Task<BrandAnswer> TakeAsync(SiloReport report) => GuardAsync(() => Book.TakeAsync(report, Cancelled));

    private async Task<T> GuardAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (BooksMovedException)
        {
            await ReloadAsync();
            throw new TimeoutException("The book left.");
        }
    }

    private async Task Guard(Task work)
    {
        try
        {
            await work;
        }
        catch (BooksMovedException)
        {
            await ReloadAsync();
        }
    }

    private async Task ReloadAsync()
    {
        Book = NewBook();
        await Book.LoadAsync(Cancelled);
    }

    public BrandBook NewBook() => new(Brand, Store, this, this, Clock, YieldAsync);

    private Task<LoanReport> YieldAsync(string silo, int campaign, HoldClaim[] claims)
    {
        int fate = Unreliable ? Random.Next(8) : 8;
        if (fate == 0 || Array.Find(All, s => s.Name == silo) is not { } asked)
        {
            return Task.FromException<LoanReport>(new TimeoutException("The silo does not answer."));
        }

        LoanReport block = asked.Market.Yield(Brand, campaign, claims);
        return fate == 1 ? Task.FromException<LoanReport>(new TimeoutException("The answer was lost.")) : Task.FromResult(block);
    }

    private async Task<TestSilo> NewSiloAsync()
    {
        SiloMarket market = new(this, Clock);
        string name = $"silo-{_silos++}";
        TestSilo silo = new(name, await Store.BeginEpochAsync(name, Clock.Now, Cancelled), market);
        silo.Loans = new OutcomeLoans(() => silo.Epoch, _ => this, market, Clock);
        silo.Books = new SiloBooks(() => silo.Epoch, static () => 1, _ => this, market, this, Clock);
        return silo;
    }
}
