using Decisioning.Engine.Residency;

namespace Decisioning.Engine.Tests.Residency;

public sealed class StatePoolTests
{
    [Fact]
    public void Every_size_gets_an_array_that_fits_it_closely_and_comes_back()
    {
        StatePool pool = new(1 << 30);
        for (int size = 1; size <= 1 << 20; size += 1 + size / 7)
        {
            byte[] array = pool.Rent(size);
            Assert.InRange(array.Length, size, size + Math.Max(15, size / 8));
            pool.Return(array);
            Assert.Same(array, pool.Rent(size));
        }

        Assert.Equal(0, pool.Bytes);
    }

    [Fact]
    public void Arrays_of_one_length_are_never_lent_for_another()
    {
        StatePool pool = new(1 << 30);
        int[] lengths = [.. Enumerable.Range(1, 1 << 20).Select(StatePool.LengthFor).Distinct()];
        foreach (int length in lengths)
        {
            pool.Return(new byte[length]);
        }

        Assert.All(lengths, length => Assert.Equal(length, pool.Rent(length).Length));
        Assert.Equal(0, pool.Bytes);
    }

    [Theory]
    [InlineData(512, 1024, 32)]
    [InlineData(1024, 2048, 8)]
    [InlineData(4096, 8192, 8)]
    public void Short_states_fit_closely_and_long_ones_grow_within_their_array(int above, int upTo, int classes) =>
        Assert.Equal(classes, Enumerable.Range(above + 1, upTo - above).Select(StatePool.LengthFor).Distinct().Count());

    [Theory]
    [InlineData(1)]
    [InlineData(640)]
    [InlineData(1 << 21)]
    public void No_array_is_young(int size) => Assert.Equal(GC.MaxGeneration, GC.GetGeneration(new StatePool(1 << 30).Rent(size)));

    [Fact]
    public void It_keeps_no_more_than_its_bound()
    {
        StatePool pool = new(1000);
        for (int i = 0; i < 10; i++)
        {
            pool.Return(new byte[304]);
        }

        Assert.Equal(3 * StatePool.HeapBytes(304), pool.Bytes);
    }
}
