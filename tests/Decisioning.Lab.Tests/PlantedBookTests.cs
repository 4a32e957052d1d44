using System.Text;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record.Facts;
using Decisioning.Engine.Storage;
using Decisioning.Lab.Recount;
using Decisioning.Lab.Tests.Support;
using Decisioning.Lab.Verify;

namespace Decisioning.Lab.Tests;

/// <summary>Stored books that are off by one, in totals or in an hour's row: <c>verify</c> names the figure.</summary>
public sealed class PlantedBookTests
{
    private const int Symbol = 1;

    /// <summary>Of the brand that some stories delete.</summary>
    private const int Deleted = 2;
    private const long Hour = 3_600_000;

    /// <summary>What one fact too many puts into the totals, and how that is told.</summary>
    [Theory]
    [InlineData(FactKind.Known, EventType.View, "consumers in none: recounted")]
    [InlineData(FactKind.Stage, EventType.View, "consumers in keen: recounted")]
    [InlineData(FactKind.Event, EventType.View, "strict: events: the journal adds up to")]
    [InlineData(FactKind.Won, EventType.View, "campaign by-view, won: the journal adds up to")]
    [InlineData(FactKind.Won, EventType.View, "creative a, spend: the journal adds up to")]
    [InlineData(FactKind.Won, EventType.View, "campaign by-view, exposed: the journal adds up to")]
    [InlineData(FactKind.Won, EventType.View, "step s/one, reached: the journal adds up to")]
    [InlineData(FactKind.Won, EventType.View, "strict: decisions: the journal adds up to")]
    [InlineData(FactKind.NoDecision, EventType.View, "strict: no_decision.pacing: the journal adds up to")]
    [InlineData(FactKind.Funnel, EventType.View, "campaign by-view, funnel uncapped: the journal adds up to")]
    [InlineData(FactKind.Interaction, EventType.Viewable, "step s/one, viewable: the journal adds up to")]
    [InlineData(FactKind.Interaction, EventType.Click, "channel , clicks: the journal adds up to")]
    [InlineData(FactKind.Interaction, EventType.Impression, "creative a, rendered: the journal adds up to")]
    [InlineData(FactKind.Credit, EventType.View, "campaign by-view, credits: the journal adds up to")]
    [InlineData(FactKind.Credit, EventType.View, "intent index, credits: recounted")]
    [InlineData(FactKind.Credit, EventType.Purchase, "campaign by-view, conversions: the journal adds up to")]
    [InlineData(FactKind.Organic, EventType.View, "intent index, organic: recounted")]
    [InlineData(FactKind.LateTouch, EventType.View, "intent index, late touches: recounted")]
    [InlineData(FactKind.Won, EventType.View, "campaign by-view, trial, shown: recounted")]
    [InlineData(FactKind.Trial, EventType.View, "campaign by-view, trial, shown: recounted")]
    [InlineData(FactKind.Purchase, EventType.View, "strict: revenue: the journal adds up to")]
    [InlineData(FactKind.Refund, EventType.View, "strict: revenue: the journal adds up to")]
    public async Task A_total_off_by_one_is_named(FactKind kind, EventType type, string told)
    {
        LabCall call = await PlantAsync((totals, position, at) =>
        {
            totals.Fold(at, Fact(kind, type));
            return new BooksWrite(position, [new BrandBooks(Symbol, OpenedFolder.FormOf(totals.Write))], [], 0);
        });
        Assert.Contains(told, call.Error);
    }

