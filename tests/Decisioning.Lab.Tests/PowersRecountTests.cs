using System.Text;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Record;
using Decisioning.Core.Record.Facts;
using Decisioning.Lab.Recount;

namespace Decisioning.Lab.Tests;

/// <summary>One consumer who bought, and then put something into the cart, as passes of different moments may have seen it.</summary>
public sealed class PowersRecountTests
{
    private const int Symbol = 1;
    private const long Bought = 20_000 * RecountRules.Day;
    private const long BoughtPosition = 10;
    private const long CartPosition = 20;

    private static readonly BrandSnapshot Brand = CatalogueCompiler.Compile(
        Encoding.UTF8.GetBytes("""{ "name": "B", "industry": "beauty", "timeZone": "UTC", "currency": "EUR" }"""),
        new CompileContext("b", Symbol, "1", BrandSymbols.Empty, null, IndustryTable.Empty)).Brand!;

    [Theory]
    [InlineData(0, 0, 1, "0,0", "0,0", "0", "0")]
    [InlineData(BoughtPosition, BoughtPosition, 1, "1,7", "1,7", "0", "0")]
    [InlineData(BoughtPosition, BoughtPosition, 29, "1,7", "1,7", "0", "0")]
    [InlineData(BoughtPosition, BoughtPosition, 30, "1,7", "1,7", "1", "0")]
    [InlineData(CartPosition, CartPosition, 366, "1,0", "1,0", "1", "0")]
    [InlineData(0, BoughtPosition, 1, "0 to 1,0 to 7", "0 to 1,0 to 7", "0 to 1", "0 to 1")]
    [InlineData(BoughtPosition, CartPosition, 1, "0 to 1,0 to 7", "0 to 1,0 to 7", "0 to 1", "0 to 1")]
    [InlineData(CartPosition, CartPosition + 5, 1, "1,7", "1,7", "0", "0")]
    public void Who_had_no_turn_while_the_pass_went_on_counts_exactly(long from, long to, int days, string market, string stage, string cohort, string bought)
    {
        RecountedAppraisal recounted = new(Brand, new Appraisal
        {
            At = Bought + days * RecountRules.Day,
            From = from,
            To = to,
            Market = [Symbol],
            MarketConsumers = 0,
            MarketSpendMicros = 0,
            Stages = new StageTally[Names.AllStages.Count],
        });
        new PowersRecount(new CatalogueSnapshot([Brand], ServerSettings.Default, "1"), [recounted]).Add(Book());
        Dictionary<string, string> sums = recounted.Figures(byStage: true).ToDictionary(f => f.Name, f => f.Recounted.ToString());
        Assert.Equal(market, $"{sums["consumers of the market"]},{sums["spend in the market"]}");
        Assert.Equal(stage, $"{sums["consumers in purchase"]},{sums["spend in purchase"]}");
        Assert.Equal((cohort, bought), (sums["consumers in purchase 30 d before"], sums["buyers of those in purchase"]));
    }

    private static ConsumerBook Book()
    {
        var book = new ConsumerBook(1);
        book.Events.Add(new BookedEvent(new ConsumerEvent { Type = EventType.Purchase, Brand = Symbol, OccurredAt = Bought, OrderId = "o", Value = 7 }, Bought));
        book.Shifts.Add(new BookedShift(Symbol, Bought, Bought, DeeplinkStage.None, DeeplinkStage.Initial, StageCause.Of(EventType.Purchase), false, 1));
        End(BoughtPosition);
        book.Events.Add(new BookedEvent(new ConsumerEvent { Type = EventType.Cart, Brand = Symbol, OccurredAt = Bought + 1, Value = 0 }, Bought + 1));
        End(CartPosition);
        return book;

        void End(long position)
        {
            book.Positions.Add(position);
            book.Ends.Add(new BookedEnd(book.Events.Count, book.Draws.Count, book.Shifts.Count));
        }
    }
}
