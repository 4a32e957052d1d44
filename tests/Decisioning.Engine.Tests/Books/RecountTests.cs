using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record.Facts;
using Decisioning.Engine.Background;
using Decisioning.Engine.Books;
using Decisioning.Engine.Storage;
using Decisioning.Engine.Tests.Support;

namespace Decisioning.Engine.Tests.Books;

/// <summary>The recount holds whatever goes on meanwhile, and tells every fault by its name.</summary>
public sealed class RecountTests
{
    private readonly TestWorld _world = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>
    /// At every rest of the count somebody has turns that each change the stage: before being counted, after, both, in memory or on disk, erased and come back.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_recount_holds_with_stages_changing_between_any_two_consumers_counted(int seed)
    {
        const int consumers = 400;
        await _world.OpenAsync();
        Random random = new(seed);
        int changes = 0, erased = 0;
        List<string> gone = [];
        for (int i = 0; i < consumers; i++)
        {
            Change($"c-{i}");
            if (i == consumers / 2)
            {
                await _world.EvictAsync();
            }
        }

        RestingTime time = new(() =>
        {
            for (int turn = random.Next(4); turn > 0; turn--)
            {
                Change($"c-{random.Next(consumers)}");
            }

            if (random.Next(20) == 0)
            {
                string id = $"c-{random.Next(consumers)}";
                Assert.True(_world.Host.EraseConsumerAsync(id, Cancelled).IsCompleted);
                gone.Add(id);
                erased++;
            }
        });
        for (int recount = 0; recount < 3; recount++)
        {
            BrandSnapshot brand = _world.Catalogue.Find(TestWorld.Brand)!;
            RecountReport report = await _world.Host.Rooms.Watch!.Recount.RunAsync(
                brand, _world.Catalogue, static () => Task.CompletedTask, new Pace(time, 0.5), Cancelled);
            Assert.Empty(report.Mismatches);
            Assert.Equal((await _world.PulseAsync()).Deeplink, report.Stages);
        }

        Assert.True(changes > 3 * consumers && erased > 10, $"{changes} changes, {erased} erased");

        // Follow and unfollow in turns: of one who comes back the first may change nothing.
        void Change(string id)
        {
            ValueTask<EventResult[]> recorded = _world.RecordAsync(_world.Event($"e-{changes}", changes / 7 % 2 == 0 ? EventType.Follow : EventType.Unfollow, id));
            Assert.True(recorded.IsCompletedSuccessfully);
            _world.Clock.Now++;
            changes++;
        }
    }

    [Fact]
    public async Task A_recount_holds_while_turns_go_on()
    {
        await _world.OpenAsync();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        Task[] traffic = [.. Enumerable.Range(0, 3).Select(worker => Task.Run(async () =>
        {
            Random random = new(worker);
            for (int i = 0; !stop.IsCancellationRequested && i < 20_000; i++)
            {
                EventType type = random.Next(3) == 0 ? EventType.Purchase : EventType.Cart;
                await _world.RecordAsync(_world.Event($"{worker}-{i}", type, $"c-{random.Next(300)}"));
                if (random.Next(50) == 0)
                {
                    await _world.Host.EraseConsumerAsync($"c-{random.Next(300)}", Cancelled);
                }
            }
        }, Cancelled))];
        int recounts = 0;
        for (; _world.Log.Appended < 6_000; recounts++)
        {
            await _world.RecountAsync();
        }

        await stop.CancelAsync();
        await Task.WhenAll(traffic);
        RecountReport last = await _world.RecountAsync();
        Assert.Equal((await _world.PulseAsync()).Deeplink, last.Stages);
        Assert.True(last.Stages.Sum() > 0 && recounts > 10, $"{recounts} recounts");
    }