    /// <summary>The same in the row of an hour that has left memory.</summary>
    [Theory]
    [InlineData(FactKind.Known, EventType.View, "known: the journal adds up to")]
    [InlineData(FactKind.Stage, EventType.View, "flow from none to keen: the journal adds up to 0, the engine has 1")]
    [InlineData(FactKind.Erased, EventType.View, "to erased: the journal adds up to 0, the engine has 1")]
    [InlineData(FactKind.Asked, EventType.View, "requests: the journal adds up to")]
    [InlineData(FactKind.Event, EventType.View, "events: the journal adds up to")]
    [InlineData(FactKind.Won, EventType.View, "won: the journal adds up to")]
    [InlineData(FactKind.Won, EventType.View, "exposed: the journal adds up to")]
    [InlineData(FactKind.NoDecision, EventType.View, "no_decision.pacing: the journal adds up to")]
    [InlineData(FactKind.Interaction, EventType.Viewable, "viewable: the journal adds up to")]
    [InlineData(FactKind.Credit, EventType.View, "credits: the journal adds up to")]
    [InlineData(FactKind.Credit, EventType.Purchase, "conversions: the journal adds up to")]
    [InlineData(FactKind.Organic, EventType.View, "organic: the journal adds up to")]
    [InlineData(FactKind.LateTouch, EventType.View, "late_touches: the journal adds up to")]
    [InlineData(FactKind.Purchase, EventType.View, "revenue: the journal adds up to")]
    [InlineData(FactKind.Refund, EventType.View, "refunds: the journal adds up to")]
    public async Task An_hour_off_by_one_is_named(FactKind kind, EventType type, string told)
    {
        long hour = 0;
        LabCall call = await PlantAsync((_, position, at) =>
        {
            // Long before the end: the row is no longer a part of the totals.
            hour = at - at % Hour - 30 * 24 * Hour;
            var apart = new BrandTotals();
            apart.Fold(hour, Fact(kind, type));
            return new BooksWrite(position, [], [new HourBooks(Symbol, (int)(hour / Hour), OpenedFolder.FormOf(apart.Rows().Single().Write))], 0);
        });
        Assert.Contains($"brand strict: hour {DateTimeOffset.FromUnixTimeMilliseconds(hour):yyyy-MM-dd'T'HH'Z'}, {(told.StartsWith("to ", StringComparison.Ordinal) ? "flow from keen " : "")}{told}", call.Error);
    }

    [Fact]
    public async Task Hours_of_which_one_does_not_begin_where_the_one_before_ended_are_named()
    {
        LabCall call = await PlantAsync((_, position, at) =>
        {
            long hour = at - at % Hour - 30 * 24 * Hour;
            var apart = new BrandTotals();
            apart.Fold(hour, Fact(FactKind.Stage, EventType.View));
            return new BooksWrite(position, [], [new HourBooks(Symbol, (int)(hour / Hour), OpenedFolder.FormOf(apart.Rows().Single().Write))], 0);
        });
        Assert.Contains(", keen: start + in − out make 1, the engine has 0 at its end", call.Error);
    }

    [Fact]
    public async Task A_ledger_that_is_not_what_the_consumers_are_worth_is_named()
    {
        LabCall call = await PlantAsync((totals, position, at) =>
        {
            totals.Revalue(new AssetPowers(1, 2, 3, 5), 20_000, at);
            var unvalued = new BrandTotals();
            unvalued.Fold(at, Fact(FactKind.Stage, EventType.View));
            totals.Merge(unvalued);
            return new BooksWrite(position, [new BrandBooks(Symbol, OpenedFolder.FormOf(totals.Write))], [], 0);
        });
        Assert.Contains("assets by stage: the parts make", call.Error);
    }

    [Theory]
    [InlineData(Stage.Awareness)]
    [InlineData(Stage.Interest)]
    [InlineData(Stage.Purchase)]
    [InlineData(Stage.Loyalty)]
    public async Task A_power_altered_by_hand_is_named(Stage stage)
    {
        LabCall call = await PlantAsync((totals, position, at) =>
        {
            long By(Stage of) => totals.Powers.Of(of) + (of == stage ? 2 : 0);
            AssetPowers powers = new(By(Stage.Awareness), By(Stage.Interest), By(Stage.Purchase), By(Stage.Loyalty));
            totals.Revalue(powers, totals.AccountingDay!.Value, at, totals.Appraisal);
            return new BooksWrite(position, [new BrandBooks(Symbol, OpenedFolder.FormOf(totals.Write))], [], 0);
        });
        Assert.Contains($"brand strict: power of {Names.Of(stage)}: what the pass counted makes ", call.Error);
        Assert.Equal(1, call.Number("mismatches"));
    }

