namespace Decisioning.Core.Aggregate;

/// <summary>
/// A campaign against its holdout: consumers by their first win of the campaign, those it holds out by the ghost of one; both by the same rule, whatever was really
/// shown and whoever looked at it.
/// </summary>
/// <param name="Shown">Consumers it may be shown to.</param>
/// <param name="HeldOut">Consumers it holds out.</param>
public sealed record CampaignTrial(TrialArm Shown, TrialArm HeldOut)
{
    /// <summary>Weight that the campaign brings per 1,000 consumers, below 0 where it costs some; null while an arm is empty.</summary>
    public double? IncrementPerThousand => Shown.PerThousand - HeldOut.PerThousand;

    /// <summary>The increment's standard error by Welch, of arms with variances of their own; null while an arm has fewer than two consumers.</summary>
    public double? StandardError => Shown.MeanVariance is { } shown && HeldOut.MeanVariance is { } heldOut ? 1_000 * Math.Sqrt(shown + heldOut) : null;
}

/// <summary>One side of a trial.</summary>
/// <param name="Consumers">Who have entered.</param>
/// <param name="WeightMicros">Weight of their behaviours, each within its daily cap, within the viewable look-back of the win that they entered with; millionths.</param>
/// <param name="Squares">The squares of each consumer's weight, summed.</param>
public readonly record struct TrialArm(long Consumers, long WeightMicros, UInt128 Squares)
{
    /// <summary>Weight per 1,000 consumers; null without any.</summary>
    public double? PerThousand => Consumers == 0 ? null : WeightMicros / 1e6 * 1_000 / Consumers;

    /// <summary>Variance of the mean weight of a consumer; null for fewer than two.</summary>
    public double? MeanVariance
    {
        get
        {
            double mean = WeightMicros / 1e6 / Consumers;
            return Consumers < 2 ? null : Math.Max(0, (double)Squares / 1e12 / Consumers - mean * mean) / (Consumers - 1);
        }
    }

    public static TrialArm operator +(TrialArm one, TrialArm other) =>
        new(one.Consumers + other.Consumers, one.WeightMicros + other.WeightMicros, one.Squares + other.Squares);
}
