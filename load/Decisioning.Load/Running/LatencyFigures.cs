using Decisioning.Load.Histograms;

namespace Decisioning.Load.Running;

/// <summary>A histogram in a few figures, milliseconds.</summary>
internal sealed record LatencyFigures(double Mean, double P50, double P90, double P99, double P999, double P9999, double Max)
{
    private const double MicrosecondsPerMillisecond = 1_000;

    /// <summary>Null where nothing was counted.</summary>
    public static LatencyFigures? Of(LatencyHistogram histogram) => histogram.Count == 0 ? null : new LatencyFigures(
        Math.Round(histogram.Mean / MicrosecondsPerMillisecond, 3),
        Milliseconds(histogram, 0.5), Milliseconds(histogram, 0.9), Milliseconds(histogram, 0.99), Milliseconds(histogram, 0.999), Milliseconds(histogram, 0.9999), Milliseconds(histogram, 1));

    /// <summary>So many milliseconds the given share took at most.</summary>
    public static double Milliseconds(LatencyHistogram histogram, double share) => histogram.Quantile(share) / MicrosecondsPerMillisecond;
}
