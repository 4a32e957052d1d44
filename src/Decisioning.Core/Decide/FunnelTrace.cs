using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Decide;

/// <summary>How far a campaign came with one slot: the filter that removed it takes the loss; what was not asked of it before counts as passed.</summary>
public enum FunnelReach : byte { Requested, Targeted, Stepped, Uncapped, Paced }

/// <summary>
/// Collects how far each campaign in flight came with each slot of a request, in the form that the journal keeps: runs of campaigns of one brand with
/// neighbouring symbols that came equally far, each as three varints (brand, first campaign, length and reach). Scratch of a <see cref="Decider"/>.
/// </summary>
internal sealed class FunnelTrace
{
    /// <summary>Low bits of a run's last number, which say how far.</summary>
    public const int ReachBits = 3;

    private readonly ByteWriter _runs = new();
    private int _slot;
    private int _brand;
    private int _first;
    private int _next;
    private FunnelReach _reach;

    /// <summary>The runs of the request so far.</summary>
    public ReadOnlySpan<byte> Runs
    {
        get
        {
            Flush();
            return _runs.Written;
        }
    }

    /// <summary>Begins a request.</summary>
    public void Clear()
    {
        _runs.Clear();
        _slot = 0;
        _first = _next = 0;
    }

    /// <summary>Begins a slot; what was collected for the ones before stays.</summary>
    public void BeginSlot()
    {
        Flush();
        _slot = _runs.Length;
    }

    /// <summary>Begins another search for the same slot: it takes the place of the one before.</summary>
    public void BeginSearch()
    {
        _runs.Rewind(_slot);
        _first = _next = 0;
    }

    public void Add(CampaignSnapshot campaign, FunnelReach reach) => Add(campaign.Brand.Symbol, campaign.Symbol, reach);

    /// <param name="brand">Symbol of the brand.</param>
    /// <param name="symbol">Symbol of the campaign.</param>
    /// <param name="reach">How far it came.</param>
    public void Add(int brand, int symbol, FunnelReach reach)
    {
        if (symbol != _next || brand != _brand || reach != _reach)
        {
            Flush();
            (_brand, _first, _reach) = (brand, symbol, reach);
        }

        _next = symbol + 1;
    }

    /// <summary>Adds runs of other brands, as another trace put them.</summary>
    public void AddRuns(ReadOnlySpan<byte> runs)
    {
        Flush();
        _runs.Raw(runs);
    }

    private void Flush()
    {
        if (_next > _first)
        {
            _runs.Varints((uint)_brand, (uint)_first, (uint)(_next - _first) << ReachBits | (uint)_reach);
        }

        _first = _next = 0;
    }
}
