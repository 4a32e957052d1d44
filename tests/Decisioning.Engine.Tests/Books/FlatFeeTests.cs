using Decisioning.Conformance;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;
using Decisioning.Engine.Tests.Support;

namespace Decisioning.Engine.Tests.Books;

/// <summary>Flat prices are in no journal: they are stored with the books, or booked again.</summary>
public sealed class FlatFeeTests
{
    private readonly TestWorld _world = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_crash_neither_loses_a_day_nor_books_one_twice(bool stored)
    {
        _world.Clock.Now = TestClock.At("2026-11-05T12:30:00Z");
        await _world.OpenAsync(Documents.Flat("0.000040", "2026-11-04", "2026-11-07", budget: """{ "total": "1.00" }"""));
        await _world.RecordAsync(_world.Event("a"));
        Assert.Equal((20, 20), await SpendAsync());
        if (stored)
        {
            await _world.UpkeepAsync();
        }

        await _world.CrashAsync();
        Assert.Equal(stored ? 20 : 0, SpentOfBudget());
        Assert.Equal((20, 20), await SpendAsync());
        _world.Clock.Now += Watching.DayMs;
        Assert.Equal((30, 10), await SpendAsync());
        Assert.Equal(30, SpentOfBudget());
        await _world.RecountAsync();
    }

    [Fact]
    public async Task What_a_flat_price_took_is_not_spent_again_by_impressions()
    {
        _world.Clock.Now = TestClock.At("2026-11-05T12:30:00Z");
        await _world.OpenAsync(Documents.Flat("12.00", "2026-11-04", "2026-11-06"));
        Assert.Equal((8_000_000, 8_000_000), await SpendAsync());
        await _world.PutAsync(Documents.Simple(budget: """{ "total": "9.00", "pacing": "asap" }"""));
        Assert.Single((await _world.DecideAsync("one")).Placements[0].Decisions);
        PlacementReply refused = (await _world.DecideAsync("another")).Placements[0];
        Assert.Equal(NoDecisionReason.Budget, refused.NoDecision?.Reason);
    }

    private long SpentOfBudget()
    {
        CampaignSnapshot campaign = _world.Catalogue.Brands[0].Campaigns[0];
        return _world.Host.Rooms.Ledger.SpendingOf(campaign.Brand.Symbol, campaign.Symbol).Total;
    }

    private async Task<(long, long)> SpendAsync()
    {
        BrandPulse pulse = await _world.PulseAsync();
        return (pulse.Spend.TotalMicros, pulse.Spend.TodayMicros);
    }
}
