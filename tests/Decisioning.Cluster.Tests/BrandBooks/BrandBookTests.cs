using Decisioning.Cluster.Books;
using Decisioning.Cluster.Storage;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Cluster.Tests.BrandBooks;

public sealed class BrandBookTests
{
    private static readonly int[] Seeds = [.. Enumerable.Range(1, 40)];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_row_counts_once_whatever_is_lost_comes_twice_or_late_and_whoever_dies()
    {
        foreach (int seed in Seeds)
        {
            BooksWorld world = await new BooksWorld(seed).OpenAsync();
            world.Unreliable = true;
            for (int step = 0; step < 400; step++)
            {
                await world.StepAsync();
            }

            await world.SettleAsync(giveBack: true);
            (BrandTotals expected, long spent) = await world.BruteForceAsync();
            Assert.True(expected.Changes > 100, $"Seed {seed} makes no facts.");
            Assert.Equal(BooksWorld.FormOf(expected), BooksWorld.FormOf(world.Book.Totals));
            Assert.Equal(spent, world.Book.Money.SpendingOf(BooksWorld.Brand, world.Campaign.Symbol).Total);
        }
    }

    [Fact]
    public async Task A_book_that_comes_again_reads_what_was_not_written()
    {
        BooksWorld world = await new BooksWorld(3).OpenAsync();
        for (int step = 0; step < 200; step++)
        {
            await world.RecordAsync(world.All[step % BooksWorld.Silos]);
        }

        BrandBook again = world.NewBook();
        await again.LoadAsync(Cancelled);
        (BrandTotals expected, _) = await world.BruteForceAsync();
        Assert.Equal(BooksWorld.FormOf(expected), BooksWorld.FormOf(again.Totals));
    }

    [Fact]
    public async Task A_dead_silos_last_rows_are_in_the_books_once_its_epoch_is_closed()
    {
        BooksWorld world = await new BooksWorld(4).OpenAsync();
        TestSilo dead = world.All[1];
        await world.RecordAsync(dead);
        await dead.Books.ReportAllAsync(settle: false);
        await world.RecordAsync(dead);
        await world.Store.CloseEpochAsync(dead.Epoch, Cancelled);
        Assert.Equal(1, world.Book.Positions[dead.Epoch]);
        await world.ReadAsync(Cancelled);
        await world.Book.FollowAsync(Cancelled);
        Assert.Equal(2, world.Book.Positions[dead.Epoch]);
        (BrandTotals expected, _) = await world.BruteForceAsync();
        Assert.Equal(BooksWorld.FormOf(expected), BooksWorld.FormOf(world.Book.Totals));
    }

    [Fact]
    public async Task What_is_not_changed_is_not_sent_again()
    {
        BooksWorld world = await new BooksWorld(5).OpenAsync();
        await world.RecordAsync(world.All[0]);
        await world.All[0].Books.ReportAllAsync(settle: false);
        BrandSight sight = (await world.ReadAsync(0))!;
        Assert.Null(await world.ReadAsync(sight.Etag));
        await world.RecordAsync(world.All[0]);
        await world.All[0].Books.ReportAllAsync(settle: false);
        BrandSight next = (await world.ReadAsync(sight.Etag))!;
        Assert.True(next.Etag > sight.Etag);
        Assert.Equal(BooksWorld.FormOf(world.Book.Totals), BooksWorld.FormOf(BrandTotals.Read(next.Totals)));
    }

    [Fact]
    public async Task An_idle_silos_position_moves_with_its_heartbeat()
    {
        BooksWorld world = await new BooksWorld(6).OpenAsync();
        TestSilo silo = world.All[0];
        await silo.Books.ReportAllAsync(settle: false);
        TurnRow elsewhere = new(99, 1, 1, silo.Epoch, ++silo.Number, Engine.Storage.TurnKind.Turn, world.Clock.Now, null, default);
        Assert.Empty(await world.Store.AppendAsync([elsewhere], Cancelled));
        silo.Books.Taken([elsewhere]);
        await silo.Books.ReportAllAsync(settle: false);
        Assert.Equal(0, world.Book.Positions.GetValueOrDefault(silo.Epoch));
        world.Time.Now += SiloBooks.HeartbeatMs;
        await silo.Books.ReportAllAsync(settle: false);
        Assert.Equal(1, world.Book.Positions[silo.Epoch]);
    }

    [Fact]
    public async Task A_part_folded_at_powers_that_are_over_is_read_anew_at_those_in_force()
    {
        BooksWorld world = await new BooksWorld(7).OpenAsync();
        for (int round = 0; round < 3; round++)
        {
            foreach (TestSilo silo in world.All)
            {
                await world.RecordAsync(silo);
            }

            await world.ValueAsync(new PassReport { At = world.Clock.Now, Day = 20_000 + round, Appraisal = AppraisalOf(round), Net = [], Intent = new long[10], Known = 0 });
            await world.SettleAsync(giveBack: false);
        }

        AssetPowers powers = world.Book.Totals.Powers;
        long worth = 0;
        for (int stage = 0; stage < world.Book.Totals.Counts.Length; stage++)
        {
            worth += world.Book.Totals.Counts[stage] * powers.Of((Core.Catalogue.DeeplinkStage)stage);
        }

        Assert.NotEqual(0, worth);
        Assert.Equal(worth, world.Book.Totals.AssetsMicros);
    }

    /// <summary>Other powers each round: all buy, of more and more.</summary>
    private static byte[] AppraisalOf(int round)
    {
        ByteWriter form = new();
        new Appraisal
        {
            At = 0,
            From = 0,
            To = 0,
            Market = [1],
            MarketConsumers = 0,
            MarketSpendMicros = 0,
            Stages = [.. Names.AllStages.Select(_ => new StageTally(0, 0, 100 * round, 100 * round))],
        }.Write(form);
        return form.Written.ToArray();
    }
}
