using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record.Facts;
using Decisioning.Engine;
using Decisioning.Engine.Storage;
using Decisioning.Lab.Replay;
using Decisioning.Lab.Tests.Support;

namespace Decisioning.Lab.Tests;

/// <summary>A machine whose clock was ten days ahead and was set back between two lives of the engine: turns come after their hour was stored.</summary>
public sealed class LateTurnTests
{
    private const int Symbol = 1;
    private const long Start = 1_790_000_000_000;
    private const long Hour = 3_600_000;
    private const long Ahead = 240 * Hour;

    [Fact]
    public async Task Moves_that_were_booked_in_a_later_hour_are_found_right_as_a_sum()
    {
        using var folder = new TestFolder();
        await PlayAsync(folder.Data);
        await using (var opened = new OpenedFolder(folder.Data))
        {
            // The late one became known in an hour that is not its own.
            HourRow[] rows = [.. BrandTotals.Read(opened.Store.ReadBooks().Single(b => b.Brand == Symbol).Totals.Span).Rows()];
            Assert.DoesNotContain(rows, r => r.Hour < Start + 2 * Hour && r.Value("known") > 0);
            Assert.Contains(rows, r => r.Hour > Start + 2 * Hour && r.Hour < Start + Ahead - Hour && r.Value("known") == 1);
        }

        LabCall verify = await LabCall.RunAsync("verify", "--data", folder.Data, "--json");
        Assert.True(verify.Json.GetProperty("ok").GetBoolean(), verify.Error);
    }

    [Theory]
    [InlineData(FactKind.Known, "known: the journal adds up to 2, the engine has 3")]
    [InlineData(FactKind.Stage, "flow from none to keen: the journal adds up to 0, the engine has 1")]
    public async Task One_too_many_among_those_hours_is_named(FactKind kind, string told)
    {
        using var folder = new TestFolder();
        await PlayAsync(folder.Data);
        await using (var opened = new OpenedFolder(folder.Data))
        {
            long hour = Start - Start % Hour + 100 * Hour;
            var apart = new BrandTotals();
            apart.Fold(hour, new Fact { Kind = kind, Brand = Symbol, From = DeeplinkStage.None, To = DeeplinkStage.Keen, Cause = StageCause.Time, Previous = -1 });
            HourBooks planted = new(Symbol, (int)(hour / Hour), OpenedFolder.FormOf(apart.Rows().Single().Write));
            opened.Store.Write([], null, null, books: new BooksWrite(opened.Store.BooksPosition, [], [planted], 0));
        }

        LabCall verify = await LabCall.RunAsync("verify", "--data", folder.Data, "--json");
        Assert.Equal(ExitCodes.BadData, verify.Code);
        Assert.Contains(told, verify.Error);
    }

    private static async Task PlayAsync(string folder)
    {
        StreamClock wrong = new(Start);
        await LiveAsync(folder, wrong, "early", put: true);
        wrong.AdvanceTo(Start + Ahead);
        await LiveAsync(folder, wrong, "ahead", put: false);
        await LetGoAsync(folder);
        await LiveAsync(folder, new StreamClock(Start + Hour), "late", put: false);
    }

    /// <summary>What the next write of the same life would have done: hours long stored are let go of.</summary>
    private static async Task LetGoAsync(string folder)
    {
        await using var opened = new OpenedFolder(folder);
        BrandTotals totals = BrandTotals.Read(opened.Store.ReadBooks().Single(b => b.Brand == Symbol).Totals.Span);
        totals.TakeChangedFrom();
        totals.DropRows(totals.LastInstant);
        Assert.Single(totals.Rows());
        opened.Store.Write([], null, null, books: new BooksWrite(opened.Store.BooksPosition, [new BrandBooks(Symbol, OpenedFolder.FormOf(totals.Write))], [], 0));
    }

    /// <summary>Somebody new puts something into the cart, and the engine ends in good order: everything is stored.</summary>
    private static async Task LiveAsync(string folder, StreamClock clock, string consumer, bool put)
    {
        await using EmbeddedHost host = await EmbeddedHost.OpenAsync(new EngineOptions { DataFolder = folder }, clock, default);
        if (put)
        {
            byte[] brand = """{ "name": "B", "industry": "beauty", "timeZone": "UTC", "currency": "EUR" }"""u8.ToArray();
            Assert.Equal(CatalogueOutcome.Done, (await host.PutBrandAsync("b", brand, null, "test", default)).Outcome);
        }

        EventCommand cart = new() { EventId = consumer, ConsumerId = consumer, Brand = "b", Type = EventType.Cart, OccurredAt = clock.Now, Item = "i" };
        EventResult[] results = await host.RecordAsync([cart], host.Catalogue, default);
        Assert.Equal(EventStatus.Accepted, results[0].Status);
    }
}
