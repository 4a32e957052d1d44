using System.Text;
using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Tests.Catalogue;

/// <summary>Documents that compile, and what they compile to where the example does not show it.</summary>
public class GoodDocumentTests
{
    private const string OneStep = """
        { "timeZone": "UTC", "currency": "EUR",
          "creatives": {
            "a": { "format": "video", "size": "640x360", "url": "https://x.example/a" },
            "b": { "format": "image", "url": "https://x.example/b" },
            "c": { "like": "a", "url": "https://x.example/c" },
            "d": { "like": "a", "status": "paused" } },
          "storylines": { "s": { "steps": [ { "id": "one", "for": [ "none" ], "creatives": [ "a", "b", "c", "d" ] }, { "id": "two", "for": [ "interest" ], "creatives": [ "b" ] } ] } },
          "campaigns": { "k": { "storyline": "s" } } }
        """;

    [Fact]
    public void An_empty_document_takes_every_default()
    {
        CompileResult result = Documents.Compile("{}");
        BrandSnapshot brand = result.Brand!;
        Assert.Equal(("aurora", "general", "USD", "UTC"), (brand.Name, brand.Industry, brand.Currency, brand.Calendar.Zone.Id));
        Assert.True(brand.Rules.AwarenessFromImpression);
        Assert.Null(brand.Rules.KeenSpendMicros);
        Assert.Equal(10 * Durations.Minute, brand.Rules.ReserveMs);
        Assert.Equal((910 * Durations.Day, 365 * Durations.Day), (brand.Rules.PurchaseWindow, brand.Rules.LoyaltyWindow));
        Assert.Empty(brand.Campaigns);
        Assert.Equal(
            [("/timeZone", FaultCodes.FixedDefault), ("/currency", FaultCodes.FixedDefault)],
            result.Warnings.Select(w => (w.Pointer, w.Code)).OrderByDescending(w => w.Pointer));
    }

    [Fact]
    public void What_was_fixed_at_creation_stands_where_a_later_version_leaves_it_out()
    {
        CompileResult result = Documents.Compile("{}", Documents.Good(Documents.Example));
        Assert.Equal(("CNY", "Asia/Shanghai"), (result.Brand!.Currency, result.Brand.Calendar.Zone.Id));
        Assert.Empty(result.Warnings);
    }

    [Theory]
    [InlineData("{}", """{ "timeZone": "Asia/Shanghai", "currency": "CNY"}""")]
    [InlineData("""{ "name" : "é 😀" }""", """{ "timeZone": "Asia/Shanghai", "currency": "CNY", "name" : "é 😀" }""")]
    [InlineData("""{"currency":"CNY"}""", """{ "timeZone": "Asia/Shanghai","currency":"CNY"}""")]
    [InlineData("""{"timeZone":"Asia/Shanghai","currency":"CNY"}""", """{"timeZone":"Asia/Shanghai","currency":"CNY"}""")]
    public void What_is_kept_of_a_document_says_by_itself_what_was_fixed(string sent, string kept)
    {
        CompileResult result = Documents.Compile(sent, Documents.Good(Documents.Example));
        Assert.Equal(kept, Encoding.UTF8.GetString(result.Document.Span));
        BrandSnapshot alone = Documents.Good(kept);
        Assert.Equal(("CNY", "Asia/Shanghai"), (alone.Currency, alone.Calendar.Zone.Id));
    }

    [Fact]
    public void What_is_usual_need_not_be_stated() => Assert.Equal("{}", Encoding.UTF8.GetString(Documents.Compile("{}", Documents.Good("{}")).Document.Span));

    [Fact]
    public void Default_intent_is_the_published_table()
    {
        (double Weight, double Days, double Cap)[] expected =
            [(0.1, 3, 5), (0.15, 3, 5), (0.2, 3, 5), (0.4, 15, 1), (0.6, 5, 3), (0.6, 7, 3), (0.7, 7, 2), (1, 7, 3)];
        Assert.Equal(expected, Documents.Good("{}").Rules.Intent.Select(r => (r.Weight, r.HalfLifeMs / (double)Durations.Day, r.Cap)));
    }

    [Fact]
    public void Industries_multiply_defaults_and_leave_stated_weights()
    {
        BrandSnapshot brand = Documents.Good("""{ "industry": "cars", "rules": { "intent": { "weights": { "cart": 0.9 } } } }""");
        double WeightOf(EventType type) => brand.Rules.Intent[IntentRules.IndexOf(type)].Weight;
        Assert.Equal((0.2, 0.1, 0.9, 0.6), (WeightOf(EventType.View), WeightOf(EventType.ShopVisit), WeightOf(EventType.Cart), WeightOf(EventType.Favorite)));
    }