    /// <summary>More than all consumers together, as some may have had turns while the pass went on.</summary>
    [Theory]
    [InlineData("consumers of the market", 7, 0, 0, 0, 0, 0)]
    [InlineData("spend in the market", 0, 1L << 50, 0, 0, 0, 0)]
    [InlineData("consumers in interest", 0, 0, 7, 0, 0, 0)]
    [InlineData("spend in interest", 0, 0, 0, 1L << 50, 0, 0)]
    [InlineData("consumers in interest 30 d before", 0, 0, 0, 0, 7, 0)]
    [InlineData("buyers of those in interest", 0, 0, 0, 0, 0, 7)]
    public async Task A_count_behind_the_powers_that_is_off_is_named(string figure, long market, long marketSpend, long consumers, long spend, long cohort, long bought)
    {
        LabCall call = await PlantAsync((totals, position, at) =>
        {
            Appraisal was = totals.Appraisal!;
            StageTally[] stages = [.. was.Stages];
            ref StageTally stage = ref stages[(int)Stage.Interest];
            stage = new StageTally(stage.Consumers + consumers, stage.SpendMicros + spend, stage.Cohort + cohort, stage.Bought + bought);
            Appraisal off = was with { MarketConsumers = was.MarketConsumers + market, MarketSpendMicros = was.MarketSpendMicros + marketSpend, Stages = stages };
            totals.Revalue(Valuation.Powers(off), totals.AccountingDay!.Value, at, off);
            return new BooksWrite(position, [new BrandBooks(Symbol, OpenedFolder.FormOf(totals.Write))], [], 0);
        });
        Assert.Contains($"brand strict: powers, {figure}: recounted ", call.Error);
        Assert.Equal(1, call.Number("mismatches"));
    }

    [Theory]
    [InlineData(FactKind.Event, "brand shy: events: the journal adds up to")]
    [InlineData(FactKind.Known, "brand shy: consumers in none: recounted")]
    public async Task A_total_of_a_brand_that_was_deleted_is_named_too(FactKind kind, string told)
    {
        LabCall call = await PlantAsync(
            (totals, position, at) =>
            {
                totals.Fold(at, Fact(kind, EventType.View));
                return new BooksWrite(position, [new BrandBooks(Deleted, OpenedFolder.FormOf(totals.Write))], [], 0);
            },
            Deleted);
        Assert.Contains(told, call.Error);
    }

    [Theory]
    [InlineData(40 * 24 * Hour, "dwell in interest: recounted ")]
    [InlineData(-1, "dwell in interest: recounted ")]
    public async Task A_stay_too_many_is_named(long spent, string told)
    {
        LabCall call = await PlantAsync((totals, position, at) =>
        {
            totals.Fold(at, Leaving(at, spent < 0 ? 1 : spent));
            return new BooksWrite(position, [new BrandBooks(Symbol, OpenedFolder.FormOf(totals.Write))], [], 0);
        });
        Assert.Contains(told, call.Error);
    }

    [Theory]
    [InlineData("brand strict: campaign by-day, flat price: its days make ")]
    [InlineData("strict/by-day: spent: the journal's charges and the flat price make ")]
    public async Task A_flat_price_that_is_off_is_named(string told)
    {
        LabCall call = await PlantAsync((totals, position, at) =>
        {
            // A micro more than was due, of which the money does not know.
            CampaignSnapshot campaign = ByDay();
            BrandTotals more = new();
            more.BookFee(campaign, campaign.Until, static (_, _, _) => 1);
            BrandTotals off = BrandTotals.Read(OpenedFolder.FormOf(totals.Write));
            off.Merge(more);
            return new BooksWrite(position, [new BrandBooks(Symbol, OpenedFolder.FormOf(off.Write))], [], 0);
        });
        Assert.Contains(told, call.Error);
    }

    [Fact]
    public async Task Flat_prices_that_nobody_booked_are_named()
    {
        LabCall call = await PlantAsync((totals, position, _) =>
        {
            // As the version before left the books: without what follows at their end.
            byte[] form = OpenedFolder.FormOf(totals.Write);
            (int symbol, FeeLine line) = totals.Fees.Single();
            ByteWriter end = new();
            end.Varint(1);
            end.Varint((ulong)symbol);
            end.Signed(line.BookedMicros);
            end.Signed(line.Day);
            end.Signed(line.DayMicros);
            form = form[..^end.Written.Length];
            form[0] = BrandTotals.Version - 1;
            return new BooksWrite(position, [new BrandBooks(Symbol, form)], [], 0);
        });
        Assert.Contains("brand strict: campaign by-day, flat price: its days make ", call.Error);
    }

