using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Tests.Catalogue;

/// <summary>CATALOGUE.md's example compiles to what it says.</summary>
public class ExampleTests
{
    private const long Day = Durations.Day;

    private static readonly CompileResult Result = Documents.Compile(Documents.Example);

    private static BrandSnapshot Brand => Result.Brand!;

    [Fact]
    public void Has_no_faults_and_one_warning()
    {
        Assert.Empty(Result.Faults);
        Fault warning = Assert.Single(Result.Warnings);
        Assert.Equal(("/campaigns/spring/budget/pacing", FaultCodes.PacedAsEven), (warning.Pointer, warning.Code));
    }

    [Fact]
    public void Brand_is_named_and_placed()
    {
        Assert.Equal(("aurora", 7, "v1", "Aurora", "beauty", "CNY"), (Brand.Id, Brand.Symbol, Brand.Version, Brand.Name, Brand.Industry, Brand.Currency));
        Assert.Equal("Asia/Shanghai", Brand.Calendar.Zone.Id);
        Assert.Equal([new CapRule(3, Day), new CapRule(12, 7 * Day)], Brand.Caps);
        Assert.False(Brand.RequireConsent);
        Assert.Equal(0, Brand.BrandHoldout);
    }

    [Fact]
    public void Rules_are_as_written()
    {
        BrandRules rules = Brand.Rules;
        Assert.Equal((15 * Day, 15 * Day, 910 * Day, 365 * Day), (rules.AwarenessWindow, rules.InterestWindow, rules.PurchaseWindow, rules.LoyaltyWindow));
        Assert.False(rules.AwarenessFromImpression);
        Assert.False(rules.AdClickIsInterest);
        Assert.Equal(5_000_000_000, rules.KeenSpendMicros);
        Assert.Equal(600_000, rules.ReserveMs);
        Assert.Equal((15 * Day, 3 * Day, 0d), (rules.ClickLookBack, rules.ViewableLookBack, rules.AfterPurchase));
    }

    [Fact]
    public void Creatives_copy_and_override()
    {
        CreativeSnapshot copy = Brand.Creatives["kol-li"];
        Assert.Equal((CreativeFormat.Video, "640x360", 15), (copy.Format, copy.Size, copy.Seconds!.Value));
        Assert.Equal(("https://cdn.example/li.mp4", "https://aurora.example/li", "aurora://show"), (copy.Url, copy.Landing, copy.AppLink));
        Assert.Equal(["https://3rd.example/i?t=[TIMESTAMP]"], copy.Trackers["impression"]);
        Assert.Null(Brand.Creatives["vr"].Seconds);
        Assert.Equal(CreativeFormat.Image, Brand.Creatives["care"].Format);
    }

    [Fact]
    public void Storyline_has_its_steps_in_order()
    {
        StorylineSnapshot launch = Brand.Storylines["launch"];
        Assert.Equal((4 * Durations.Hour, Restart.Month), (launch.GapMs, launch.Restart));
        Assert.True(launch.Exit.Contains(EventType.Purchase));
        Assert.Equal(default(EventTypeSet).With(EventType.Purchase), launch.Exit);
        Assert.Equal(["runway", "review", "vr"], launch.Steps.Select(s => s.Id));
        Assert.Equal([0, 1, 2], launch.Steps.Select(s => s.Index));
        Assert.All(launch.Steps, s => Assert.Same(launch, s.Storyline));
        Assert.Equal((0L, Restart.Never), (Brand.Storylines["owners"].GapMs, Brand.Storylines["owners"].Restart));
    }

    [Fact]
    public void Steps_open_as_written()
    {
        StepSnapshot[] steps = Brand.Storylines["launch"].Steps;
        Assert.Equal(StageSet.None | StageSet.Discover, steps[0].For);
        Assert.Equal(StageSet.Engage | StageSet.Enthuse, steps[1].For);
        Assert.Equal([new StepCondition(0, EventType.Watched, 1), new StepCondition(0, EventType.Viewable, 3)], steps[1].After);
        Assert.Equal(["feed", "home"], steps[1].Channels.Order());
        Assert.Equal((StageSet.Perform, 60d), (steps[2].For, steps[2].MinIntent!.Value));
        Assert.Null(steps[0].MinIntent);
        Assert.Equal([new CapRule(3, 7 * Day)], steps[0].Caps);
    }

    [Fact]
    public void Steps_hold_their_creatives()
    {
        StepSnapshot runway = Brand.Storylines["launch"].Steps[0];
        FitGroup group = Assert.Single(runway.Fits);
        Assert.Equal((CreativeFormat.Video, "640x360"), (group.Format, group.Size));
        Assert.Equal([Brand.Creatives["runway-a"], Brand.Creatives["runway-b"]], group.Creatives);
        Assert.Equal(runway.Creatives, group.Creatives);
        Assert.Same(Brand.Creatives["runway-still"], runway.Substitute);
    }

