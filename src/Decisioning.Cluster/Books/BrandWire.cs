namespace Decisioning.Cluster.Books;

/// <summary>What a silo wrote of one brand since it last reported, and how its blocks of money stand. Amounts in micros, instants in ms since the Unix epoch.</summary>
[GenerateSerializer, Immutable, Alias("decisioning.brand.report")]
internal sealed class SiloReport
{
    /// <summary>The silo's.</summary>
    [Id(0)]
    public required long Epoch { get; init; }

    /// <summary>Number after which the part begins: the silo's rows up to it were reported before.</summary>
    [Id(1)]
    public required long From { get; init; }

    /// <summary>Number up to which the part goes.</summary>
    [Id(2)]
    public required long To { get; init; }

    /// <summary>The part's totals in their binary form; empty: nothing of the brand happened.</summary>
    [Id(3)]
    public required byte[] Totals { get; init; }

    [Id(4)]
    public required SpendingLine[] Spending { get; init; }

    /// <summary>The accounting day whose powers the part was folded at; null: none.</summary>
    [Id(5)]
    public required int? AccountingDay { get; init; }

    [Id(6)]
    public required LoanReport[] Loans { get; init; }

    /// <summary>The catalogue's version in the store that the silo asks under: the brand's silo looks for it before it answers. 0: not said.</summary>
    [Id(7)]
    public long CatalogueVersion { get; init; }
}

/// <summary>What was charged to a campaign on one local day of the brand.</summary>
/// <param name="Day">Counted from 1970-01-01.</param>
[GenerateSerializer, Immutable, Alias("decisioning.brand.spending")]
internal readonly record struct SpendingLine([property: Id(0)] int Campaign, [property: Id(1)] int Day, [property: Id(2)] long Amount);

/// <summary>How a campaign's block stands at a silo. All but the last two are sums since the silo's epoch began, so that a report may come twice or late.</summary>
/// <param name="Returned">Given back.</param>
/// <param name="Outside">Charged while there was no budget, of nobody's block.</param>
/// <param name="Held">By live reservations.</param>
/// <param name="Wanted">What the silo asks for beyond its block; 0: nothing.</param>
[GenerateSerializer, Immutable, Alias("decisioning.brand.loan")]
internal readonly record struct LoanReport(
    [property: Id(0)] int Campaign, [property: Id(1)] long Returned, [property: Id(2)] long Outside, [property: Id(3)] long Held, [property: Id(4)] long Wanted);

[GenerateSerializer, Immutable, Alias("decisioning.brand.answer")]
internal sealed class BrandAnswer
{
    /// <summary>The powers in force, by AIPL stage from awareness on.</summary>
    [Id(0)]
    public required long[] Powers { get; init; }

    /// <summary>The accounting day of these powers; null before the first valuation.</summary>
    [Id(1)]
    public required int? AccountingDay { get; init; }

    /// <summary>One for each that was reported.</summary>
    [Id(2)]
    public required LoanAnswer[] Loans { get; init; }
}

/// <param name="Granted">Everything lent to the silo since its epoch began.</param>
/// <param name="From">The block may be spent from this instant on: the beginning of the local day of which it was lent.</param>
/// <param name="Scarce">True where little is left to lend: what is not being used is wanted back.</param>
/// <param name="Refusal">Why nothing was lent although it was asked for; <see cref="Core.Decide.MarketRefusal"/>.</param>
/// <param name="RetryAt">When it may be otherwise; null where time does not help.</param>
[GenerateSerializer, Immutable, Alias("decisioning.brand.grant")]
internal readonly record struct LoanAnswer(
    [property: Id(0)] int Campaign, [property: Id(1)] long Granted, [property: Id(2)] long From, [property: Id(3)] bool Scarce, [property: Id(4)] byte Refusal,
    [property: Id(5)] long? RetryAt);

/// <summary>Outcomes of one campaign that have happened on a silo whose block has no money for them.</summary>
[GenerateSerializer, Immutable, Alias("decisioning.brand.claims")]
internal sealed class ClaimReport
{
    /// <summary>The silo's.</summary>
    [Id(0)]
    public required long Epoch { get; init; }

    [Id(1)]
    public required LoanReport Block { get; init; }

    [Id(2)]
    public required HoldClaim[] Claims { get; init; }
}

/// <param name="HeldUntil">The end of the hold that pays, on whatever silo; −1: there is none.</param>
[GenerateSerializer, Immutable, Alias("decisioning.brand.claim")]
internal readonly record struct HoldClaim([property: Id(0)] long HeldUntil, [property: Id(1)] long Amount);

/// <summary>A brand's books as the silos show them.</summary>
[GenerateSerializer, Immutable, Alias("decisioning.brand.sight")]
internal sealed class BrandSight
{
    /// <summary>Grows with each change, also from one activation to the next.</summary>
    [Id(0)]
    public required long Etag { get; init; }

    /// <summary>In their binary form.</summary>
    [Id(1)]
    public required byte[] Totals { get; init; }

    [Id(2)]
    public required MoneyLine[] Money { get; init; }

    /// <summary>When the newest pass over every consumer ended; 0 before the first.</summary>
    [Id(3)]
    public required long PassedAt { get; init; }

    /// <summary>Consumers by intent as that pass found them: <see cref="Core.Aggregate.IntentHistogram.Buckets"/>.</summary>
    [Id(4)]
    public required long[] Intent { get; init; }

    /// <summary>See <see cref="Core.Aggregate.PulseInputs.IndustryIndex"/>.</summary>
    [Id(5)]
    public required double? IndustryIndex { get; init; }
}

/// <param name="Day">The local day that <paramref name="Today"/> is of, counted from 1970-01-01.</param>
/// <param name="Held">On all silos, as they last said.</param>
[GenerateSerializer, Immutable, Alias("decisioning.brand.money")]
internal readonly record struct MoneyLine(
    [property: Id(0)] int Campaign, [property: Id(1)] long Total, [property: Id(2)] int Day, [property: Id(3)] long Today, [property: Id(4)] long Held);

/// <summary>What a pass over every consumer found of one brand.</summary>
[GenerateSerializer, Immutable, Alias("decisioning.brand.pass")]
internal sealed class PassReport
{
    /// <summary>The instant as of which everybody was looked at, ms since the Unix epoch.</summary>
    [Id(0)]
    public required long At { get; init; }

    /// <summary>The brand's local day of it, counted from 1970-01-01.</summary>
    [Id(1)]
    public required int Day { get; init; }

    /// <summary>What consumers' worth comes from, in its binary form.</summary>
    [Id(2)]
    public required byte[] Appraisal { get; init; }

    /// <summary>The net moves of the day before, as totals in their binary form that hold nothing else; empty: there are none.</summary>
    [Id(3)]
    public required byte[] Net { get; init; }

    /// <summary>Consumers by intent: <see cref="Core.Aggregate.IntentHistogram.Buckets"/>.</summary>
    [Id(4)]
    public required long[] Intent { get; init; }

    /// <summary>Consumers in the brand's books as the pass found them.</summary>
    [Id(5)]
    public required long Known { get; init; }
}