    [Fact]
    public async Task Hours_that_do_not_make_what_flat_prices_took_are_named()
    {
        LabCall call = await PlantAsync((totals, position, at) =>
        {
            // A day before the flight.
            var apart = new BrandTotals();
            CampaignSnapshot campaign = ByDay("2026-08-31");
            apart.BookFee(campaign, campaign.From + Hour, static (_, _, due) => due);
            HourRow row = apart.Rows().Single();
            return new BooksWrite(position, [], [new HourBooks(Symbol, (int)(row.Hour / Hour), OpenedFolder.FormOf(row.Write))], 0);
        });
        Assert.Contains("flat prices: the hours make ", call.Error);
    }

    [Fact]
    public void Quartiles_that_are_off_by_more_than_a_bucket_are_named()
    {
        var book = new ConsumerBook(1);
        book.Shifts.Add(new BookedShift(Symbol, 0, 0, DeeplinkStage.None, DeeplinkStage.Perform, StageCause.Of(EventType.Cart), false, 0));
        book.Shifts.Add(new BookedShift(Symbol, Hour + 5, Hour, DeeplinkStage.Perform, DeeplinkStage.None, StageCause.Time, false, 0));
        var recount = new DwellRecount(0);
        recount.Add(book);
        Assert.Equal([Hour], recount.Of(Symbol, Stage.Interest));
        foreach ((double factor, int faults) in new[] { (1.0, 0), (0.95, 0), (1.05, 0), (1.2, 3), (0.8, 3) })
        {
            var report = new VerifyReport();
            long told = (long)(Hour * factor);
            DwellCheck.Run("brand strict", Symbol, [new StageDwell(Stage.Interest, 1, told, told, told)], recount, report);
            Assert.Equal(faults, report.Mismatches);
        }
    }

    /// <summary>The story's campaign with a flat price, in a flight of its own.</summary>
    private static CampaignSnapshot ByDay(string from = "2026-09-01")
    {
        byte[] document = Encoding.UTF8.GetBytes(SeededStory.Strict.Replace("2026-09-01", from, StringComparison.Ordinal));
        CompileResult result = CatalogueCompiler.Compile(document, new CompileContext("strict", Symbol, "1", BrandSymbols.Empty, null, IndustryTable.Empty));
        return result.Brand!.Campaigns.Single(static c => c.Id == "by-day");
    }

    private static Fact Leaving(long at, long spent) => new()
    {
        Kind = FactKind.Stage,
        Brand = Symbol,
        From = DeeplinkStage.Perform,
        To = DeeplinkStage.None,
        Cause = StageCause.Time,
        At = at,
        Previous = at - spent,
    };

    private static Fact Fact(FactKind kind, EventType type) => new()
    {
        Kind = kind,
        Brand = Symbol,
        Type = type,
        From = kind == FactKind.Erased ? DeeplinkStage.Keen : DeeplinkStage.None,
        To = DeeplinkStage.Keen,
        Cause = StageCause.Time,
        Previous = -1,
        Campaign = 1,
        Step = 1,
        Creative = 1,
        Count = 1,
        Reach = Core.Decide.FunnelReach.Uncapped,
        Reason = Core.Decide.NoDecisionReason.Pacing,
        Flags = kind == FactKind.Won || type == EventType.Impression
            ? FactFlags.Renders | FactFlags.Enters | FactFlags.FirstOfBrand | FactFlags.FirstOfCampaign | FactFlags.FirstOfStep : FactFlags.None,
        ChargedMicros = kind == FactKind.Won ? 1 : 0,
        WeightMicros = 1,
        ValueMicros = 1,
    };

    /// <summary>Tells a story, finds it right, puts something into its books, and finds that wrong.</summary>
    private static async Task<LabCall> PlantAsync(Func<BrandTotals, long, long, BooksWrite> plant, int brand = Symbol)
    {
        using var folder = new TestFolder();
        await new SeededStory(1, folder.Data, 400, erases: false, deletesBrand: brand == Deleted).PlayAsync(90);
        LabCall before = await LabCall.RunAsync("verify", "--data", folder.Data, "--json");
        Assert.True(before.Json.GetProperty("ok").GetBoolean(), before.Error);
        await using (var opened = new OpenedFolder(folder.Data))
        {
            BrandTotals totals = BrandTotals.Read(opened.Store.ReadBooks().Single(b => b.Brand == brand).Totals.Span);
            opened.Store.Write([], null, null, books: plant(totals, opened.Store.BooksPosition, totals.LastInstant));
        }

        LabCall after = await LabCall.RunAsync("verify", "--data", folder.Data, "--json");
        Assert.Equal(ExitCodes.BadData, after.Code);
        return after;
    }
}
