using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Decide;

/// <summary>What a decision did, for the journal.</summary>
/// <param name="Placement">Position of the placement in the request.</param>
/// <param name="Ghost">True: won by a campaign that holds this consumer out; nothing was shown for it.</param>
/// <param name="HeldMicros">Held until the reservation's end; 0 where nothing is.</param>
/// <param name="ChargedMicros">Charged at once; 0 where nothing was.</param>
public readonly record struct DrawRecord(int Placement, SlotDecision Decision, bool Ghost, long HeldMicros, long ChargedMicros);

/// <summary>
/// Picks creatives for the slots of one request: eligibility → open step → caps → budget → candidates → value → probabilities → seeded draw → reservation.
/// One instance a thread; it keeps scratch and allocates only the reply. The same state, request, catalogue, market and seed give the same reply.
/// </summary>
public sealed class Decider
{
    private readonly DecisionContext _context = new();
    private readonly CandidateSearch _search = new();
    private readonly StructList<double> _probabilities = new(256);
    private readonly StructList<DrawRecord> _draws = new(32);
    private SplitMix _random;

    /// <summary>What the last decision drew, ghosts included, in order.</summary>
    public ReadOnlySpan<DrawRecord> Draws => _draws.Items;

    /// <summary>How far each campaign in flight of the brands asked for came with each slot, as <see cref="FunnelTrace"/> puts it.</summary>
    internal ReadOnlySpan<byte> Funnel => _context.Funnel.Runs;

    /// <summary>What the market refused on the way, in order.</summary>
    public ReadOnlySpan<(int Brand, int Campaign, MarketRefusal Refusal)> Refusals => _context.Refusals.Items;

    /// <summary>Decides; reservations go into the state unless the command is a test.</summary>
    /// <param name="state">The consumer; an empty one for a contextual choice.</param>
    /// <param name="command">The request.</param>
    /// <param name="market">Pacing and budgets.</param>
    /// <param name="now">Instant, ms since the Unix epoch.</param>
    /// <param name="seed">Of the draws.</param>
    public DecideReply Decide(ConsumerState state, DecideCommand command, IMarket market, long now, ulong seed)
    {
        _context.Bind(state, command, market, now);
        _draws.Clear();
        _random = new SplitMix(seed);
        var placements = new PlacementReply[command.Placements.Count];
        PlacementExplanation[]? explanations = command.Explain ? new PlacementExplanation[placements.Length] : null;
        for (int p = 0; p < placements.Length; p++)
        {
            List<CandidateExplanation>? trace = null;
            if (explanations is not null)
            {
                explanations[p] = new PlacementExplanation(command.Placements[p].Id, trace = []);
            }

            placements[p] = command.Deadline <= now
                ? new PlacementReply([], new NoDecision(NoDecisionReason.Timeout, null))
                : FillPlacement(p, command.Placements[p], trace);
        }

        return new DecideReply
        {
            At = now,
            Catalogue = command.Catalogue,
            PolicyVersion = 0,
            Placements = placements,
            Explanation = explanations is null ? null : new Explanation(explanations),
        };
    }

    private PlacementReply FillPlacement(int index, PlacementCommand placement, List<CandidateExplanation>? trace)
    {
        int first = _draws.Count;
        for (int slot = 0; slot < placement.Count; slot++)
        {
            if (!TryFill(index, placement, slot, trace))
            {
                return new PlacementReply(WonSince(first, slot), Diagnosis.Of(_context, placement));
            }
        }

        return new PlacementReply(WonSince(first, placement.Count), null);
    }

    /// <summary>What was drawn from a position on but for ghosts.</summary>
    private SlotDecision[] WonSince(int first, int count)
    {
        if (count == 0)
        {
            return [];
        }

        var won = new SlotDecision[count];
        int next = 0;
        foreach (ref readonly DrawRecord draw in _draws.Items[first..])
        {
            if (!draw.Ghost)
            {
                won[next++] = draw.Decision;
            }
        }

        return won;
    }

    private bool TryFill(int index, PlacementCommand placement, int slot, List<CandidateExplanation>? trace)
    {
        _context.Excluded.Clear();
        _context.Funnel.BeginSlot();
        while (true)
        {
            _search.Run(_context, placement);
            (int drawn, int arm) = Draw();
            if (drawn < 0)
            {
                Explain(trace, placement, slot, drawn, arm);
                return false;
            }

            Candidate candidate = _search.Candidates[drawn];
            CampaignSnapshot campaign = candidate.Offer.Campaign;
            CreativeSnapshot creative = candidate.Offer.Creatives[candidate.Start + arm];
            double propensity = _probabilities[drawn], score = _search.Scores[drawn];
            if (IsHeldOut(campaign))
            {
                _draws.Add(new DrawRecord(index, Decision(candidate, creative, placement, score, propensity, 0), true, 0, 0));
                Exclude(campaign, NoDecisionReason.Holdout);
                continue;
            }

            if (!HasRoom(candidate))
            {
                Exclude(campaign, NoDecisionReason.FrequencyCap);
                continue;
            }

            if (!TryPay(campaign, placement, out long held, out long charged))
            {
                Exclude(campaign, NoDecisionReason.Budget);
                continue;
            }

            Explain(trace, placement, slot, drawn, arm);
            _draws.Add(new DrawRecord(index, Decision(candidate, creative, placement, score, propensity, NextOrdinal(candidate)), false, held, charged));
            Reserve(candidate, _draws.Last.Decision);
            _context.Chosen.Add((campaign.Brand.Symbol, creative.Symbol));
            return true;
        }
    }

