using System.Text;
using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Tests.Catalogue;

/// <summary>A patch changes a status and no other byte.</summary>
public class CataloguePatchTests
{
    [Fact]
    public void A_status_is_added_and_changed_and_nothing_else_moves()
    {
        string paused = Patch(Documents.Example, SymbolKind.Campaign, "spring", paused: true)!;
        Assert.Equal(Documents.Example, paused.Replace(" \"status\": \"paused\",", "", StringComparison.Ordinal));
        Assert.True(Documents.Good(paused).Campaigns[0].Paused);
        string active = Patch(paused, SymbolKind.Campaign, "spring", paused: false)!;
        Assert.Equal(paused.Replace("paused", "active", StringComparison.Ordinal), active);
        Assert.False(Documents.Good(active).Campaigns[0].Paused);
    }

    [Fact]
    public void Creatives_are_patched_each_for_itself()
    {
        BrandSnapshot brand = Documents.Good(Patch(Documents.Example, SymbolKind.Creative, "runway-a", paused: true)!);
        Assert.True(brand.Creatives["runway-a"].Paused);
        Assert.False(brand.Creatives["runway-b"].Paused);
        Assert.Equal(["runway-b"], brand.Storylines["launch"].Steps[0].Fits.Single().Creatives.Select(c => c.Id));
    }

    [Theory]
    [InlineData("""{"campaigns":{"a":{}}}""", """{"campaigns":{"a":{ "status": "paused"}}}""")]
    [InlineData("""{"note":"é 😀","campaigns":{"a":{"x":1.50,"status" : "active" }}}""", """{"note":"é 😀","campaigns":{"a":{"x":1.50,"status" : "paused" }}}""")]
    public void Bytes_around_the_change_stay(string before, string after) => Assert.Equal(after, Patch(before, SymbolKind.Campaign, "a", paused: true));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "campaigns": {} }""")]
    [InlineData("""{ "campaigns": { "a": 1 } }""")]
    [InlineData("""{ "creatives": { "a": {} } }""")]
    [InlineData("not json")]
    public void What_is_not_there_cannot_be_patched(string json) => Assert.Null(Patch(json, SymbolKind.Campaign, "a", paused: true));

    [Fact]
    public void Steps_are_not_patched() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => CataloguePatch.SetStatus("{}"u8.ToArray(), SymbolKind.Step, "a", paused: true));

    private static string? Patch(string json, SymbolKind kind, string id, bool paused) =>
        CataloguePatch.SetStatus(Encoding.UTF8.GetBytes(json), kind, id, paused) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
}
