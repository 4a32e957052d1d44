using Decisioning.Load.World;

namespace Decisioning.Load.Tests.World;

public sealed class ZipfChoiceTests
{
    private const int Draws = 400_000;

    [Theory]
    [InlineData(10, 0)]
    [InlineData(10, 0.5)]
    [InlineData(10, 1)]
    [InlineData(50, 1.3)]
    [InlineData(50, 2)]
    public void Each_comes_in_proportion_to_its_weight(int consumers, double exponent)
    {
        ZipfChoice choice = new(consumers, exponent, 7);
        int[] came = new int[consumers];
        for (int i = 0; i < Draws; i++)
        {
            came[choice.Next()]++;
        }

        double[] weights = [.. Enumerable.Range(1, consumers).Select(n => Math.Pow(n, -exponent))];
        double sum = weights.Sum();
        for (int n = 0; n < consumers; n++)
        {
            double expected = Draws * weights[n] / sum;
            Assert.InRange(came[n], expected - 5 * Math.Sqrt(expected), expected + 5 * Math.Sqrt(expected));
        }
    }

    [Fact]
    public void A_billion_takes_no_memory_by_consumer_and_nobody_comes_from_outside()
    {
        ZipfChoice choice = new(1_000_000_000, 1, 3);
        int first = 0;
        for (int i = 0; i < Draws; i++)
        {
            int n = choice.Next();
            Assert.InRange(n, 0, 999_999_999);
            first += n == 0 ? 1 : 0;
        }

        // 1 / (ln 10⁹ + γ) of them.
        double expected = Draws / (Math.Log(1e9) + 0.5772);
        Assert.InRange(first, expected - 5 * Math.Sqrt(expected), expected + 5 * Math.Sqrt(expected));
    }

    [Fact]
    public void The_same_seed_gives_the_same_choices()
    {
        int[] Of(int seed)
        {
            ZipfChoice choice = new(1_000_000, 1, seed);
            return [.. Enumerable.Range(0, 100).Select(_ => choice.Next())];
        }

        Assert.Equal(Of(5), Of(5));
        Assert.NotEqual(Of(5), Of(6));
    }

    [Fact]
    public void One_consumer_is_always_the_one()
    {
        ZipfChoice choice = new(1, 1, 1);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(0, choice.Next()));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, -0.1)]
    [InlineData(1, 2.1)]
    [InlineData(1, double.NaN)]
    public void What_is_no_distribution_is_refused(int consumers, double exponent) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ZipfChoice(consumers, exponent, 1));
}
