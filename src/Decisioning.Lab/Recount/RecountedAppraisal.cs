using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;

namespace Decisioning.Lab.Recount;

/// <summary>A sum of which some parts are only known to lie between nothing and something.</summary>
internal readonly record struct BoundedSum(long Least, long Most)
{
    public bool Holds(long counted) => counted >= Least && counted <= Most;

    /// <param name="sum">Where it is added.</param>
    /// <param name="part">How much, or how much at most.</param>
    /// <param name="sure">False: at most.</param>
    public static void Add(ref BoundedSum sum, long part, bool sure) => sum = new BoundedSum(sum.Least + (sure ? part : 0), sum.Most + part);

    public override string ToString() => Least == Most ? $"{Least}" : $"{Least} to {Most}";
}

/// <summary>The sums that a brand's powers come from, counted again.</summary>
/// <param name="brand">The brand, its rules with it.</param>
/// <param name="counted">As the engine's pass counted them.</param>
internal sealed class RecountedAppraisal(BrandSnapshot brand, Appraisal counted)
{
    private readonly BoundedSum[] _consumers = new BoundedSum[counted.Stages.Count];
    private readonly BoundedSum[] _spend = new BoundedSum[counted.Stages.Count];
    private readonly BoundedSum[] _cohort = new BoundedSum[counted.Stages.Count];
    private readonly BoundedSum[] _bought = new BoundedSum[counted.Stages.Count];
    private BoundedSum _marketConsumers;
    private BoundedSum _marketSpend;

    public BrandSnapshot Brand => brand;

    public Appraisal Counted => counted;

    /// <summary>Somebody known to the market.</summary>
    public void AddToMarket(long spend, bool sure)
    {
        BoundedSum.Add(ref _marketConsumers, 1, sure);
        BoundedSum.Add(ref _marketSpend, spend, sure);
    }

    /// <summary>Somebody who is in the stage, or may be.</summary>
    public void AddTo(Stage stage, long spend, bool sure)
    {
        BoundedSum.Add(ref _consumers[(int)stage], 1, sure);
        BoundedSum.Add(ref _spend[(int)stage], spend, sure);
    }

    /// <summary>Somebody who was in the stage 30 d before, or may have been.</summary>
    public void AddToCohort(Stage stage, bool bought, bool sure)
    {
        BoundedSum.Add(ref _cohort[(int)stage], 1, sure);
        BoundedSum.Add(ref _bought[(int)stage], bought ? 1 : 0, sure);
    }

    /// <summary>Every figure, as recounted and as the pass counted it.</summary>
    /// <param name="byStage">Whether those are told that depend on the brand's rules.</param>
    public IEnumerable<(string Name, BoundedSum Recounted, long Counted)> Figures(bool byStage)
    {
        yield return ("consumers of the market", _marketConsumers, counted.MarketConsumers);
        yield return ("spend in the market", _marketSpend, counted.MarketSpendMicros);
        for (int stage = 0; byStage && stage < counted.Stages.Count; stage++)
        {
            string name = Names.Of((Stage)stage);
            yield return ($"consumers in {name}", _consumers[stage], counted.Stages[stage].Consumers);
            yield return ($"spend in {name}", _spend[stage], counted.Stages[stage].SpendMicros);
            yield return ($"consumers in {name} 30 d before", _cohort[stage], counted.Stages[stage].Cohort);
            yield return ($"buyers of those in {name}", _bought[stage], counted.Stages[stage].Bought);
        }
    }
}
