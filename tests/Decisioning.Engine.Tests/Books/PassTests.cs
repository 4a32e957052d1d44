using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Engine.Background;
using Decisioning.Engine.Tests.Support;

namespace Decisioning.Engine.Tests.Books;

public sealed class PassTests
{
    private readonly TestWorld _world = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Intent_and_assets_come_from_a_pass_over_everybody_in_memory_or_not()
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("a", EventType.Cart, "carted"), _world.Event("b", EventType.Search, "searched"));
        await _world.EvictAsync();
        await _world.RecordAsync(_world.Event("c", EventType.Purchase, "bought"));
        BrandPulse before = await _world.PulseAsync();
        Assert.Equal((0, null), (before.Intent.AsOf, before.Assets.AccountingDay));

        await _world.Host.RunPassAsync(Cancelled);
        BrandPulse pulse = await _world.PulseAsync();
        Assert.Equal(_world.Clock.Now, pulse.Intent.AsOf);
        Assert.Equal([2, 0, 0, 0, 0, 0, 1, 0, 0, 0], pulse.Intent.Buckets);
        Assert.Equal(new DateOnly(2026, 11, 5), pulse.Assets.AccountingDay);
        Assert.Equal(pulse.Assets.ValueMicros, pulse.Assets.Stages.Sum(s => s.ValueMicros));
        Assert.True(pulse.Assets.ValueMicros > 0);
        Assert.Null(pulse.Assets.IndustryIndex);
    }

    [Fact]
    public async Task Consumers_are_valued_once_a_local_day_and_the_value_survives_a_crash()
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("a", EventType.Purchase, "bought"));
        await _world.Host.RunPassAsync(Cancelled);
        StageAsset[] first = (await _world.PulseAsync()).Assets.Stages;
        await _world.RecordAsync(_world.Event("b", EventType.Purchase, "other"), _world.Event("c", EventType.Cart, "third"));
        await _world.Host.RunPassAsync(Cancelled);
        Assert.Equal(first.Select(s => s.UnitMicros), (await _world.PulseAsync()).Assets.Stages.Select(s => s.UnitMicros));

        _world.Clock.Now += Watching.DayMs;
        await _world.Host.RunPassAsync(Cancelled);
        AssetTotals valued = (await _world.PulseAsync()).Assets;
        Assert.Equal(new DateOnly(2026, 11, 6), valued.AccountingDay);
        Assert.Equal("valuation", valued.Lines[0].Cause);
        Assert.NotEqual(first.Select(s => s.UnitMicros), valued.Stages.Select(s => s.UnitMicros));
        await _world.UpkeepAsync();
        await _world.CrashAsync();
        AssetTotals restored = (await _world.PulseAsync()).Assets;
        Assert.Equal((valued.ValueMicros, valued.AccountingDay), (restored.ValueMicros, restored.AccountingDay));
        Assert.Equal(valued.ValueMicros, restored.ByCause.Sum(c => c.DeltaMicros));
    }

    [Fact]
    public async Task A_pass_is_overdue_after_a_start_and_when_a_brand_has_over_twice_the_consumers()
    {
        await _world.OpenAsync();
        Assert.False(Overdue());
        await _world.RecordAsync(_world.Event("a", EventType.Cart, "first"));
        await _world.PulseAsync();
        Assert.True(Overdue());
        await _world.Host.RunPassAsync(Cancelled);
        Assert.False(Overdue());
        await _world.RecordAsync(_world.Event("b", EventType.Cart, "second"));
        await _world.PulseAsync();
        Assert.False(Overdue());
        await _world.RecordAsync(_world.Event("c", EventType.Cart, "third"));
        await _world.PulseAsync();
        Assert.True(Overdue());

        await _world.Host.RunPassAsync(Cancelled);
        await _world.CrashAsync();
        Assert.True(Overdue());
        Assert.Equal(0, (await _world.PulseAsync()).Intent.AsOf);
        await _world.Host.RunPassAsync(Cancelled);
        Assert.False(Overdue());
        Assert.Equal(3, (await _world.PulseAsync()).Intent.Buckets.Sum());

        bool Overdue() => _world.Host.Rooms.Watch!.PassIsOverdue;
    }

    [Fact]
    public async Task A_pass_tells_which_turns_it_saw_whole_and_which_it_may_have_missed()
    {
        await _world.OpenAsync();
        await _world.RecordAsync([.. Enumerable.Range(0, 200).Select(i => _world.Event($"e-{i}", EventType.Purchase, $"c-{i}"))]);
        await _world.Host.RunPassAsync(Cancelled);
        Appraisal still = AppraisalOf();
        Assert.Equal((_world.Log.DurablePosition, _world.Log.DurablePosition), (still.From, still.To));
        Assert.Equal((200, 200), (still.MarketConsumers, still.Stages[(int)Stage.Purchase].Consumers));
        Assert.Equal(200 * 10_000_000L, still.MarketSpendMicros);

        _world.Clock.Now += Watching.DayMs;
        long before = _world.Log.DurablePosition;
        int turns = 0;
        RestingTime time = new(() =>
        {
            string id = $"c-{turns++}";
            Assert.True(_world.RecordAsync(_world.Event($"more-{id}", EventType.Purchase, id)).IsCompletedSuccessfully);
        });
        await _world.Host.Rooms.Watch!.Pass.RunAsync(new Pace(time, 0.5), Cancelled);
        Appraisal moved = AppraisalOf();
        Assert.Equal(before, moved.From);
        Assert.InRange(moved.To, before + 1, _world.Log.DurablePosition);
        long spend = moved.Stages[(int)Stage.Purchase].SpendMicros + moved.Stages[(int)Stage.Loyalty].SpendMicros;
        Assert.Equal(moved.MarketSpendMicros, spend);
        Assert.InRange(spend, 200 * 10_000_000L + 1, (200 + turns) * 10_000_000L);
        await _world.RecountAsync();

        Appraisal AppraisalOf() =>
            _world.Host.Rooms.WriteBack.Books!.Read(_world.Catalogue.Find(TestWorld.Brand)!.Symbol, static (totals, _) => totals.Appraisal!);
    }

    [Fact]
    public async Task Five_brands_of_an_industry_are_compared()
    {
        await _world.OpenAsync();
        for (int i = 2; i <= 5; i++)
        {
            await _world.PutAsync(Brands.Simple(), $"b{i}");
        }

        await _world.RecordAsync(_world.Event("a", EventType.Purchase, "x"));
        foreach (int i in (int[])[2, 3, 4, 5])
        {
            Assert.Null((await _world.PulseAsync()).Assets.IndustryIndex);
            await _world.RecordAsync(new Core.Consumers.EventCommand
            {
                EventId = "e",
                Type = EventType.Search,
                ConsumerId = $"y{i}",
                Brand = $"b{i}",
                OccurredAt = _world.Clock.Now,
            });
            await _world.Host.RunPassAsync(Cancelled);
        }

        double?[] indices = [.. (await Task.WhenAll(((string[])[TestWorld.Brand, "b2", "b3", "b4", "b5"]).Select(b => _world.PulseAsync(b)))).Select(p => p.Assets.IndustryIndex)];
        Assert.Equal(500, indices.Sum()!.Value, 6);
        Assert.True(indices[0] > indices[1]);
    }
}
