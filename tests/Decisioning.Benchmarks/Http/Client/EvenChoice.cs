using Decisioning.Load.Arrivals;

namespace Decisioning.Benchmarks.Http.Client;

/// <summary>Each as likely as any other.</summary>
internal sealed class EvenChoice(int consumers, int seed) : IConsumerChoice
{
    private readonly Random _random = new(seed);

    public int Next() => _random.Next(consumers);
}
