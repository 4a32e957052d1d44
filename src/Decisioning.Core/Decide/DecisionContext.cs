using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Decide;

/// <summary>Creatives of one offer that may be drawn alike: <paramref name="Count"/> from <paramref name="Start"/>.</summary>
/// <param name="Brand">Position of the brand among those asked for.</param>
internal record struct Candidate(Offer Offer, int Start, int Count, int Brand);

/// <summary>What one decision is about: the consumer, the request, the instant. Scratch of a <see cref="Decider"/>, bound anew for each request.</summary>
internal sealed class DecisionContext
{
    private const int Unread = -1;

    private readonly StructList<BrandReading> _readings = new(64);
    private readonly StructList<int> _marked = new(64);
    private int[] _readingOf = new int[64];
    private short[] _slotOf = [];
    private bool _anonymous;
    private bool _consented;

    public ConsumerState State { get; private set; } = new();

    public DecideCommand Command { get; private set; } = new();

    public IMarket Market { get; private set; } = null!;

    public long Now { get; private set; }

    /// <summary>Creatives given out by this request, which it does not give twice.</summary>
    public StructList<(int Brand, int Creative)> Chosen { get; } = new(32);

    /// <summary>Campaigns out of the running for the slot at hand, and why.</summary>
    public StructList<(int Brand, int Campaign, NoDecisionReason Reason)> Excluded { get; } = new(8);

    /// <summary>What the market refused in this request: an input of the decision that its replay needs.</summary>
    public StructList<(int Brand, int Campaign, MarketRefusal Refusal)> Refusals { get; } = new(16);

    /// <summary>How far campaigns came with the slots of this request.</summary>
    public FunnelTrace Funnel { get; } = new();

    public void Bind(ConsumerState state, DecideCommand command, IMarket market, long now)
    {
        State = state;
        Command = command;
        Market = market;
        Now = now;
        _anonymous = command.ConsumerId is null || command.Consent == false;
        _consented = command.Consent == true;
        _readings.Clear();
        if (_readingOf.Length < command.Brands.Length)
        {
            _readingOf = new int[command.Brands.Length];
        }

        _readingOf.AsSpan(0, command.Brands.Length).Fill(Unread);
        MarkSlots();
        Chosen.Clear();
        Refusals.Clear();
        Funnel.Clear();
    }

    /// <summary>Whether no profile of the brand may be read.</summary>
    public bool IsContextual(BrandSnapshot brand) => _anonymous || (brand.RequireConsent && !_consented);

    /// <summary>The slot of the brand's record; −1 where there is none, or it may not be read.</summary>
    public int SlotOf(BrandSnapshot brand) => IsContextual(brand) || brand.Symbol >= _slotOf.Length ? -1 : _slotOf[brand.Symbol] - 1;

    /// <summary>The brand at that position of the request, read when first asked for. Not to be used past the first reading of another.</summary>
    public ref BrandReading Reading(int position)
    {
        ref int index = ref _readingOf[position];
        if (index == Unread)
        {
            BrandSnapshot brand = Command.Brands[position];
            index = _readings.Count;
            _readings.Add(new BrandReading(brand, SlotOf(brand), IsContextual(brand)));
        }

        return ref _readings[index];
    }

    /// <summary>The brand has got a record by this very request.</summary>
    public void Open(int position, int slot)
    {
        BrandSnapshot brand = Command.Brands[position];
        Mark(brand.Symbol, slot);
        Reading(position) = new BrandReading(brand, slot, false);
    }

    /// <summary>Notes the slots of brands by their symbols, in place of those of the request before.</summary>
    private void MarkSlots()
    {
        foreach (int symbol in _marked.Items)
        {
            _slotOf[symbol] = 0;
        }

        _marked.Clear();
        Span<Relationship> relationships = State.Relationships.Items;
        for (int slot = 0; slot < relationships.Length; slot++)
        {
            Mark(relationships[slot].Brand, slot);
        }
    }

    private void Mark(int symbol, int slot)
    {
        if (symbol >= _slotOf.Length)
        {
            Array.Resize(ref _slotOf, Math.Max(symbol + 1, _slotOf.Length * 2));
        }

        _slotOf[symbol] = (short)(slot + 1);
        _marked.Add(symbol);
    }

    public bool IsChosen(int brand, CreativeSnapshot creative)
    {
        foreach (ref readonly (int Brand, int Creative) chosen in Chosen.Items)
        {
            if (chosen.Brand == brand && chosen.Creative == creative.Symbol)
            {
                return true;
            }
        }

        return false;
    }

    public NoDecisionReason? ExclusionOf(CampaignSnapshot campaign)
    {
        foreach (ref readonly (int Brand, int Campaign, NoDecisionReason Reason) excluded in Excluded.Items)
        {
            if (excluded.Campaign == campaign.Symbol && excluded.Brand == campaign.Brand.Symbol)
            {
                return excluded.Reason;
            }
        }

        return null;
    }

    /// <summary>Whether a brand may not share the page with one that already has a slot.</summary>
    public bool MeetsCompetitor(BrandSnapshot brand) => Chosen.Count > 0 && MeetsRival(brand);

    private bool MeetsRival(BrandSnapshot brand)
    {
        foreach ((string a, string b) in Command.Catalogue.Settings.Competitors)
        {
            string? other = a == brand.Id ? b : b == brand.Id ? a : null;
            if (other is not null && Command.Catalogue.Find(other) is { } rival && HasSlot(rival.Symbol))
            {
                return true;
            }
        }

        return false;
    }

    public bool HaveRoom(int slot, CapScope scope, int symbol, CapRule[] caps) =>
        caps.Length == 0 || slot == Unknown || CapRules.HaveRoom(State, slot, scope, symbol, caps, Now);

    /// <summary>The slot of a brand the consumer has no record with: its caps are untouched.</summary>
    public const int Unknown = -2;

    /// <summary>Whether this request has already given out a creative of the brand.</summary>
    public bool HasSlot(int brand)
    {
        foreach (ref readonly (int Brand, int Creative) chosen in Chosen.Items)
        {
            if (chosen.Brand == brand)
            {
                return true;
            }
        }

        return false;
    }
}