    [Fact]
    public void Campaign_runs_on_local_days_inclusive()
    {
        CampaignSnapshot spring = Brand.Campaigns[0];
        Assert.Equal(["spring", "owners"], Brand.Campaigns.Select(c => c.Id));
        Assert.Equal(DateTimeOffset.Parse("2026-11-01T00:00:00+08:00"), DateTimeOffset.FromUnixTimeMilliseconds(spring.From));
        Assert.Equal(DateTimeOffset.Parse("2026-11-13T00:00:00+08:00"), DateTimeOffset.FromUnixTimeMilliseconds(spring.Until));
        Assert.Same(Brand, spring.Brand);
        Assert.Same(Brand.Storylines["launch"], spring.Storyline);
        Assert.Equal(("launch", Priority.Standard, 0.05, false), (spring.Objective, spring.Priority, spring.Holdout, spring.Paused));
        Assert.Equal([new CapRule(8, CapRule.Lifetime)], spring.Caps);
    }

    [Fact]
    public void Campaign_has_its_money()
    {
        CampaignSnapshot spring = Brand.Campaigns[0];
        Assert.Equal((PriceModel.Cpm, 30_000_000L, 30_000L), (spring.PriceModel, spring.PriceMicros, spring.UnitPriceMicros));
        BudgetSnapshot budget = spring.Budget!;
        Assert.Equal((500_000_000_000L, 60_000_000_000L, Pacing.Even), (budget.TotalMicros!.Value, budget.DailyMicros!.Value, budget.Pacing));
        Assert.Equal(["reserve", "presale", "warm-up", "burst"], budget.Phases.Select(p => p.Name));
        Assert.Equal([0.3, 0.2, 0.2, 0.3], budget.Phases.Select(p => p.Share));
        Assert.Equal(spring.Until, budget.Phases[^1].Until);
        Assert.Equal(spring.From + 5 * Day, budget.Phases[0].Until);
    }

    [Fact]
    public void Campaign_has_its_targets_and_goal()
    {
        CampaignSnapshot spring = Brand.Campaigns[0];
        Assert.Equal([Brand.Audiences["city-25-40"]], spring.Targeting.Include);
        Assert.Equal([Brand.Audiences["bought-lately"]], spring.Targeting.Exclude);
        Assert.Equal(["feed", "home"], spring.Targeting.Channels.Order());
        Assert.Equal(["CN"], spring.Targeting.Countries);
        Assert.True(spring.Targeting.NeedsProfile);
        Assert.Equal(new DateOnly(2026, 11, 10), spring.Goal!.Date);
        Assert.Equal(spring.From + 10 * Day, spring.Goal.Until);
        Assert.Equal([KeyValuePair.Create(Stage.Interest, 960_000L)], spring.Goal.Counts);
    }

    [Fact]
    public void House_campaign_takes_every_default()
    {
        CampaignSnapshot owners = Brand.Campaigns[1];
        Assert.Equal((long.MinValue, long.MaxValue, Priority.House), (owners.From, owners.Until, owners.Priority));
        Assert.Equal((PriceModel.None, 0L, 0L), (owners.PriceModel, owners.PriceMicros, owners.UnitPriceMicros));
        Assert.Null(owners.Budget);
        Assert.Null(owners.Goal);
        Assert.Same(TargetingSnapshot.Everyone, owners.Targeting);
        Assert.Equal(0, owners.Holdout);
    }

    [Fact]
    public void Audiences_are_trees()
    {
        Audience.All all = Assert.IsType<Audience.All>(Brand.Audiences["city-25-40"]);
        Assert.Equal(new Audience.AttributeBetween("age", 25, 40), all.Parts[0]);
        Audience.AttributeIn tier = Assert.IsType<Audience.AttributeIn>(all.Parts[1]);
        Assert.Equal([AttributeValue.Of(1), AttributeValue.Of(2)], tier.Values);
        Assert.Equal(new Audience.Happened(EventType.Purchase, 30 * Day, 1), Brand.Audiences["bought-lately"]);
    }

    [Fact]
    public void Symbols_lead_back_to_what_they_stand_for()
    {
        Assert.Equal(["launch/runway", "launch/review", "launch/vr", "owners/care"], Brand.Symbols.Names(SymbolKind.Step));
        Assert.All(Brand.Creatives.Values, c => Assert.Same(c, Brand.CreativesBySymbol[c.Symbol]));
        Assert.All(Brand.Campaigns, c => Assert.Same(c, Brand.CampaignsBySymbol[c.Symbol]));
        Assert.All(Brand.Storylines.Values.SelectMany(s => s.Steps), s => Assert.Same(s, Brand.StepsBySymbol[s.Symbol]));
        Assert.Null(Brand.CreativesBySymbol[0]);
        Assert.Equal((7, 5, 3), (Brand.CreativesBySymbol.Length, Brand.StepsBySymbol.Length, Brand.CampaignsBySymbol.Length));
    }
}
