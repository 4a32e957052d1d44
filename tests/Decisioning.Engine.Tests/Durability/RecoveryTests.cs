using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Engine.Storage;
using Decisioning.Engine.Tests.Support;

namespace Decisioning.Engine.Tests.Durability;

public sealed class RecoveryTests
{
    private const string Budget = "{ \"total\": \"2000\", \"daily\": \"400\", \"pacing\": \"asap\" }";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>
    /// Random turns of thirty consumers, written back, evicted and crashed at random with a tail that was not durable: after each crash memory is what the
    /// journal alone says, read from its beginning by a host that has no stored states.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task What_comes_back_from_states_and_journal_is_what_the_journal_alone_says(int seed)
    {
        TestWorld world = await new TestWorld().OpenAsync(Brands.Simple(budget: Budget));
        world.Log.CommitsAtOnce = false;
        Random random = new(seed);
        RandomTurns turns = new(world, random);
        int crashes = 0;
        for (int step = 0; step < 1_500; step++)
        {
            await turns.StepAsync();
            await SometimesAsync(world, random);
            if (random.Next(150) == 0)
            {
                await world.CrashAsync();
                crashes++;
                await AssertJournalSaysSoAsync(world);
                world.Log.CommitsAtOnce = false;
            }

            Assert.All(world.Store.ReadAll(), row => Assert.True(ConsumerCodec.PositionOf(row.Value.Span) <= world.Log.DurablePosition));
        }

        Assert.True(crashes > 3 && turns.Charged > 100, $"{crashes} crashes, {turns.Charged} charges");
    }

    [Fact]
    public async Task A_crash_that_loses_nothing_changes_nothing()
    {
        TestWorld crashing = await new TestWorld().OpenAsync(Brands.Simple(budget: Budget));
        TestWorld steady = await new TestWorld().OpenAsync(Brands.Simple(budget: Budget));
        RandomTurns first = new(crashing, new Random(9), strangers: false), second = new(steady, new Random(9), strangers: false);
        Random random = new(10);
        for (int step = 0; step < 1_000; step++)
        {
            await first.StepAsync();
            await second.StepAsync();
            if (random.Next(100) == 0)
            {
                await crashing.UpkeepAsync();
            }

            if (random.Next(100) == 0)
            {
                await crashing.CrashAsync();
            }
        }

        Assert.Equal(steady.States(), crashing.States());
        Assert.Equal(steady.Money(), crashing.Money());
        Assert.Equal(first.Transcript, second.Transcript);
    }

    [Fact]
    public async Task Unexpired_holds_come_back_also_those_older_than_the_checkpoint()
    {
        TestWorld world = await new TestWorld().OpenAsync(Brands.Simple(budget: "{ \"total\": \"3\", \"pacing\": \"asap\" }"));
        Assert.NotNull(await world.ChooseAsync("a"));
        await world.UpkeepAsync();
        Assert.NotNull(await world.ChooseAsync("b"));
        await world.UpkeepAsync();
        Assert.NotNull(await world.ChooseAsync(null));
        Assert.Equal((0, 0, 3), world.Money());

        await world.CrashAsync();
        Assert.Equal((0, 0, 3), world.Money());
        Assert.Null(await world.ChooseAsync("c"));
        world.Clock.Now += 602_000;
        await world.CrashAsync();
        Assert.Equal((0, 0, 0), world.Money());
        Assert.NotNull(await world.ChooseAsync("c"));
    }

    [Fact]
    public async Task A_hold_that_was_charged_before_the_crash_is_not_held_again()
    {
        TestWorld world = await new TestWorld().OpenAsync(Brands.Simple(budget: "{ \"total\": \"2\", \"pacing\": \"asap\" }"));
        DecisionRef decision = (await world.ChooseAsync("a"))!;
        await world.UpkeepAsync();
        Assert.True(await world.TrackAsync(decision, EventType.Impression));
        await world.UpkeepAsync();
        await world.CrashAsync();
        Assert.Equal((1, 1, 0), world.Money());
        await world.CrashAsync();
        Assert.Equal((1, 1, 0), world.Money());
        Assert.NotNull(await world.ChooseAsync("b"));
        Assert.Null(await world.ChooseAsync("c"));
    }

    [Fact]
    public async Task A_charge_that_the_stored_holds_know_of_takes_nobody_else_s_hold()
    {
        TestWorld world = await new TestWorld().OpenAsync(Brands.Simple(budget: "{ \"total\": \"2\", \"pacing\": \"asap\" }"));
        DecisionRef decision = (await world.ChooseAsync("a"))!;
        Assert.NotNull(await world.ChooseAsync("b"));
        await world.UpkeepAsync();
        world.Clock.Now += 61_000;
        Assert.True(await world.TrackAsync(decision, EventType.Impression));

        // The holds are stored as of the charge; the spending, with the checkpoint, is not.
        world.Store.BeforeWrite = _ => throw new IOException("power");
        await Assert.ThrowsAsync<IOException>(world.UpkeepAsync);
        world.Store.BeforeWrite = null;
        await world.CrashAsync();
        Assert.Equal((1, 1, 1), world.Money());
    }