    [Fact]
    public void An_unknown_industry_counts_one_with_a_warning()
    {
        CompileResult result = Documents.Compile("""{ "timeZone": "UTC", "currency": "EUR", "industry": "beuty" }""");
        Fault warning = Assert.Single(result.Warnings);
        Assert.Equal(("/industry", FaultCodes.UnknownIndustry), (warning.Pointer, warning.Code));
        Assert.Contains("\"beauty\"", warning.Detail, StringComparison.Ordinal);
        Assert.Equal(1, result.Brand!.Rules.Intent[7].Weight);
    }

    [Fact]
    public void Creatives_stand_in_groups_by_fit_without_the_paused()
    {
        BrandSnapshot brand = Documents.Good(OneStep);
        StepSnapshot step = brand.Storylines["s"].Steps[0];
        Assert.Equal(
            [(CreativeFormat.Video, "640x360", "a c"), (CreativeFormat.Image, "fluid", "b")],
            step.Fits.Select(g => (g.Format, g.Size, string.Join(' ', g.Creatives.Select(c => c.Id)))));
        Assert.Equal(["a", "b", "c", "d"], step.Creatives.Select(c => c.Id));
        Assert.Empty(step.Channels);
    }

    [Theory]
    [InlineData("awareness", StageSet.Discover | StageSet.Engage)]
    [InlineData("interest", StageSet.Enthuse | StageSet.Perform)]
    [InlineData("purchase", StageSet.Initial)]
    [InlineData("loyalty", StageSet.Numerous | StageSet.Keen)]
    [InlineData("none", StageSet.None)]
    [InlineData("keen", StageSet.Keen)]
    [InlineData("initial", StageSet.Initial)]
    public void Stage_names_stand_for_fine_stages(string name, StageSet expected) =>
        Assert.Equal(expected, Documents.Good(Documents.With(OneStep, "/storylines/s/steps/0/for/0", $"\"{name}\"")).Storylines["s"].Steps[0].For);

    [Fact]
    public void Branches_lead_to_any_step()
    {
        CompileResult result = Documents.Compile(Documents.With(OneStep, "/storylines/s/steps/0/branch", """[ { "on": "skip", "to": "two" } ]"""));
        Assert.Equal([new StepBranch(EventType.Skip, 1)], result.Brand!.Storylines["s"].Steps[0].Branches);
        Assert.Equal(("/storylines/s/steps/0/branch", FaultCodes.NotFollowed), Assert.Single(result.Warnings.Select(w => (w.Pointer, w.Code)), w => w.Code == FaultCodes.NotFollowed));
    }

    [Fact]
    public void A_step_that_nothing_opens_is_worth_a_warning()
    {
        CompileResult result = Documents.Compile(Documents.With(OneStep, "/storylines/s/steps/1/for", null));
        Assert.NotNull(result.Brand);
        Fault warning = Assert.Single(result.Warnings);
        Assert.Equal(("/storylines/s/steps/1", FaultCodes.NeverOpen), (warning.Pointer, warning.Code));
    }

    [Fact]
    public void Status_pauses_campaigns_steps_and_creatives()
    {
        string json = Documents.With(OneStep, "/campaigns/k/status", "\"paused\"");
        json = Documents.With(json, "/storylines/s/steps/1/status", "\"paused\"");
        BrandSnapshot brand = Documents.Good(json);
        Assert.True(brand.Campaigns[0].Paused);
        Assert.Equal([false, true], brand.Storylines["s"].Steps.Select(s => s.Paused));
        Assert.Equal(["d"], brand.Creatives.Values.Where(c => c.Paused).Select(c => c.Id));
    }

    [Theory]
    [InlineData("cpm", "30.001", 30_001_000, 30_001)]
    [InlineData("cpc", "0.123456", 123_456, 123_456)]
    [InlineData("flat", "4000000000000", 4_000_000_000_000_000_000, 0)]
    [InlineData("cpm", "0", 0, 0)]
    public void Prices_are_exact(string model, string amount, long micros, long unit)
    {
        CompileResult result = Documents.Compile(Documents.With(OneStep, "/campaigns/k/price", $$"""{ "model": "{{model}}", "amount": "{{amount}}" }"""));
        Assert.Equal((micros, unit), (result.Brand!.Campaigns[0].PriceMicros, result.Brand.Campaigns[0].UnitPriceMicros));
    }

