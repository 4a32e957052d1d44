using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Tests.Catalogue;

/// <summary>Audiences compile to trees, references resolved; rings and runaway growth are faults.</summary>
public class AudienceTests
{
    [Fact]
    public void Every_kind_of_condition_compiles()
    {
        Audience.Any any = Assert.IsType<Audience.Any>(Compile("""
            { "any": [
                { "attribute": "vip", "is": true }, { "attribute": "name", "in": [ "a", "b" ] }, { "attribute": "age", "to": 9 },
                { "event": "cart", "within": "7d", "atLeast": 2 }, { "stage": [ "interest", "keen" ] }, { "intent": { "from": 60 } },
                { "not": { "stage": [ "none" ] } } ] }
            """));
        Assert.Equal([AttributeValue.Of(true)], Assert.IsType<Audience.AttributeIn>(any.Parts[0]).Values);
        Assert.Equal([AttributeValue.Of("a"), AttributeValue.Of("b")], Assert.IsType<Audience.AttributeIn>(any.Parts[1]).Values);
        Assert.Equal(new Audience.AttributeBetween("age", null, 9), any.Parts[2]);
        Assert.Equal(new Audience.Happened(EventType.Cart, 7 * Durations.Day, 2), any.Parts[3]);
        Assert.Equal(new Audience.InStage(StageSet.Interest | StageSet.Keen), any.Parts[4]);
        Assert.Equal(new Audience.IntentBetween(60, null), any.Parts[5]);
        Assert.Equal(new Audience.Not(new Audience.InStage(StageSet.None)), any.Parts[6]);
    }

    [Fact]
    public void A_reference_stands_for_the_other_wherever_it_is_written()
    {
        BrandSnapshot brand = Documents.Good("""
            { "audiences": { "a": { "not": { "audience": "b" } }, "b": { "audience": "c" }, "c": { "stage": [ "keen" ] } } }
            """);
        Assert.Same(brand.Audiences["c"], brand.Audiences["b"]);
        Assert.Same(brand.Audiences["c"], Assert.IsType<Audience.Not>(brand.Audiences["a"]).Part);
    }

    [Fact]
    public void A_ring_is_named()
    {
        CompileResult result = Documents.Compile("""
            { "audiences": { "x": { "audience": "a" }, "a": { "all": [ { "audience": "b" }, { "stage": [ "keen" ] } ] },
                             "b": { "not": { "audience": "c" } }, "c": { "any": [ { "audience": "a" } ] } } }
            """);
        Fault fault = Assert.Single(result.Faults);
        Assert.Equal(("/audiences/c/any/0/audience", FaultCodes.Cycle), (fault.Pointer, fault.Code));
        Assert.Contains("a → b → c → a", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_rings_are_two_faults()
    {
        CompileResult result = Documents.Compile("""{ "audiences": { "a": { "audience": "a" }, "b": { "not": { "audience": "c" } }, "c": { "audience": "b" } } }""");
        Assert.Equal(["/audiences/a/audience", "/audiences/c/audience"], result.Faults.Select(f => f.Pointer));
    }

    [Fact]
    public void References_that_double_at_each_level_are_stopped()
    {
        IEnumerable<string> levels = Enumerable.Range(1, 150).Select(i => $$""" "a{{i}}": { "all": [ { "audience": "a{{i - 1}}" }, { "audience": "a{{i - 1}}" } ] } """);
        CompileResult result = Documents.Compile($$"""{ "audiences": { "a0": { "stage": [ "keen" ] }, {{string.Join(',', levels)}} } }""");
        Fault fault = Assert.Single(result.Faults);
        Assert.Equal(("/audiences/a9", FaultCodes.TooMany), (fault.Pointer, fault.Code));
        Assert.Contains("1000", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void References_that_go_too_deep_are_stopped()
    {
        IEnumerable<string> levels = Enumerable.Range(1, 150).Select(i => $$""" "a{{i}}": { "not": { "audience": "a{{i - 1}}" } } """);
        CompileResult result = Documents.Compile($$"""{ "audiences": { {{string.Join(',', levels)}}, "a0": { "stage": [ "keen" ] } } }""");
        Assert.Equal("/audiences/a64", Assert.Single(result.Faults).Pointer);
    }

    private static Audience Compile(string audience) => Documents.Good(Documents.With("{}", "/audiences/x", audience)).Audiences["x"];
}
