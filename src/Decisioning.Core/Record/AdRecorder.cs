using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record.Facts;

namespace Decisioning.Core.Record;

/// <summary>What an ad interaction costs and how it is to be paid.</summary>
/// <param name="AmountMicros">0: nothing is charged.</param>
/// <param name="HeldUntil">The expiry of the live hold that pays; null: it is paid from what the budget has left.</param>
public readonly record struct Charge(int Brand, int Campaign, long AmountMicros, long? HeldUntil)
{
    public static Charge None => default;
}

/// <summary>
/// Puts an ad interaction into the exposures: any interaction shows that the creative was rendered, so it confirms. Each kind counts once a decision.
/// What comes after the reservation's end counts for caps, flagged late, and is not charged.
/// </summary>
internal static class AdRecorder
{
    /// <summary>Whether the decision already had an interaction of that kind (or left the list so long ago that it cannot be told).</summary>
    public static bool Knows(ConsumerState state, EventType type, in AdContext ad)
    {
        if (ad.Elsewhere)
        {
            return false;
        }

        int index = ExposureList.Find(state, ad.DecidedAt, ad.Ordinal);
        return index >= 0 ? state.Exposures[index].Has(type) : ad.DecidedAt <= state.ArchivedUntil;
    }

    /// <summary>Whether the exposures have room for what the interaction would add.</summary>
    public static bool HasRoom(ConsumerState state, EventType type, in AdContext ad, long now) =>
        (ad.Elsewhere ? type != EventType.Impression : ExposureList.Find(state, ad.DecidedAt, ad.Ordinal) >= 0) || ExposureList.HasRoom(state, now);

    /// <summary>Records an interaction that is not known and has room.</summary>
    /// <param name="state">The consumer.</param>
    /// <param name="slot">The brand's slot.</param>
    /// <param name="type">Impression to dismiss.</param>
    /// <param name="brand">Brand symbol.</param>
    /// <param name="ad">The decision it belongs to.</param>
    /// <param name="now">The turn's instant.</param>
    /// <param name="charge">What it costs.</param>
    /// <returns>What it makes certain: that the decision was shown, and which firsts that is for the consumer.</returns>
    public static FactFlags Apply(ConsumerState state, int slot, EventType type, int brand, in AdContext ad, long now, out Charge charge)
    {
        charge = Charge.None;
        if (ad.Elsewhere)
        {
            return FactFlags.Elsewhere | (type == EventType.Impression
                ? Sightings.FirstOf(state, ExposureList.Place(state, NewEntry(slot, ad, type, ExposureFlags.Elsewhere), now))
                : FactFlags.None);
        }

        int index = ExposureList.Find(state, ad.DecidedAt, ad.Ordinal);
        if (index < 0)
        {
            // The decision was lost in a crash, its reservation was released, or it was contextual: its token is enough.
            index = ExposureList.Place(state, NewEntry(slot, ad, null, ExposureFlags.None), now);
        }

        ref ExposureEntry exposure = ref state.Exposures[index];
        exposure.Interactions |= (byte)(1 << (int)type);
        FactFlags flags = FactFlags.None;
        if (!exposure.IsConfirmed)
        {
            // Without a reservation the decision itself was the showing, and said so.
            bool reserved = ad.ReserveSeconds > 0;
            flags = Sightings.FirstOf(state, index) | (reserved ? FactFlags.Renders : FactFlags.None);
            bool live = now < exposure.ReservedUntil;
            flags |= reserved && !live ? FactFlags.Late : FactFlags.None;
            if (live && ad.PriceModel == PriceModel.Cpm)
            {
                charge = new Charge(brand, ad.Campaign, ad.UnitPriceMicros, exposure.ReservedUntil);
            }

            exposure.Confirm(ad.ChannelMark, live ? ExposureFlags.None : ExposureFlags.Late);
        }

        if (type == EventType.Click && ad.PriceModel == PriceModel.Cpc && now - ad.DecidedAt <= EventRules.ClickChargeMs)
        {
            charge = new Charge(brand, ad.Campaign, ad.UnitPriceMicros, null);
        }

        return flags;
    }

    private static ExposureEntry NewEntry(int slot, in AdContext ad, EventType? interaction, ExposureFlags flags) => new()
    {
        At = ad.DecidedAt,
        Ordinal = ad.Ordinal,
        Campaign = ad.Campaign,
        Step = ad.Step,
        Creative = ad.Creative,
        ReserveSeconds = interaction is null ? ad.ReserveSeconds : 0,
        ChannelMark = interaction is null ? ChannelMark.None : ad.ChannelMark,
        Slot = slot,
        Stage = ad.Stage,
        Flags = interaction is null ? flags : flags | ExposureFlags.Confirmed,
        Interactions = interaction is { } kind ? (byte)(1 << (int)kind) : (byte)0,
    };
}
