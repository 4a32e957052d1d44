using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Decide;

/// <summary>The compact form of a reply's choices, by symbol: kept in the journal, and in the state to answer a repeated request with the same choice.</summary>
public static class ReplyCodec
{
    private const int MaxPlacements = 64;
    private const int MaxSlots = 64;

    public static void Write(DecideReply reply, ByteWriter to)
    {
        to.Varint((ulong)reply.At);
        to.Varint((ulong)reply.Placements.Length);
        foreach (PlacementReply placement in reply.Placements)
        {
            to.Varint((ulong)placement.Decisions.Length);
            foreach (SlotDecision decision in placement.Decisions)
            {
                WriteDecision(decision, to);
            }

            to.Byte((byte)(placement.NoDecision is { } none ? 1 + (int)none.Reason : 0));
            if (placement.NoDecision is { } no)
            {
                to.Signed(no.RetryAt ?? -1);
            }
        }
    }

    public static void WriteDecision(in SlotDecision decision, ByteWriter to)
    {
        to.Varint((ulong)decision.Campaign.Brand.Symbol);
        to.Varint((ulong)decision.Campaign.Symbol);
        to.Varint((ulong)decision.Step.Symbol);
        to.Varint((ulong)decision.Creative.Symbol);
        to.Byte((byte)((int)decision.DeeplinkStage | (decision.Contextual ? 0x80 : 0)));
        to.Double(decision.Intent);
        to.Double(decision.Score);
        to.Double(decision.Propensity);
        to.Varint(decision.Ordinal);
        to.Varint((ulong)decision.ReserveSeconds);
        to.Varint(decision.ChannelMark);
    }

    /// <summary>Reads the choices by symbol.</summary>
    public static RecordedReply Read(ref ByteReader from)
    {
        long at = from.Instant();
        var placements = new RecordedPlacement[from.Int(MaxPlacements)];
        for (int p = 0; p < placements.Length; p++)
        {
            var decisions = new RecordedDecision[from.Int(MaxSlots)];
            for (int d = 0; d < decisions.Length; d++)
            {
                decisions[d] = ReadDecision(ref from);
            }

            int reason = from.Byte();
            if (reason > 1 + (int)NoDecisionReason.Timeout)
            {
                from.Fail();
                reason = 0;
            }

            NoDecision? none = null;
            if (reason > 0)
            {
                long retryAt = from.Signed();
                none = new NoDecision((NoDecisionReason)(reason - 1), retryAt < 0 ? null : retryAt);
            }

            placements[p] = new RecordedPlacement(decisions, none);
        }

        return new RecordedReply(at, placements);
    }

    public static RecordedDecision ReadDecision(ref ByteReader from)
    {
        int brand = from.Int(BrandSymbols.Capacity), campaign = from.Int(BrandSymbols.Capacity);
        int step = from.Int(BrandSymbols.Capacity), creative = from.Int(BrandSymbols.Capacity);
        byte head = from.Byte();
        var stage = (DeeplinkStage)(head & 0x0F);
        if (stage > DeeplinkStage.Keen)
        {
            from.Fail();
        }

        return new RecordedDecision(
            brand, campaign, step, creative, stage, (head & 0x80) != 0,
            from.Double(), from.Double(), from.Double(), (uint)from.Varint(), from.Int(ushort.MaxValue), (ushort)from.Int(ushort.MaxValue));
    }

    /// <summary>Puts names back; a choice whose campaign, step or creative has since left the catalogue is left out.</summary>
    public static DecideReply Resolve(RecordedReply recorded, int placements, CatalogueSnapshot catalogue)
    {
        var replies = new PlacementReply[placements];
        for (int p = 0; p < placements; p++)
        {
            RecordedPlacement? placement = p < recorded.Placements.Length ? recorded.Placements[p] : null;
            SlotDecision[] decisions = [.. (placement?.Decisions ?? []).Select(d => Resolve(d, catalogue)).OfType<SlotDecision>()];
            bool whole = placement is not null && decisions.Length == placement.Decisions.Length;
            replies[p] = new PlacementReply(decisions, whole ? placement!.NoDecision : new NoDecision(NoDecisionReason.NoCampaign, null));
        }

        return new DecideReply { At = recorded.At, Catalogue = catalogue, PolicyVersion = 0, Placements = replies };
    }

    private static SlotDecision? Resolve(RecordedDecision recorded, CatalogueSnapshot catalogue) =>
        catalogue.Find(recorded.Brand) is { } brand
        && At(brand.CampaignsBySymbol, recorded.Campaign) is { } campaign
        && At(brand.StepsBySymbol, recorded.Step) is { } step
        && At(brand.CreativesBySymbol, recorded.Creative) is { } creative
            ? new SlotDecision(
                campaign, step, creative, recorded.Stage, recorded.Intent, recorded.Score, recorded.Propensity, recorded.Ordinal, recorded.ReserveSeconds,
                recorded.Contextual, recorded.ChannelMark)
            : null;

    private static T? At<T>(T?[] bySymbol, int symbol)
        where T : class => symbol < bySymbol.Length ? bySymbol[symbol] : null;
}

/// <summary>A choice by symbol.</summary>
public readonly record struct RecordedDecision(
    int Brand, int Campaign, int Step, int Creative, DeeplinkStage Stage, bool Contextual, double Intent, double Score, double Propensity, uint Ordinal,
    int ReserveSeconds, ushort ChannelMark);

public sealed record RecordedPlacement(RecordedDecision[] Decisions, NoDecision? NoDecision);

public sealed record RecordedReply(long At, RecordedPlacement[] Placements);