    /// <summary>The index of the drawn candidate and of the creative within it, −1 where there is none.</summary>
    private (int Candidate, int Arm) Draw()
    {
        int count = _search.Candidates.Length;
        _probabilities.Clear();
        if (count == 0)
        {
            return (-1, -1);
        }

        Span<double> probabilities = _probabilities.Extend(count);
        Exploration.EpsilonGreedy(_search.Scores, _search.Counts, probabilities);
        return Exploration.Draw(probabilities, _search.Counts, _random.NextUniform());
    }

    private bool IsHeldOut(CampaignSnapshot campaign)
    {
        if (!campaign.HoldsOut)
        {
            return false;
        }

        ReadOnlySpan<byte> id = _context.State.IdUtf8;
        uint brand = Bucketing.Prefix(campaign.Brand.Id);
        return !id.IsEmpty && (Bucketing.IsHeldOut(brand, id, campaign.Brand.BrandHoldout)
            || Bucketing.IsHeldOut(Bucketing.Extend(Bucketing.Extend(brand, "/"), campaign.Id), id, campaign.Holdout));
    }

    private void Exclude(CampaignSnapshot campaign, NoDecisionReason reason) => _context.Excluded.Add((campaign.Brand.Symbol, campaign.Symbol, reason));

    /// <summary>Holds the price of an impression for as long as the reservation, or charges it where the decision itself counts. Clicks hold nothing.</summary>
    private bool TryPay(CampaignSnapshot campaign, PlacementCommand placement, out long held, out long charged)
    {
        held = 0;
        charged = 0;
        if (_context.Command.Test || campaign.PriceModel != PriceModel.Cpm || campaign.UnitPriceMicros == 0)
        {
            return true;
        }

        int seconds = ReserveSeconds(campaign, placement);
        if (seconds == 0)
        {
            charged = campaign.UnitPriceMicros;
            return _context.Market.TryCharge(campaign.Brand.Symbol, campaign.Symbol, charged, _context.Now);
        }

        held = campaign.UnitPriceMicros;
        return _context.Market.TryHold(campaign, held, _context.Now, _context.Now + seconds * 1000L);
    }

    private static int ReserveSeconds(CampaignSnapshot campaign, PlacementCommand placement) =>
        placement.ConfirmAtDecision ? 0 : (int)(campaign.Brand.Rules.ReserveMs / 1000);

    /// <summary>The consumer's next ordinal; for a contextual choice a number from the seed, unique with the instant.</summary>
    private uint NextOrdinal(in Candidate candidate)
    {
        ConsumerState state = _context.State;
        return _context.Reading(candidate.Brand).Contextual ? (uint)_random.Next() : ++state.NextOrdinal;
    }

    private SlotDecision Decision(in Candidate candidate, CreativeSnapshot creative, PlacementCommand placement, double score, double propensity, uint ordinal)
    {
        ref BrandReading reading = ref _context.Reading(candidate.Brand);
        return new SlotDecision(
            candidate.Offer.Campaign, candidate.Offer.Step, creative, reading.StageAt(_context.State, _context.Now),
            reading.IntentAt(_context.State, _context.Now), score, propensity, ordinal, ReserveSeconds(candidate.Offer.Campaign, placement), reading.Contextual,
            ChannelMark.Of(placement.Channel));
    }

    /// <summary>Whether the state can take a reservation; asked before anything is paid for or counted.</summary>
    private bool HasRoom(in Candidate candidate)
    {
        ref BrandReading reading = ref _context.Reading(candidate.Brand);
        ConsumerState state = _context.State;
        return reading.Contextual
            || ((reading.Slot >= 0 || state.Relationships.Count < StateBounds.Relationships) && ExposureList.HasRoom(state, _context.Now));
    }

    /// <summary>Puts the reservation into the state, which has room for it.</summary>
    private void Reserve(in Candidate candidate, in SlotDecision decision)
    {
        ref BrandReading reading = ref _context.Reading(candidate.Brand);
        if (reading.Contextual)
        {
            return;
        }

        int slot = _context.State.OpenSlot(reading.Brand.Symbol);
        if (reading.Slot < 0)
        {
            _context.Open(candidate.Brand, slot);
        }

        ExposureList.Place(_context.State, EntryOf(decision, slot, _context.Now), _context.Now);
    }

    /// <summary>The exposure that a decision starts as.</summary>
    internal static ExposureEntry EntryOf(in SlotDecision decision, int slot, long at) => new()
    {
        At = at,
        Ordinal = decision.Ordinal,
        Campaign = decision.Campaign.Symbol,
        Step = decision.Step.Symbol,
        Creative = decision.Creative.Symbol,
        ReserveSeconds = decision.ReserveSeconds,
        ChannelMark = decision.ReserveSeconds == 0 ? decision.ChannelMark : ChannelMark.None,
        Slot = slot,
        Stage = decision.DeeplinkStage,
        Flags = decision.ReserveSeconds == 0 ? ExposureFlags.Confirmed : ExposureFlags.None,
    };

    private void Explain(List<CandidateExplanation>? trace, PlacementCommand placement, int slot, int drawn, int arm)
    {
        if (trace is null)
        {
            return;
        }

        // What an earlier draw for the slot said no longer holds. (No lambda: a captured slot would be allocated for every decision.)
        while (trace.Count > 0 && trace[^1].Slot == slot)
        {
            trace.RemoveAt(trace.Count - 1);
        }

        Diagnosis.Explain(_context, placement, slot, _search.Candidates, _search.Scores, _probabilities.Items, (drawn, arm), trace);
    }
}
