using Decisioning.Load.Arrivals;
using Decisioning.Load.Scenarios;

namespace Decisioning.Load.Tests.Scenarios;

public sealed class ScenarioReaderTests
{
    private const string Least = """{ "about": "a", "world": { "brands": 1, "creatives": 4, "consumers": 10 }, "rate": 5, "seconds": 2 }""";

    [Fact]
    public void Those_that_come_with_the_program_are_sound()
    {
        Assert.Equal(
            ["bad-input", "catalogue-change", "cold-activations", "cold-start", "hot-brand", "hot-consumer", "midnight", "million", "pages", "soak", "steady", "watchers"], ScenarioFiles.Names);
        Assert.All(ScenarioFiles.Names, name => Assert.Equal(name, ScenarioFiles.Read(name).Name));
        Assert.Equal(30, ScenarioFiles.Read("midnight").Curve.Max(p => p.Rate));
    }

    [Fact]
    public void What_is_left_out_has_a_default()
    {
        Scenario read = ScenarioReader.Read("least", Least);

        Assert.Equal([new CurvePoint(0, 1)], read.Curve);
        Assert.Equal(new VisitMix(1, 0, 0), read.Mix);
        Assert.Equal((5d, 1, 1), (read.Warmup, read.Decisions.Count, read.Events.Batch));
        Assert.Null(read.ChangeEvery);
        Assert.Null(read.Thresholds.DecisionP99);
    }

    [Fact]
    public void Every_fault_is_named_at_once_by_its_place_and_with_what_was_meant()
    {
        string json = """
            { "about": "", "world": { "brands": 0, "creatives": 4, "consumers": 10, "known": 11, "ziff": 1 }, "rate": -3, "secons": 5,
              "curve": [[0, 1], [0, 2]], "mix": { "decisions": 0 }, "decisions": { "formats": ["smell"] }, "events": { "types": { "cartt": 1, "view": "many" } },
              "followUps": { "click": { "delay": 3 }, "lost": 2 }, "visitors": { "fresh": 0.8, "hotConsumer": 0.7 }, "coldServer": "yes" }
            """;

        string[] faults = Assert.Throws<LoadFailureException>(() => ScenarioReader.Read("faulty", json)).Message.Split(Environment.NewLine);

        Assert.All(faults, f => Assert.StartsWith("scenario 'faulty' /", f, StringComparison.Ordinal));
        string[] places = [.. faults.Select(f => f.Split(' ')[2].TrimEnd(':')).Order(StringComparer.Ordinal)];
        Assert.Equal(
            [
                "/about", "/coldServer", "/curve/1", "/decisions/formats/0", "/events/types/cartt", "/events/types/view", "/followUps/click/share", "/followUps/lost", "/mix/",
                "/rate", "/seconds", "/secons", "/visitors/", "/world/brands", "/world/known", "/world/ziff",
            ],
            places);
        Assert.Contains(faults, f => f.EndsWith("did you mean 'seconds'.", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.EndsWith("did you mean 'zipf'.", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.EndsWith("did you mean 'cart'.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{", "is not JSON")]
    [InlineData("[]", "is no JSON object")]
    public void What_is_no_object_is_refused(string json, string why) =>
        Assert.Contains(why, Assert.Throws<LoadFailureException>(() => ScenarioReader.Read("x", json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_mistyped_name_is_answered_with_the_nearest() =>
        Assert.Contains("did you mean 'steady'", Assert.Throws<LoadFailureException>(() => ScenarioFiles.Read("stedy")).Message, StringComparison.Ordinal);

    [Fact]
    public void Who_comes_once_must_be_known()
    {
        string json = Least.Replace("\"rate\"", "\"visitors\": { \"once\": true }, \"rate\"", StringComparison.Ordinal);

        Assert.Contains("/visitors/once", Assert.Throws<LoadFailureException>(() => ScenarioReader.Read("x", json)).Message, StringComparison.Ordinal);
    }
}