    [Fact]
    public async Task A_decision_lost_in_a_crash_is_recorded_from_its_token_and_billed_only_if_it_fits()
    {
        TestWorld world = await new TestWorld().OpenAsync(Brands.Simple(budget: "{ \"total\": \"1\", \"pacing\": \"asap\" }"));
        world.Log.CommitsAtOnce = false;
        DecisionRef lost = (await world.ChooseAsync("a"))!;
        await world.CrashAsync();
        world.Clock.Now += 5_000;
        DecisionRef kept = (await world.ChooseAsync("b"))!;
        Assert.True(await world.TrackAsync(lost, EventType.Impression));
        Assert.Equal((0, 0, 1), world.Money());
        Assert.Single((await world.RelationshipAsync("a"))!.Exposures);
        Assert.True(await world.TrackAsync(kept, EventType.Impression));
        Assert.Equal((1, 1, 0), world.Money());
    }

    [Fact]
    public async Task After_a_clean_end_there_is_nothing_to_apply_again()
    {
        TestWorld world = await new TestWorld().OpenAsync();
        await world.RecordAsync(world.Event("e-1"));
        await world.DecideAsync();
        SortedDictionary<ulong, string> before = world.States();
        await world.Host.DisposeAsync();
        await world.CrashAsync();
        Assert.Equal(0, world.Host.RecoveredTurns);
        Assert.Equal(before, world.States());
        Assert.Equal((0, 0, 1), world.Money());
    }

    [Fact]
    public async Task A_journal_with_a_turn_missing_is_refused_by_name()
    {
        TestWorld world = await new TestWorld().OpenAsync();
        for (int i = 0; i < 3; i++)
        {
            await world.RecordAsync(world.Event($"e-{i}"));
        }

        world.Log.Lose(2);
        InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(world.CrashAsync);
        Assert.Contains("position 3", refused.Message, StringComparison.Ordinal);
        Assert.Contains("turn 3", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_whose_states_are_gone_is_refused()
    {
        TestWorld world = await new TestWorld().OpenAsync();
        await world.RecordAsync(world.Event("e-1"));
        await world.UpkeepAsync();
        await world.RecordAsync(world.Event("e-2"));
        ulong key = world.Store.ReadAll().Single().Key;
        world.Store.Write([new(key, default)], null, null);
        await Assert.ThrowsAsync<InvalidDataException>(world.CrashAsync);
    }

    [Fact]
    public async Task Recovery_writes_back_rather_than_outgrow_memory()
    {
        TestWorld world = new() { Options = new EngineOptions { DataFolder = "", Shards = 4, MaxResidentBytes = 1 << 20, MaxDirtyConsumers = 100_000 } };
        await world.OpenAsync();
        int consumers = 0;
        for (; consumers < 6_000; consumers++)
        {
            await world.RecordAsync(world.Event("e", EventType.Cart, $"{consumers}-{new string('x', 100)}"));
            if (consumers % 500 == 0)
            {
                await world.UpkeepAsync();
            }
        }

        HeldBackStore empty = new();
        TestWorld other = new() { Options = world.Options, Log = world.Log.Crash(), Store = empty };
        await CopyCatalogueAsync(world, empty);
        await other.ReopenAsync();
        Assert.Equal(consumers, other.Host.RecoveredTurns);
        Assert.InRange(other.Host.ResidentBytes, 1, 1 << 20);
        await other.UpkeepAsync();
        Assert.Equal(consumers, other.Store.CountConsumers());
    }

    private static async Task SometimesAsync(TestWorld world, Random random)
    {
        switch (random.Next(25))
        {
            case 0:
                world.Log.Commit();
                break;
            case 1:
                Task pass = world.UpkeepAsync();
                world.Log.Commit();
                await pass;
                break;
            case 2:
                world.Host.Rooms.Residents.Sweep(8);
                break;
            case 3:
                world.Clock.Now += random.NextInt64(3_600_000);
                break;
        }
    }

    private static async Task AssertJournalSaysSoAsync(TestWorld world)
    {
        TestWorld alone = new() { Log = world.Log.Crash() };
        alone.Clock.Now = world.Clock.Now;
        await CopyCatalogueAsync(world, alone.Store);
        await alone.ReopenAsync();
        Assert.Equal(alone.States(), world.States());
        Assert.Equal(alone.Money(), world.Money());
    }

    private static Task CopyCatalogueAsync(TestWorld from, HeldBackStore into)
    {
        foreach (BrandRow brand in from.Store.ReadBrands())
        {
            into.WriteBrand(brand, []);
        }

        return Task.CompletedTask;
    }
}
