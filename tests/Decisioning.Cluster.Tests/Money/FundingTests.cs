using Decisioning.Cluster.Books;
using Decisioning.Cluster.Tests.BrandBooks;
using Decisioning.Cluster.Tests.Support;
using Decisioning.Conformance;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;
using Decisioning.Engine;
using Decisioning.Engine.Catalogues;

namespace Decisioning.Cluster.Tests.Money;

/// <summary>When a silo asks for money: as it comes, as a brand changes, as its block is out.</summary>
public sealed class FundingTests
{
    private const long Unit = 1_000_000;
    private const long CatalogueVersion = 7;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_silo_has_come_when_it_has_been_lent_money()
    {
        TaskCompletionSource answering = new(TaskCreationOptions.RunContinuationsAsynchronously);
        BooksWorld world = await new BooksWorld(3, "{ \"total\": \"20\", \"pacing\": \"asap\" }").OpenAsync();
        world.Answering = answering.Task;
        TestSilo silo = world.All[0];
        await using SiloBooks books = silo.Books;
        Task<bool> start = books.StartAsync(Cancelled);
        Assert.NotEqual(default, silo.Market.Check(world.Campaign, world.Clock.Now));
        Assert.False(start.IsCompleted);
        answering.SetResult();
        Assert.True(await start);
        Assert.Equal(default, silo.Market.Check(world.Campaign, world.Clock.Now));
    }