    [Theory]
    [InlineData("flat", null, null, null, true)]
    [InlineData("flat", "2026-11-01", null, null, true)]
    [InlineData("flat", null, "2026-11-03", null, true)]
    [InlineData("flat", "2026-11-01", "2026-11-03", null, false)]
    [InlineData("flat", "2026-11-01", "2026-11-03", """{ "total": "99.99" }""", true)]
    [InlineData("flat", "2026-11-01", "2026-11-03", """{ "total": "100.00" }""", false)]
    [InlineData("flat", "2026-11-01", "2026-11-03", """{ "daily": "33.333333" }""", true)]
    [InlineData("flat", "2026-11-01", "2026-11-03", """{ "daily": "33.333334" }""", false)]
    [InlineData("cpm", null, null, """{ "total": "1.00" }""", false)]
    public void A_flat_price_that_cannot_be_booked_whole_says_so(string model, string? from, string? to, string? budget, bool warned)
    {
        string json = Documents.With(OneStep, "/campaigns/k/price", $$"""{ "model": "{{model}}", "amount": "100.00" }""");
        json = from is null ? json : Documents.With(json, "/campaigns/k/from", $"\"{from}\"");
        json = to is null ? json : Documents.With(json, "/campaigns/k/to", $"\"{to}\"");
        json = budget is null ? json : Documents.With(json, "/campaigns/k/budget", budget);
        Assert.Equal(
            warned ? ["/campaigns/k/price"] : [],
            Documents.Compile(json).Warnings.Where(w => w.Code == FaultCodes.NotBooked).Select(w => w.Pointer));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("2s", 2_000)]
    [InlineData("18h", 64_800_000)]
    public void Reserves_may_be_nothing(string reserve, long milliseconds) =>
        Assert.Equal(milliseconds, Documents.Good(Documents.With("{}", "/rules/reserve", $"\"{reserve}\"")).Rules.ReserveMs);

    [Theory]
    [InlineData("even", Pacing.Even, 0)]
    [InlineData("asap", Pacing.Asap, 0)]
    [InlineData("front", Pacing.Even, 1)]
    [InlineData("calendar", Pacing.Even, 1)]
    public void Pacings_to_come_are_paced_evenly_with_a_warning(string written, Pacing applied, int warnings)
    {
        CompileResult result = Documents.Compile(Documents.With(OneStep, "/campaigns/k/budget", $$"""{ "pacing": "{{written}}" }"""));
        Assert.Equal(applied, result.Brand!.Campaigns[0].Budget!.Pacing);
        Assert.Equal(warnings, result.Warnings.Count(w => w.Code == FaultCodes.PacedAsEven));
        Assert.Null(result.Brand.Campaigns[0].Budget!.TotalMicros);
    }

    [Theory]
    [InlineData("appLink", "weixin://dl/business/?t=x")]
    [InlineData("appLink", "https://aurora.example/app")]
    [InlineData("landing", "http://[::1]:8080/a?b={c}#d")]
    public void Addresses_of_many_kinds_are_taken(string member, string url)
    {
        CreativeSnapshot creative = Documents.Good(Documents.With(OneStep, $"/creatives/b/{member}", $"\"{url}\"")).Creatives["b"];
        Assert.Equal(url, member == "landing" ? creative.Landing : creative.AppLink);
    }

    [Fact]
    public void Phases_may_sum_to_one_but_for_rounding()
    {
        string phases = string.Join(", ", Enumerable.Range(1, 10).Select(d => $$"""{ "name": "p{{d}}", "to": "2026-01-{{d:00}}", "share": 0.1 }"""));
        Assert.Equal(10, Documents.Good(Documents.With(OneStep, "/campaigns/k/budget", $$"""{ "phases": [ {{phases}} ] }""")).Campaigns[0].Budget!.Phases.Length);
    }

    [Fact]
    public void Dates_reach_to_the_end_of_the_calendar()
    {
        string json = Documents.With(Documents.With(OneStep, "/campaigns/k/from", "\"0001-01-01\""), "/campaigns/k/to", "\"9999-12-31\"");
        CampaignSnapshot campaign = Documents.Good(json).Campaigns[0];
        Assert.Equal(DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), campaign.From);
        Assert.Equal(DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() + 1, campaign.Until);
    }
}