    [Fact]
    public async Task A_recount_tells_where_the_books_are_wrong()
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("a", EventType.Cart));
        await _world.EvictAsync();
        ulong key = _world.Store.ReadAll().Single().Key;
        _world.Store.Write([new(key, default)], null, null);
        RecountReport report = (await _world.Host.RecountAsync(TestWorld.Brand, Cancelled))!;
        Assert.False(report.Ok);
        Assert.Equal([new RecountMismatch("deeplink.perform", 1, 0)], report.Mismatches);
    }

    [Fact]
    public async Task A_recount_tells_which_cut_does_not_sum_to_the_books()
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("a", EventType.Purchase));
        await _world.Host.RunPassAsync(Cancelled);
        await _world.RecountAsync();
        Bookkeeper books = _world.Host.Rooms.WriteBack.Books!;
        int brand = _world.Catalogue.Find(TestWorld.Brand)!.Symbol;
        books.Read(brand, (totals, _) =>
        {
            BrandTotals other = new();
            other.Fold(_world.Clock.Now, new Fact { Kind = FactKind.Interaction, Brand = brand, Type = EventType.Impression, Flags = FactFlags.Elsewhere, ChargedMicros = 5 });
            other.Fold(_world.Clock.Now, new Fact { Kind = FactKind.Stage, Brand = brand, Cause = StageCause.Import, Flags = FactFlags.Enters, To = DeeplinkStage.Initial, Previous = -1 });
            totals.Merge(other);
            return true;
        });
        long unit = (await _world.PulseAsync()).Assets.Stages.Single(s => s.Stage == Stage.Purchase).UnitMicros;
        Assert.Equal(
            [new("deeplink.initial", 2, 1), new("spend.by_campaign", 5, 0), new("assets.by_stage", unit, 2 * unit)],
            (await _world.Host.RecountAsync(TestWorld.Brand, Cancelled))!.Mismatches);
    }

    [Fact]
    public async Task A_recount_tells_which_power_does_not_follow_from_what_was_counted()
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("a", EventType.Purchase));
        await _world.Host.RunPassAsync(Cancelled);
        await _world.RecountAsync();
        AssetPowers powers = _world.Host.Rooms.WriteBack.Books!.Read(_world.Catalogue.Find(TestWorld.Brand)!.Symbol, (totals, _) =>
        {
            totals.Revalue(totals.Powers with { Interest = totals.Powers.Interest + 1 }, totals.AccountingDay!.Value, _world.Clock.Now, totals.Appraisal);
            return totals.Powers;
        });
        Assert.Equal(
            [new("assets.power.interest", powers.Interest, powers.Interest - 1)], (await _world.Host.RecountAsync(TestWorld.Brand, Cancelled))!.Mismatches);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_recount_tells_the_hour_at_which_the_stored_series_breaks(bool restart)
    {
        await _world.OpenAsync();
        for (int day = 0; day < 6; day++)
        {
            await _world.RecordAsync(_world.Event("a", EventType.Cart, $"c-{day}"));
            await _world.UpkeepAsync();
            await _world.PassAsync(Watching.DayMs);
        }

        await _world.RecordAsync(_world.Event("a", EventType.Cart, "last"));
        await _world.UpkeepAsync();
        if (restart)
        {
            await _world.CrashAsync();
        }

        await _world.RecountAsync();
        int brand = _world.Catalogue.Find(TestWorld.Brand)!.Symbol;
        HourBooks second = _world.Store.ReadHours(brand, 0, int.MaxValue)[1];
        ByteWriter empty = new();
        new HourRow(second.Hour * Watching.HourMs).Write(empty);
        _world.Store.Write([], null, null, null, new BooksWrite(_world.Store.BooksPosition, [], [second with { Sums = empty.Written.ToArray() }], 0));

        RecountMismatch[] faults = (await _world.Host.RecountAsync(TestWorld.Brand, Cancelled))!.Mismatches;
        Assert.Equal(
            [new("deeplink.perform at the end of 2026-11-06T12:00Z", 0, 1), new("deeplink.perform at the end of 2026-11-07T12:00Z", 3, 1)], faults);
    }
}
