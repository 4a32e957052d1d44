using Decisioning.Core.Consumers;

namespace Decisioning.Core.Aggregate;

/// <summary>What a pass over every consumer counted of one stage of a brand.</summary>
/// <param name="Consumers">Who was in the stage at the pass's instant.</param>
/// <param name="SpendMicros">What they had spent with the brand in 365 d, refunds taken off.</param>
/// <param name="Cohort">Who was in the stage 30 d before.</param>
/// <param name="Bought">Those of them who had bought since.</param>
public readonly record struct StageTally(long Consumers, long SpendMicros, long Cohort, long Bought);

/// <summary>
/// All that a brand's powers were worked out from (<see cref="Valuation"/>), kept beside them: they can be worked out again, and what they come from can be counted
/// again.
/// </summary>
public sealed record Appraisal
{
    private const int MaxBrands = 1 << 20;

    /// <summary>The pass's instant, ms since the Unix epoch.</summary>
    public required long At { get; init; }

    /// <summary>Position in the journal up to which the pass saw every turn of everybody; 0 where everybody was seen as of one moment.</summary>
    public required long From { get; init; }

    /// <summary>Position of the newest turn that it saw, at or past <see cref="From"/>: of those between the two it may have missed some, of later ones it saw none.</summary>
    public required long To { get; init; }

    /// <summary>Symbols of the brands of the same industry and currency, the brand's own among them.</summary>
    public required IReadOnlyList<int> Market { get; init; }

    /// <summary>Who was known to any of them.</summary>
    public required long MarketConsumers { get; init; }

    /// <summary>What these had spent with all of them in 365 d, refunds taken off.</summary>
    public required long MarketSpendMicros { get; init; }

    /// <summary>By <see cref="Catalogue.Stage"/>.</summary>
    public required IReadOnlyList<StageTally> Stages { get; init; }

    /// <summary>What somebody known to the market spends in it in 365 d on average, micros; 0 without anybody.</summary>
    public double MarketMean => MarketConsumers == 0 ? 0 : (double)MarketSpendMicros / MarketConsumers;

    /// <summary>Writes the compact form.</summary>
    public void Write(ByteWriter to)
    {
        Figures.Write([At, From, To, MarketConsumers, MarketSpendMicros], to);
        to.Varint((ulong)Market.Count);
        foreach (int brand in Market)
        {
            to.Varint((ulong)brand);
        }

        foreach (StageTally stage in Stages)
        {
            Figures.Write([stage.Consumers, stage.SpendMicros, stage.Cohort, stage.Bought], to);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote; the reader has failed where it is not that.</summary>
    public static Appraisal Read(ref ByteReader from)
    {
        Span<long> figures = stackalloc long[5];
        Figures.Read(figures, ref from);
        List<int> market = [];
        for (int left = from.Int(MaxBrands); left > 0 && !from.Failed; left--)
        {
            market.Add(from.Int(int.MaxValue));
        }

        var stages = new StageTally[BrandTally.StageCount];
        Span<long> counts = stackalloc long[4];
        for (int i = 0; i < stages.Length; i++)
        {
            Figures.Read(counts, ref from);
            stages[i] = new StageTally(counts[0], counts[1], counts[2], counts[3]);
        }

        return new Appraisal { At = figures[0], From = figures[1], To = figures[2], Market = market, MarketConsumers = figures[3], MarketSpendMicros = figures[4], Stages = stages };
    }
}
