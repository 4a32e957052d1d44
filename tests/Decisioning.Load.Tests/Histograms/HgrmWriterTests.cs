using System.Globalization;
using System.Text.RegularExpressions;
using Decisioning.Load.Histograms;

namespace Decisioning.Load.Tests.Histograms;

public sealed partial class HgrmWriterTests
{
    [Fact]
    public void A_distribution_reads_as_HdrHistogram_writes_it()
    {
        string[] lines = Lines(Enumerable.Range(1, 9_999));

        Assert.Equal("       Value     Percentile TotalCount 1/(1-Percentile)", lines[0]);
        Assert.Equal("", lines[1]);
        Assert.Equal("       0.001 0.000000000000          1           1.00", lines[2]);
        Assert.Equal("       1.000 0.100000000000       1000           1.11", lines[3]);
        Assert.Equal("       9.999 1.000000000000       9999", lines[^5]);
        Assert.Equal("#[Mean    =        5.000, StdDeviation   =        2.886]", lines[^4]);
        Assert.Equal("#[Max     =        9.999, Total count    =         9999]", lines[^3]);
        Assert.Equal("#[Buckets =           22, SubBuckets     =         2048]", lines[^2]);
        Assert.Equal("", lines[^1]);
    }

    [Fact]
    public void Values_percentiles_and_counts_never_fall()
    {
        Random random = new(3);
        string[] lines = Lines(Enumerable.Range(0, 5_000).Select(_ => (int)Math.Pow(2, random.NextDouble() * 24)));

        double[][] rows = [.. lines.Skip(2).TakeWhile(l => l[0] != '#').Select(l => Row().Match(l).Groups.Values.Skip(1).Select(g => double.Parse(g.Value, CultureInfo.InvariantCulture)).ToArray())];

        Assert.All(rows.Zip(rows.Skip(1)), pair => Assert.True(pair.Second[0] >= pair.First[0] && pair.Second[1] > pair.First[1] && pair.Second[2] >= pair.First[2]));
        Assert.Equal([1, 5_000], rows[^1].Skip(1));
    }

    [Fact]
    public void An_empty_one_has_no_rows() => Assert.StartsWith("#[Mean", Lines([])[2], StringComparison.Ordinal);

    private static string[] Lines(IEnumerable<int> values)
    {
        LatencyHistogram histogram = new();
        foreach (int value in values)
        {
            histogram.Record(value);
        }

        using StringWriter text = new(CultureInfo.InvariantCulture);
        HgrmWriter.Write(text, histogram);
        return text.ToString().Split('\n');
    }

    [GeneratedRegex(@"^ *(\d+\.\d{3}) (\d\.\d{12}) +(\d+)(?: +\d+\.\d\d)?$")]
    private static partial Regex Row();
}
