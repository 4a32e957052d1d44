using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Tests.Catalogue;

/// <summary>The demo brands compile on any day and are what they say they are.</summary>
public class DemoCatalogueTests
{
    private const string Url = "http://127.0.0.1:5080/";

    public static TheoryData<DateOnly> Days => new(
        new DateOnly(2026, 11, 5), new DateOnly(2024, 2, 29), new DateOnly(2026, 12, 31), new DateOnly(2027, 3, 28));

    [Theory]
    [MemberData(nameof(Days))]
    public void Aurora_runs_around_the_day(DateOnly today)
    {
        CampaignSnapshot campaign = Documents.Good(DemoCatalogue.Aurora(today, Url)).Campaigns[0];
        BrandCalendar calendar = campaign.Brand.Calendar;
        int day = BrandCalendar.DayNumberOf(today);
        Assert.Equal((day - 10, day + 11), (calendar.DayOf(campaign.From), calendar.DayOf(campaign.Until)));
    }

    [Fact]
    public void Borealis_runs_without_end() =>
        Assert.All(Documents.Good(DemoCatalogue.Borealis(Url)).Campaigns, c => Assert.Equal((long.MinValue, long.MaxValue), (c.From, c.Until)));

    [Fact]
    public void Aurora_is_the_example_moved()
    {
        BrandSnapshot demo = Documents.Good(DemoCatalogue.Aurora(new DateOnly(2026, 11, 5), Url));
        BrandSnapshot example = Documents.Good(Documents.Example);
        Assert.Equal(example.Creatives.Keys.Order(), demo.Creatives.Keys.Order());
        Assert.Equal(example.Symbols.Names(SymbolKind.Step), demo.Symbols.Names(SymbolKind.Step));
        Assert.Equal(example.Campaigns.Select(c => c.Id), demo.Campaigns.Select(c => c.Id));
        Assert.Equal(example.Caps, demo.Caps);
        Assert.Equal(0.05, demo.Campaigns[0].Holdout);
    }

    [Fact]
    public void Borealis_holds_nothing_back()
    {
        BrandSnapshot brand = Documents.Good(DemoCatalogue.Borealis(Url));
        Assert.Empty(brand.Caps);
        Assert.Equal(0, brand.BrandHoldout);
        Assert.All(brand.Campaigns, c => Assert.Equal((0d, 0, 0L), (c.Holdout, c.Caps.Length, c.Storyline.GapMs)));
        Assert.All(brand.Campaigns, c => Assert.Same(TargetingSnapshot.Everyone, c.Targeting));
        Assert.All(brand.Storylines.Values.SelectMany(s => s.Steps), s => Assert.Equal((0, 0), (s.Caps.Length, s.Channels.Count)));
        Assert.InRange(brand.Rules.ReserveMs, 1, 10 * Durations.Second);
    }

    [Fact]
    public void Creatives_are_served_by_the_server_itself()
    {
        BrandSnapshot brand = Documents.Good(DemoCatalogue.Borealis(Url));
        Assert.All(brand.Creatives.Values, c => Assert.StartsWith("http://127.0.0.1:5080/demo/borealis/", c.Url, StringComparison.Ordinal));
        Assert.All(brand.Creatives.Values, c => Assert.StartsWith("http://127.0.0.1:5080/demo/borealis/landing/", c.Landing, StringComparison.Ordinal));
        Assert.Equal(brand.Creatives.Count, brand.Creatives.Values.Select(c => c.Url).Distinct().Count());
    }
}
