using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Tests.Consumers;

/// <summary>The packed members of an exposure: each at its limits, none in the way of another, all through the packed form and back.</summary>
public sealed class ExposureEntryTests
{
    private const long Latest = 1_790_000_000_000;

    [Theory]
    [InlineData(0, 0, 0, 0, 0)]
    [InlineData(1, 2, 3, 4, 5)]
    [InlineData(BrandSymbols.Capacity, 0, BrandSymbols.Capacity, 0, 255)]
    [InlineData(0, BrandSymbols.Capacity, 0, StateBounds.Relationships - 1, 0)]
    [InlineData(BrandSymbols.Capacity, BrandSymbols.Capacity, BrandSymbols.Capacity, StateBounds.Relationships - 1, 255)]
    public void Members_are_what_they_were_set_to_whatever_was_there_before(int campaign, int step, int creative, int slot, byte interactions)
    {
        foreach (DeeplinkStage stage in Enum.GetValues<DeeplinkStage>())
        {
            foreach (bool full in (bool[])[false, true])
            {
                ExposureEntry entry = full ? Filled() : default;
                (entry.Campaign, entry.Step, entry.Creative, entry.Slot) = (campaign, step, creative, slot);
                (entry.Interactions, entry.Stage, entry.Flags) = (interactions, stage, ExposureFlags.Elsewhere);
                Check(entry, stage);
                entry.At = Latest;
                Check(PackedExposure.Of(entry, Latest).Unpack(Latest), stage);
            }
        }

        void Check(in ExposureEntry entry, DeeplinkStage stage)
        {
            Assert.Equal((campaign, step, creative, slot, interactions), (entry.Campaign, entry.Step, entry.Creative, entry.Slot, entry.Interactions));
            Assert.Equal((ExposureFlags.Elsewhere, stage), (entry.Flags, entry.Stage));
        }
    }

    [Fact]
    public void A_reservation_keeps_its_seconds_and_what_is_confirmed_its_channel()
    {
        var entry = new ExposureEntry { At = Latest - uint.MaxValue, Ordinal = uint.MaxValue, ReserveSeconds = ushort.MaxValue };
        ExposureEntry reserved = PackedExposure.Of(entry, Latest).Unpack(Latest);
        Assert.Equal((entry.At, uint.MaxValue, ushort.MaxValue, ChannelMark.None), (reserved.At, reserved.Ordinal, reserved.ReserveSeconds, reserved.ChannelMark));
        Assert.Throws<OverflowException>(() => entry.ReserveSeconds = ushort.MaxValue + 1);
        Assert.Throws<OverflowException>(() => PackedExposure.Of(entry, Latest + 1));

        (entry.Flags, entry.ReserveSeconds, entry.ChannelMark) = (ExposureFlags.Confirmed, 0, 0xABCD);
        ExposureEntry confirmed = PackedExposure.Of(entry, Latest).Unpack(Latest);
        Assert.Equal((true, 0, 0xABCD), (confirmed.IsConfirmed, confirmed.ReserveSeconds, confirmed.ChannelMark));
    }

    private static ExposureEntry Filled() => new()
    {
        Campaign = BrandSymbols.Capacity,
        Step = BrandSymbols.Capacity,
        Creative = BrandSymbols.Capacity,
        Slot = byte.MaxValue,
        Interactions = byte.MaxValue,
        Stage = DeeplinkStage.Keen,
        Flags = ExposureFlags.Confirmed | ExposureFlags.Elsewhere,
    };
}
