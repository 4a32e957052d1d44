using Decisioning.Load.Arrivals;

namespace Decisioning.Cluster.Benchmarks;

/// <summary>Nine in ten consumers are at home at the silo that is asked, as where requests are routed by the consumer's id; each of them as likely as any other.</summary>
/// <param name="consumers">A multiple of <paramref name="silos"/>; the n-th is at home at the silo n mod silos.</param>
/// <param name="home">The silo that is asked, from 0.</param>
internal sealed class HomeChoice(int consumers, int silos, int home, int seed) : IConsumerChoice
{
    private const int AwayOneIn = 10;

    private readonly Random _random = new(seed);

    public int Next()
    {
        int consumer = _random.Next(consumers);
        return _random.Next(AwayOneIn) == 0 ? consumer : consumer - consumer % silos + home;
    }
}
