using System.Diagnostics;
using System.Text;
using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Tests.Catalogue;

/// <summary>The maxima of a document: at the bound it compiles, one above the fault names the bound.</summary>
public class BoundsTests
{
    [Theory]
    [InlineData("creatives", CatalogueBounds.Creatives)]
    [InlineData("campaigns", CatalogueBounds.Campaigns)]
    [InlineData("storylines", CatalogueBounds.Storylines)]
    [InlineData("audiences", CatalogueBounds.Audiences)]
    public void Maps_have_a_maximum(string map, int max)
    {
        Assert.Empty(Documents.Compile(Document(map, max)).Faults);
        Fault fault = Assert.Single(Documents.Compile(Document(map, max + 1)).Faults);
        Assert.Equal(($"/{map}", FaultCodes.TooMany), (fault.Pointer, fault.Code));
        Assert.Contains($"At most {max} ", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Storylines_have_a_maximum_of_steps()
    {
        Assert.Empty(Documents.Compile(StepsDocument(CatalogueBounds.StepsPerStoryline)).Faults);
        Fault fault = Assert.Single(Documents.Compile(StepsDocument(CatalogueBounds.StepsPerStoryline + 1)).Faults);
        Assert.Equal(("/storylines/s/steps", FaultCodes.TooMany), (fault.Pointer, fault.Code));
    }

    [Theory]
    [InlineData("/rules/windows/awareness", "90d")]
    [InlineData("/rules/windows/interest", "90d")]
    [InlineData("/rules/windows/loyalty", "730d")]
    [InlineData("/rules/windows/purchase", "1825d")]
    [InlineData("/rules/intent/halfLife/cart", "15d")]
    [InlineData("/rules/reserve", "18h")]
    [InlineData("/caps/0/per", "730d")]
    public void Durations_have_a_maximum(string pointer, string max)
    {
        Assert.Empty(Documents.Compile(Documents.With(pointer, $"\"{max}\"")).Faults);
        Assert.True(Durations.TryParse(max, out long milliseconds));
        Fault fault = Assert.Single(Documents.Compile(Documents.With(pointer, $"\"{milliseconds / Durations.Second + 1}s\"")).Faults);
        Assert.Equal((pointer, FaultCodes.OutOfRange), (fault.Pointer, fault.Code));
        Assert.EndsWith($" and {max}.", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_document_compiles_in_well_under_a_second()
    {
        byte[] json = Encoding.UTF8.GetBytes(Document("creatives", CatalogueBounds.Creatives));
        Assert.Empty(Documents.Compile(json).Faults);
        Assert.InRange(BestOfThree(() => Documents.Compile(json)), 0, 500);
    }

    [Fact]
    public void Thousands_of_dangling_ids_among_thousands_of_candidates_do_not_take_long()
    {
        string few = Dangling(5_000), many = Dangling(20_000);
        CompileResult result = Documents.Compile(many);
        Assert.Equal(20_000, result.Faults.Count);
        Assert.Contains("did you mean", result.Faults[0].Detail, StringComparison.Ordinal);

        // Four times as many take about four times as long; quadratic work would take sixteen times.
        Assert.InRange((double)BestOfThree(() => Documents.Compile(many)) / BestOfThree(() => Documents.Compile(few)), 0, 9);
    }

    private static string Dangling(int count)
    {
        string creatives = Document("creatives", CatalogueBounds.Creatives)[..^1];
        IEnumerable<string> wrong = Enumerable.Range(0, count).Select(i => $"\"creative-number-x{i}\"");
        return $$"""{{creatives}}, "storylines": { "s": { "steps": [ { "id": "a", "for": [ "none" ], "creatives": [ {{string.Join(',', wrong)}} ] } ] } } }""";
    }

    // Other tests and programs share the machine: the best of three says what the work itself takes.
    private static long BestOfThree(Action work) => Enumerable.Range(0, 3).Min(_ =>
    {
        Stopwatch watch = Stopwatch.StartNew();
        work();
        return watch.ElapsedMilliseconds;
    });

    private static string Document(string map, int count)
    {
        string entry = map switch
        {
            "creatives" => """{ "format": "video", "size": "640x360", "seconds": 15, "url": "https://x.example/a.mp4", "landing": "https://x.example/l", "caps": [ { "max": 3, "per": "1d" } ] }""",
            "campaigns" => """{ "storyline": "s", "from": "2026-01-01", "to": "2026-12-31", "budget": { "total": "10.00" } }""",
            "storylines" => """{ "steps": [ { "id": "a", "for": [ "none" ], "creatives": [ "c" ] } ] }""",
            _ => """{ "stage": [ "keen" ] }""",
        };
        string entries = string.Join(',', Enumerable.Range(0, count).Select(i => $"\"{map.TrimEnd('s')}-number-{i}\": {entry}"));
        string rest = map switch
        {
            "campaigns" => """, "storylines": { "s": { "steps": [ { "id": "a", "for": [ "none" ], "creatives": [ "c" ] } ] } }, "creatives": { "c": { "format": "html", "url": "https://x.example/" } }""",
            "storylines" => """, "creatives": { "c": { "format": "html", "url": "https://x.example/" } }""",
            _ => "",
        };
        return $$"""{ "{{map}}": { {{entries}} }{{rest}} }""";
    }

    private static string StepsDocument(int count)
    {
        IEnumerable<string> steps = Enumerable.Range(0, count).Select(i => $$"""{ "id": "s{{i}}", "for": [ "none" ], "creatives": [ "c" ] }""");
        return $$"""{ "creatives": { "c": { "format": "html", "url": "https://x.example/" } }, "storylines": { "s": { "steps": [ {{string.Join(',', steps)}} ] } } }""";
    }
}
