using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;

namespace Decisioning.Cluster.Turns.Wire;

/// <summary>The compact form of a reply: its choices as the journal keeps them, what became of its events, and its explanation.</summary>
internal static class ReplyForm
{
    private const int MaxEntries = 1 << 20;

    public static byte[] Write(DecideReply reply)
    {
        ByteWriter to = new();
        to.Varint((ulong)reply.PolicyVersion);
        to.Varint((ulong)reply.Placements.Length);
        ReplyCodec.Write(reply, to);
        to.Byte(reply.Events is null ? (byte)0 : (byte)1);
        if (reply.Events is { } events)
        {
            EventForm.Write(events, to);
        }

        to.Byte(reply.Explanation is null ? (byte)0 : (byte)1);
        if (reply.Explanation is { } explanation)
        {
            Write(explanation, to);
        }

        return to.Written.ToArray();
    }

    /// <exception cref="InvalidDataException">The form is not one of a reply.</exception>
    public static DecideReply Read(ReadOnlySpan<byte> form, CatalogueSnapshot catalogue)
    {
        ByteReader from = new(form);
        long policy = (long)from.Varint();
        int placements = from.Int(MaxEntries);
        RecordedReply recorded = ReplyCodec.Read(ref from);
        EventResult[]? events = from.Byte() == 1 ? EventForm.ReadResults(ref from) : null;
        Explanation? explanation = from.Byte() == 1 ? ReadExplanation(ref from) : null;
        if (from.Failed || !from.AtEnd)
        {
            throw EventForm.Broken();
        }

        DecideReply named = ReplyCodec.Resolve(recorded, placements, catalogue);
        return new DecideReply
        {
            At = named.At,
            Catalogue = catalogue,
            PolicyVersion = policy,
            Placements = named.Placements,
            Events = events,
            Explanation = explanation,
        };
    }

    private static void Write(Explanation explanation, ByteWriter to)
    {
        to.Varint((ulong)explanation.Placements.Length);
        foreach (PlacementExplanation placement in explanation.Placements)
        {
            to.Text(placement.PlacementId);
            to.Varint((ulong)placement.Candidates.Count);
            foreach (CandidateExplanation candidate in placement.Candidates)
            {
                Write(candidate, to);
            }
        }
    }

    private static Explanation ReadExplanation(ref ByteReader from)
    {
        List<PlacementExplanation> placements = [];
        for (int p = from.Int(MaxEntries); p > 0 && !from.Failed; p--)
        {
            string id = from.Text(EventForm.MaxTextBytes) ?? "";
            List<CandidateExplanation> candidates = [];
            for (int c = from.Int(MaxEntries); c > 0 && !from.Failed; c--)
            {
                candidates.Add(ReadCandidate(ref from));
            }

            placements.Add(new PlacementExplanation(id, candidates));
        }

        return new Explanation([.. placements]);
    }

    private static void Write(CandidateExplanation candidate, ByteWriter to)
    {
        to.Varint((ulong)candidate.Slot);
        to.Text(candidate.Brand);
        to.Text(candidate.Campaign);
        to.Text(candidate.Storyline);
        to.Text(candidate.Step);
        to.Text(candidate.Creative);
        to.Byte((byte)(candidate.RemovedBy is { } reason ? 1 + (int)reason : 0));
        to.Text(candidate.Detail);
        to.Signed(candidate.EligibleAt ?? -1);
        to.Double(candidate.Score ?? double.NaN);
        to.Double(candidate.Probability ?? double.NaN);
        to.Byte(candidate.Chosen ? (byte)1 : (byte)0);
    }

    private static CandidateExplanation ReadCandidate(ref ByteReader from)
    {
        int slot = from.Int(MaxEntries);
        string brand = from.Text(EventForm.MaxTextBytes) ?? "", campaign = from.Text(EventForm.MaxTextBytes) ?? "";
        string? storyline = from.Text(EventForm.MaxTextBytes), step = from.Text(EventForm.MaxTextBytes), creative = from.Text(EventForm.MaxTextBytes);
        int reason = from.Byte();
        string? detail = from.Text(EventForm.MaxTextBytes);
        long eligibleAt = from.Signed();
        double score = from.Double(), probability = from.Double();
        return new CandidateExplanation(
            slot, brand, campaign, storyline, step, creative, reason == 0 ? null : (NoDecisionReason)(reason - 1), detail, eligibleAt < 0 ? null : eligibleAt,
            double.IsNaN(score) ? null : score, double.IsNaN(probability) ? null : probability, from.Byte() == 1);
    }
}
