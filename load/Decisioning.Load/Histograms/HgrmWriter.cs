using System.Globalization;

namespace Decisioning.Load.Histograms;

/// <summary>Writes a histogram as the percentile distribution in text that HdrHistogram's tools read and plot: milliseconds, five steps to each halving of what is left.</summary>
internal static class HgrmWriter
{
    private const int StepsPerHalving = 5;
    private const double MicrosecondsPerUnit = 1_000;

    public static void Write(TextWriter output, LatencyHistogram histogram)
    {
        output.Write("       Value     Percentile TotalCount 1/(1-Percentile)\n\n");
        double share = 0;
        while (histogram.Count > 0)
        {
            long value = histogram.Quantile(share);
            long upTo = histogram.CountUpTo(value);
            if (upTo >= histogram.Count)
            {
                WriteLine(output, histogram.Max, 1, histogram.Count);
                break;
            }

            WriteLine(output, value, share, upTo);
            double halvings = Math.Floor(Math.Log2(1 / (1 - share))) + 1;
            share += 1 / (StepsPerHalving * Math.Pow(2, halvings));
        }

        output.Write(Text($"#[Mean    = {histogram.Mean / MicrosecondsPerUnit,12:F3}, StdDeviation   = {histogram.Deviation / MicrosecondsPerUnit,12:F3}]\n"));
        output.Write(Text($"#[Max     = {histogram.Max / MicrosecondsPerUnit,12:F3}, Total count    = {histogram.Count,12}]\n"));
        output.Write(Text($"#[Buckets = {LatencyHistogram.Ranges,12}, SubBuckets     = {LatencyHistogram.Parts,12}]\n"));
    }

    // The last line has no fourth column: nothing is left beyond it.
    private static void WriteLine(TextWriter output, long value, double share, long upTo) => output.Write(
        share < 1
            ? Text($"{value / MicrosecondsPerUnit,12:F3} {share:F12} {upTo,10} {1 / (1 - share),14:F2}\n")
            : Text($"{value / MicrosecondsPerUnit,12:F3} {share:F12} {upTo,10}\n"));

    private static string Text(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}
