using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Decide;

/// <summary>One brand as a decision sees it for one consumer; stage and intent are worked out when first asked for.</summary>
internal struct BrandReading(BrandSnapshot brand, int slot, bool contextual)
{
    private DeeplinkStage _stage;
    private double _intent = double.NaN;
    private bool _staged;

    public readonly BrandSnapshot Brand => brand;

    /// <summary>−1 where the consumer has no record with the brand, or none may be read.</summary>
    public readonly int Slot => slot;

    /// <summary>True where no profile may be read: the consumer counts as unknown.</summary>
    public readonly bool Contextual => contextual;

    public DeeplinkStage StageAt(ConsumerState state, long now)
    {
        if (!_staged)
        {
            _stage = StageRules.At(state, slot, brand.Rules, now);
            _staged = true;
        }

        return _stage;
    }

    public double IntentAt(ConsumerState state, long now)
    {
        if (double.IsNaN(_intent))
        {
            _intent = IntentScore.At(state, slot, brand.Rules, now);
        }

        return _intent;
    }
}
