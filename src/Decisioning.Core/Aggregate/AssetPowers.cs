using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Aggregate;

/// <summary>
/// What one consumer of each stage is worth on an accounting day, in millionths of an average consumer's worth: purchasing power × conversion power. A consumer
/// without live evidence is worth nothing.
/// </summary>
public readonly record struct AssetPowers(long Awareness, long Interest, long Purchase, long Loyalty)
{
    public long Of(Stage stage) => stage switch
    {
        Stage.Awareness => Awareness,
        Stage.Interest => Interest,
        Stage.Purchase => Purchase,
        Stage.Loyalty => Loyalty,
        _ => 0,
    };

    public long Of(DeeplinkStage stage) => Of(Names.Aipl(stage));
}
