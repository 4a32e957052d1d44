namespace Decisioning.Benchmarks.Http.Client;

/// <summary>Which consumer comes next.</summary>
internal interface IConsumerChoice
{
    int Next();
}

/// <summary>Each as likely as any other.</summary>
internal sealed class EvenChoice(int consumers, int seed) : IConsumerChoice
{
    private readonly Random _random = new(seed);

    public int Next() => _random.Next(consumers);
}

/// <summary>Zipf(1): the n-th, counted from 1, with a weight of 1/n; consumer 0 is the likeliest.</summary>
internal sealed class ZipfChoice : IConsumerChoice
{
    private readonly double[] _upTo;
    private readonly Random _random;

    public ZipfChoice(int consumers, int seed)
    {
        _random = new Random(seed);
        _upTo = new double[consumers];
        double sum = 0;
        for (int n = 0; n < consumers; n++)
        {
            sum += 1d / (n + 1);
            _upTo[n] = sum;
        }
    }

    public int Next()
    {
        int found = Array.BinarySearch(_upTo, _random.NextDouble() * _upTo[^1]);
        return Math.Min(found < 0 ? ~found : found + 1, _upTo.Length - 1);
    }
}
