using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Tests.Catalogue;

/// <summary>A symbol, once given, stands for the same id in every later version.</summary>
public class SymbolTests
{
    [Fact]
    public void Symbols_stay_when_entries_come_go_and_return()
    {
        BrandSnapshot first = Documents.Good(Documents.Example);
        string json = Documents.With("/storylines/owners", """{ "steps": [ { "id": "club", "for": [ "keen" ], "creatives": [ "gift" ] } ] }""");
        json = Documents.With(json, "/creatives/gift", """{ "format": "html", "url": "https://x.example/gift" }""");
        json = Documents.With(json, "/creatives/care", null);
        json = Documents.With(json, "/campaigns/spring", null);
        BrandSnapshot second = Documents.Good(json, first);
        BrandSnapshot third = Documents.Good(Documents.Example, second);

        int care = first.Creatives["care"].Symbol;
        Assert.Null(second.CreativesBySymbol[care]);
        Assert.Equal("care", second.Symbols.NameOf(SymbolKind.Creative, care));
        Assert.Equal(7, second.Creatives["gift"].Symbol);
        Assert.Null(second.CampaignsBySymbol[first.Campaigns[0].Symbol]);
        Assert.Null(second.StepsBySymbol[first.Storylines["owners"].Steps[0].Symbol]);
        Assert.Equal(5, second.Storylines["owners"].Steps[0].Symbol);

        Assert.All(third.Creatives.Values, c => Assert.Equal(first.Creatives[c.Id].Symbol, c.Symbol));
        Assert.Equal(first.Campaigns.Select(c => c.Symbol), third.Campaigns.Select(c => c.Symbol));
        Assert.Equal(8, third.CreativesBySymbol.Length);
        Assert.Null(third.CreativesBySymbol[7]);
    }

    [Fact]
    public void The_order_of_a_document_does_not_move_symbols()
    {
        BrandSnapshot first = Documents.Good("""{ "creatives": { "a": { "format": "html", "url": "https://x.example/" }, "b": { "like": "a" } } }""");
        BrandSnapshot second = Documents.Good("""{ "creatives": { "c": { "like": "a" }, "b": { "like": "a" }, "a": { "format": "html", "url": "https://x.example/" } } }""", first);
        Assert.Equal((1, 2, 3), (second.Creatives["a"].Symbol, second.Creatives["b"].Symbol, second.Creatives["c"].Symbol));
    }
}
