using Decisioning.Cluster.Turns.Wire;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;

namespace Decisioning.Cluster.Desk;

/// <summary>The form of a reply for somebody without a catalogue: choices by their ids, each with all that a tracker call needs.</summary>
internal static class DeskForm
{
    private const int MaxEntries = 4_096;

    public static byte[] Write(DecideReply reply, string? consumer)
    {
        ByteWriter to = new();
        to.Signed(reply.At);
        to.Varint((ulong)reply.Placements.Length);
        foreach (PlacementReply placement in reply.Placements)
        {
            to.Varint((ulong)placement.Decisions.Length);
            foreach (SlotDecision decision in placement.Decisions)
            {
                Write(decision, reply.At, consumer, to);
            }

            to.Byte((byte)(placement.NoDecision is { } none ? 1 + (int)none.Reason : 0));
            to.Signed(placement.NoDecision?.RetryAt ?? -1);
        }

        to.Byte(reply.Events is null ? (byte)0 : (byte)1);
        EventForm.Write(reply.Events ?? [], to);
        return to.Written.ToArray();
    }

    /// <exception cref="InvalidDataException">The form is not one of a reply.</exception>
    public static ClientReply Read(ReadOnlySpan<byte> form)
    {
        ByteReader from = new(form);
        long at = from.Signed();
        ClientPlacement[] placements = new ClientPlacement[from.Int(MaxEntries)];
        for (int p = 0; p < placements.Length && !from.Failed; p++)
        {
            ClientChoice[] choices = new ClientChoice[from.Int(MaxEntries)];
            for (int c = 0; c < choices.Length && !from.Failed; c++)
            {
                choices[c] = ReadChoice(ref from);
            }

            int reason = from.Byte();
            long retryAt = from.Signed();
            placements[p] = new ClientPlacement(choices, reason == 0 ? null : new NoDecision((NoDecisionReason)(reason - 1), retryAt < 0 ? null : retryAt));
        }

        bool told = from.Byte() == 1;
        EventResult[] events = EventForm.ReadResults(ref from);
        return from is { Failed: false, AtEnd: true } ? new ClientReply(at, placements, told ? events : null) : throw EventForm.Broken();
    }

    private static void Write(in SlotDecision decision, long at, string? consumer, ByteWriter to)
    {
        CampaignSnapshot campaign = decision.Campaign;
        to.Text(campaign.Brand.Id);
        to.Text(campaign.Id);
        to.Text(decision.Step.Storyline.Id);
        to.Text(decision.Step.Id);
        to.Text(decision.Creative.Id);
        to.Byte((byte)decision.DeeplinkStage);
        to.Double(decision.Score);
        to.Double(decision.Propensity);
        DecisionRef told = new(
            decision.Contextual ? null : consumer, campaign.Brand.Symbol, campaign.Symbol, decision.Step.Symbol, decision.Creative.Symbol, decision.Ordinal, at,
            decision.ReserveSeconds, campaign.PriceModel, campaign.UnitPriceMicros, decision.ChannelMark);
        to.Bytes(EventForm.WriteDecision(told));
    }

    private static ClientChoice ReadChoice(ref ByteReader from)
    {
        string brand = Id(ref from), campaign = Id(ref from), storyline = Id(ref from), step = Id(ref from), creative = Id(ref from);
        DeeplinkStage stage = (DeeplinkStage)from.Byte();
        double score = from.Double(), propensity = from.Double();
        return new ClientChoice(brand, campaign, storyline, step, creative, stage, score, propensity, EventForm.ReadDecision(from.Bytes()));

        static string Id(ref ByteReader from) => from.Text(EventForm.MaxTextBytes) ?? "";
    }
}