    [Fact]
    public async Task A_change_of_a_brand_is_asked_money_for_after_what_was_on_its_way_before_it()
    {
        string active = Documents.Simple(budget: "{ \"total\": \"200\", \"pacing\": \"asap\" }");
        BooksWorld world = await new BooksWorld(3).OpenAsync();
        world.Put(active.Replace("\"storyline\"", "\"status\": \"paused\", \"storyline\"", StringComparison.Ordinal));
        TestSilo silo = world.All[0];
        await using SiloBooks books = Unbeaten(world);
        TaskCompletionSource answering = new(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Answering = answering.Task;
        Task<bool> before = books.StartAsync(Cancelled);
        Assert.Empty(world.Heard!.Loans);
        world.Put(active);
        Task[] funded = [books.FundAsync(), books.FundAsync()];
        Assert.All(funded, static f => Assert.False(f.IsCompleted));
        answering.SetResult();
        await Task.WhenAll(funded);
        Assert.True(await before);
        Assert.Equal(default, silo.Market.Check(world.Campaign, world.Clock.Now));
        Assert.Equal(CatalogueVersion, world.Heard!.CatalogueVersion);
    }

    [Fact]
    public async Task What_a_brand_refused_is_asked_for_again_when_it_has_changed_and_then_no_more()
    {
        BooksWorld world = await new BooksWorld(3, "{ \"daily\": \"1\", \"pacing\": \"asap\" }").OpenAsync();
        TestSilo silo = world.All[0];
        await using SiloBooks books = Unbeaten(world);
        Assert.True(await books.StartAsync(Cancelled));
        Assert.True(silo.Market.TryCharge(BooksWorld.Brand, world.Campaign.Symbol, Unit, world.Clock.Now));
        Assert.True(await AsksAsync());
        foreach (string budget in (string[])["{ \"daily\": \"1\", \"total\": \"9\", \"pacing\": \"asap\" }", "{ \"daily\": \"9\", \"pacing\": \"asap\" }"])
        {
            Assert.False(await AsksAsync());
            world.Put(Documents.Simple(budget: budget));
            Assert.True(await AsksAsync());
        }

        Assert.Equal(default, silo.Market.Check(world.Campaign, world.Clock.Now));

        async Task<bool> AsksAsync()
        {
            SiloReport? before = world.Heard;
            await books.FundAsync();
            await books.ReportAllAsync(settle: false);
            return world.Heard != before && world.Heard!.Loans.Any(static l => l.Wanted > 0);
        }
    }

    [Fact]
    public async Task A_change_whose_money_nobody_lends_is_asked_for_at_the_next_beat()
    {
        BooksWorld world = await new BooksWorld(3, "{ \"total\": \"1\", \"pacing\": \"asap\" }").OpenAsync();
        TestSilo silo = world.All[0];
        await using SiloBooks books = Unbeaten(world);
        Assert.True(await books.StartAsync(Cancelled));
        Assert.True(await world.DecideAsync(silo, confirm: true));
        Assert.False(await world.DecideAsync(silo, confirm: true));
        world.Put(Documents.Simple(budget: "{ \"total\": \"200\", \"pacing\": \"asap\" }"));
        world.Answering = Task.FromException(new TimeoutException("The brand does not answer."));
        await books.FundAsync();
        Assert.False(await world.DecideAsync(silo, confirm: true));
        world.Answering = Task.CompletedTask;
        await books.ReportAllAsync(settle: false);
        Assert.True(await world.DecideAsync(silo, confirm: true));
    }

    [Fact]
    public async Task A_brand_that_is_gone_has_its_money_back_when_the_change_is_answered()
    {
        BooksWorld world = await new BooksWorld(3, "{ \"total\": \"20\", \"pacing\": \"asap\" }").OpenAsync();
        int campaign = world.Campaign.Symbol;
        await using SiloBooks books = Unbeaten(world);
        Assert.True(await books.StartAsync(Cancelled));
        Assert.True(world.Book.Money.LentOf(campaign) > 0);
        world.Delete();
        await books.FundAsync();
        Assert.Equal(0, world.Book.Money.LentOf(campaign));
    }

    [Fact]
    public async Task A_silo_that_stops_gives_its_money_back_after_what_was_on_its_way()
    {
        BooksWorld world = await new BooksWorld(3, "{ \"total\": \"20\", \"pacing\": \"asap\" }").OpenAsync();
        SiloBooks books = Unbeaten(world);
        TaskCompletionSource answering = new(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Answering = answering.Task;
        Task<bool> start = books.StartAsync(Cancelled);

        // Its beats rest before, so that it is at the handing over when that returns.
        await books.DisposeAsync();
        Task over = books.HandOverAsync(Cancelled);
        Assert.False(over.IsCompleted);
        answering.SetResult();
        await over;
        Assert.True(await start);
        Assert.True(Assert.Single(world.Heard!.Loans).Returned > 0);
        Assert.Equal(0, world.Book.Money.LentOf(world.Campaign.Symbol));
    }

    [Fact]
    public async Task A_hungry_silo_reports_while_its_clock_stands()
    {
        BooksWorld world = await new BooksWorld(3, "{ \"total\": \"200\", \"pacing\": \"asap\" }").OpenAsync();
        TestSilo silo = world.All[0];
        await using SiloBooks books = Unbeaten(world);
        Assert.True(await books.StartAsync(Cancelled));
        world.Reported = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (await world.DecideAsync(silo, confirm: true))
        {
            Assert.False(world.Reported.Task.IsCompleted);
        }

        await world.Reported.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
    }

    [Fact]
    public async Task A_hungry_brand_reports_alone_and_only_while_it_is_short()
    {
        BooksWorld world = await new BooksWorld(3, "{ \"total\": \"200\", \"pacing\": \"asap\" }").OpenAsync(), beside = await new BooksWorld(4).OpenAsync();
        CampaignSnapshot other = BooksWorld.Compile("abel", world.Campaign.Brand.Symbol + 1, Documents.Simple()).Campaigns[0];
        TestSilo silo = world.All[0];
        TwoBrands catalogue = new(new CatalogueSnapshot([other.Brand, world.Campaign.Brand], ServerSettings.Default, "1"));
        await using SiloBooks books = new(
            () => silo.Epoch, static () => 1, brand => brand == other.Brand.Symbol ? beside : world, silo.Market, catalogue, new HostClock(new StandingTime()));
        Assert.True(await books.StartAsync(Cancelled));

        // It has something to tell too, and would be asked first.
        Assert.True(silo.Market.TryHold(other, 7, world.Clock.Now, world.Clock.Now + 60_000));
        world.Reported = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        beside.Reported = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Heard before the other's, and late: what it asked for has been lent.
        silo.Market.Hungry!(other.Brand.Symbol);
        while (await world.DecideAsync(silo, confirm: true))
        {
        }

        await world.Reported.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
        Assert.False(beside.Reported.Task.IsCompleted);
        await books.ReportAllAsync(settle: false);
        Assert.True(beside.Reported.Task.IsCompleted);
    }

    /// <summary>The first silo's books, which report when they are told to.</summary>
    private static SiloBooks Unbeaten(BooksWorld world) =>
        new(() => world.All[0].Epoch, static () => CatalogueVersion, _ => world, world.All[0].Market, world, new HostClock(new StandingTime()));

    private sealed class TwoBrands(CatalogueSnapshot current) : ICatalogueSource
    {
        public CatalogueSnapshot Current => current;
    }
}
