using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Tests.Aggregate;

public sealed class LmdiTests
{
    [Fact]
    public void The_parts_sum_to_the_change_whatever_the_factors()
    {
        var random = new Random(4);
        for (int i = 0; i < 2_000; i++)
        {
            AssetFactors[] before = Side(random), after = Side(random);
            AssetChange change = Lmdi.Split(before, after);
            double delta = after.Sum(f => f.Value) - before.Sum(f => f.Value);
            Assert.Equal(delta, change.Total, 1e-9 * (1 + Math.Abs(delta) + before.Sum(f => f.Value) + after.Sum(f => f.Value)));
        }
    }

    [Fact]
    public void What_did_not_change_has_no_part()
    {
        AssetChange change = Lmdi.Split([new(Stage.Interest, 100, 1.5, .05)], [new(Stage.Interest, 150, 1.5, .04)]);
        Assert.Equal(0, change.PurchasingPower, 1e-12);
        Assert.True(change.Consumers > 0 && change.ConversionPower < 0);
        Assert.Equal(Math.Log(1.5) / Math.Log(.8), change.Consumers / change.ConversionPower, 1e-9);
    }

    [Fact]
    public void A_stage_that_is_new_comes_from_what_was_not_there_before()
    {
        AssetChange change = Lmdi.Split([new(Stage.Loyalty, 0, 2, .2)], [new(Stage.Loyalty, 10, 2, .2)]);
        Assert.Equal(new AssetChange(4, 0, 0), change);
        Assert.Equal(new AssetChange(4 / 3d, 4 / 3d, 4 / 3d).Total, Lmdi.Split([], [new(Stage.Loyalty, 10, 2, .2)]).Total, 1e-12);
    }

    private static AssetFactors[] Side(Random random) =>
        [.. Enum.GetValues<Stage>().Where(_ => random.Next(5) > 0).Select(stage => new AssetFactors(stage, random.Next(4) * 10, Factor(random), Factor(random)))];

    private static double Factor(Random random) => random.Next(5) == 0 ? 0 : random.Next(6) == 0 ? 1 : random.NextDouble() * 3;
}
