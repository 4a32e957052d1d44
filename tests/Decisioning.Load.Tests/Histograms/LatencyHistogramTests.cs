using System.Text.Json;
using Decisioning.Load.Histograms;

namespace Decisioning.Load.Tests.Histograms;

public sealed class LatencyHistogramTests
{
    private static readonly double[] Shares = [0, 0.01, 0.5, 0.9, 0.99, 0.999, 0.9999, 1];
    private static readonly JsonSerializerOptions Json = new() { Converters = { new HistogramConverter() } };

    [Theory]
    [InlineData(1, 5_000, 6)]
    [InlineData(2, 5_000, 21)]
    [InlineData(3, 1, 9)]
    [InlineData(4, 20_000, 11)]
    public void A_quantile_is_the_exact_one_to_three_digits(int seed, int count, int octaves)
    {
        (LatencyHistogram histogram, long[] values) = Recorded(seed, count, octaves);

        foreach (double share in Shares)
        {
            long exact = values[Math.Max(0, (int)Math.Ceiling(share * count) - 1)];
            Assert.InRange(histogram.Quantile(share), exact, exact + (exact / 1_000));
        }

        Assert.Equal(values[^1], histogram.Max);
        Assert.Equal(values.Average(), histogram.Mean, 1e-6 * values.Average());
    }

    [Fact]
    public void What_is_below_two_milliseconds_is_exact()
    {
        for (long value = 0; value < LatencyHistogram.Parts; value++)
        {
            LatencyHistogram histogram = new();
            histogram.Record(value);
            histogram.Record(LatencyHistogram.Highest);
            Assert.Equal(value, histogram.Quantile(0.5));
        }
    }

    [Fact]
    public void Places_lie_side_by_side_from_nothing_to_an_hour()
    {
        // The upper end of a place and what follows it are never told as one.
        for (long value = 0; value < LatencyHistogram.Highest;)
        {
            long upper = LatencyHistogram.UpperOf(value);
            Assert.True(upper >= value && upper - value <= value / 1_000, $"{value} is told as {upper}.");
            Assert.True(LatencyHistogram.UpperOf(upper) == upper && LatencyHistogram.UpperOf(upper + 1) > upper);
            value = upper + 1;
        }
    }

    [Fact]
    public void Merged_parts_are_the_whole()
    {
        (LatencyHistogram first, long[] a) = Recorded(5, 3_000, 20);
        (LatencyHistogram second, long[] b) = Recorded(6, 500, 8);
        LatencyHistogram whole = new();
        foreach (long value in a.Concat(b))
        {
            whole.Record(value);
        }

        first.Add(second);

        Assert.Equal(whole.Places(), first.Places());
        Assert.Equal((whole.Count, whole.Max), (first.Count, first.Max));
        Assert.Equal(whole.Mean, first.Mean, 1e-3);
        Assert.Equal(whole.Deviation, first.Deviation, 1e-3);
    }

    [Fact]
    public void It_comes_back_from_JSON_as_it_was()
    {
        (LatencyHistogram histogram, _) = Recorded(7, 2_000, 18);

        LatencyHistogram read = JsonSerializer.Deserialize<LatencyHistogram>(JsonSerializer.Serialize(histogram, Json), Json)!;

        Assert.Equal(histogram.Places(), read.Places());
        Assert.Equal((histogram.Count, histogram.Max), (read.Count, read.Max));
        Assert.Equal(histogram.Mean, read.Mean, 1e-6);
        Assert.Equal(histogram.Deviation, read.Deviation, 1e-3);
    }

    [Theory]
    [InlineData("""{"count":2,"mean":1,"deviation":0,"max":1,"places":[1,1]}""")]
    [InlineData("""{"count":1,"mean":1,"deviation":0,"max":1,"places":[99999999,1]}""")]
    [InlineData("""{"count":1,"mean":1,"deviation":0,"max":1,"places":[1]}""")]
    [InlineData("""{"count":1}""")]
    [InlineData("7")]
    public void What_is_no_histogram_is_not_read(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<LatencyHistogram>(json, Json));

    [Theory]
    [InlineData(-1)]
    [InlineData(LatencyHistogram.Highest + 1)]
    public void What_it_cannot_hold_is_refused(long value) => Assert.Throws<ArgumentOutOfRangeException>(() => new LatencyHistogram().Record(value));

    [Fact]
    public void Cleared_it_is_empty()
    {
        (LatencyHistogram histogram, _) = Recorded(8, 10, 10);

        histogram.Clear();

        Assert.Empty(histogram.Places());
        Assert.Equal((0, 0, 0d, 0L), (histogram.Count, histogram.Max, histogram.Mean, histogram.Quantile(0.99)));
    }

    /// <summary>Durations over so many powers of two, and the histogram of them.</summary>
    private static (LatencyHistogram Histogram, long[] Sorted) Recorded(int seed, int count, int octaves)
    {
        Random random = new(seed);
        long[] values = [.. Enumerable.Range(0, count).Select(_ => (long)Math.Pow(2, random.NextDouble() * octaves)).Order()];
        LatencyHistogram histogram = new();
        foreach (long value in values)
        {
            histogram.Record(value);
        }

        return (histogram, values);
    }
}
