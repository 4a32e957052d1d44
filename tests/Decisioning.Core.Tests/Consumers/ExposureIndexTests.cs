using Decisioning.Core.Consumers;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Consumers;

/// <summary>Which exposures are of which brand, in scratch that one consumer after another is read into.</summary>
public sealed class ExposureIndexTests
{
    private readonly ConsumerState _state = new();

    [Fact]
    public void A_brand_that_gets_its_slot_after_others_were_asked_for_has_no_exposures_yet()
    {
        _state.Reset("c-1"u8);
        Expose(_state.OpenSlot(1), 1);
        Expose(_state.OpenSlot(2), 2);
        Expose(_state.OpenSlot(2), 3);
        Assert.Equal([1], OrdinalsOf(0));
        Assert.Equal([2, 3], OrdinalsOf(1));

        _state.Reset("c-2"u8);
        Assert.Empty(OrdinalsOf(_state.OpenSlot(1)));
        Assert.Empty(OrdinalsOf(_state.OpenSlot(2)));

        Expose(_state.OpenSlot(2), 7);
        Assert.Empty(OrdinalsOf(0));
        Assert.Equal([7], OrdinalsOf(1));
    }

    private void Expose(int slot, uint ordinal) => ExposureList.Place(
        _state, new ExposureEntry { At = Worlds.Noon + ordinal, Ordinal = ordinal, Slot = slot, Flags = ExposureFlags.Confirmed }, Worlds.Noon + ordinal);

    private uint[] OrdinalsOf(int slot)
    {
        List<uint> ordinals = [];
        foreach (ref readonly ExposureEntry exposure in _state.ExposuresBySlot.Of(slot))
        {
            ordinals.Add(exposure.Ordinal);
        }

        Assert.Equal(ordinals.Count, _state.ExposuresBySlot.CountOf(slot));
        return [.. ordinals];
    }
}
