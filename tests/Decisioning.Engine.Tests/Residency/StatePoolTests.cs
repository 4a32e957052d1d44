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
