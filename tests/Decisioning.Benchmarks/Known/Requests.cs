using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;

namespace Decisioning.Benchmarks.Known;

/// <summary>The request that every benchmark asks: one video of the size that every catalogue here has, of any brand.</summary>
internal static class Requests
{
    public static DecideCommand Of(CatalogueSnapshot catalogue, string consumer)
    {
        var command = new DecideCommand { ConsumerId = consumer, Catalogue = catalogue, Brands = catalogue.Brands };
        command.Placements.Add(new PlacementCommand
        {
            Id = "home-top",
            Channel = "home",
            Formats = 1 << (int)CreativeFormat.Video,
            Size = "640x360",
            Count = 1,
            ConfirmAtDecision = false,
        });
        return command;
    }
}
