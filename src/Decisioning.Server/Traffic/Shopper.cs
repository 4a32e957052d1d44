using Decisioning.Core.Catalogue;

namespace Decisioning.Server.Traffic;

/// <summary>One of the crowd: who he is stays the same from start to start, for it follows from his number alone.</summary>
/// <param name="Id">The consumer's id.</param>
/// <param name="Brand">The demo brand he is after.</param>
/// <param name="Keenness">How readily he clicks and buys, from 0 to 1.</param>
internal sealed record Shopper(string Id, string Brand, int Age, int Tier, string Country, string Device, double Keenness)
{
    private const int Youngest = 20;
    private const int Oldest = 46;
    private const double PartAtHome = 0.92;
    private const double PartOfAurora = 0.6;

    /// <summary>The shopper of that number.</summary>
    public static Shopper Of(int number)
    {
        Random traits = new(number);
        return new Shopper(
            $"crowd-{number:d4}",
            traits.NextDouble() < PartOfAurora ? DemoCatalogue.AuroraId : DemoCatalogue.BorealisId,
            traits.Next(Youngest, Oldest),
            traits.Next(1, 4),
            traits.NextDouble() < PartAtHome ? "CN" : "GB",
            traits.NextDouble() < 0.8 ? "mobile" : "desktop",
            traits.NextDouble());
    }
}
