using Decisioning.Load.Scenarios;

namespace Decisioning.Load.World;

/// <summary>One thing that a known consumer did.</summary>
/// <param name="Brand">The brand's number.</param>
/// <param name="Type">A type of event.</param>
/// <param name="Age">How long before now.</param>
internal readonly record struct PastEvent(int Brand, string Type, TimeSpan Age);

/// <summary>
/// What known consumers did before the run: the n-th of k known did (k / 10n) to the power of the world's Zipf exponent, from 1 to <see cref="MostEvents"/> things, so that those
/// who come often are known well. The same world and seed give the same history. Ages keep a day away from where evidence ends: no stage falls while a run lasts.
/// </summary>
internal sealed class WorldHistory(WorldShape shape, int seed)
{
    public const int MostEvents = 8;

    private static readonly string[] Types = ["view", "view", "view", "content_engage", "brand_search", "favorite", "cart", "purchase"];

    /// <summary>What a known consumer did, oldest first.</summary>
    /// <param name="consumer">Its number, below the known.</param>
    public PastEvent[] Of(int consumer)
    {
        Random random = new(unchecked(seed * 486_187_739 + consumer));
        PastEvent[] events = new PastEvent[CountOf(consumer)];
        int home = random.Next(shape.Brands);
        for (int i = 0; i < events.Length; i++)
        {
            int brand = random.Next(4) == 0 ? random.Next(shape.Brands) : home;
            double days = random.Next(2) == 0 ? 1 + 12 * random.NextDouble() : 17 + 40 * random.NextDouble();
            events[i] = new PastEvent(brand, Types[random.Next(Types.Length)], TimeSpan.FromSeconds(Math.Round(TimeSpan.FromDays(days).TotalSeconds)));
        }

        Array.Sort(events, static (a, b) => b.Age.CompareTo(a.Age));
        return events;
    }

    private int CountOf(int consumer) => (int)Math.Clamp(Math.Pow(shape.Known / 10d / (consumer + 1), shape.Zipf), 1, MostEvents);
}
