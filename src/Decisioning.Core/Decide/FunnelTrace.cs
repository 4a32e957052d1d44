using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Decide;

/// <summary>How far a campaign came with one slot: the filter that removed it takes the loss; what was not asked of it before counts as passed.</summary>
public enum FunnelReach : byte { Requested, Targeted, Stepped, Uncapped, Paced }

/// <summary>Campaigns of one brand with neighbouring symbols that came equally far with one slot.</summary>
public readonly record struct FunnelRun(int Brand, int FirstCampaign, int Count, FunnelReach Reach);

/// <summary>Collects how far each campaign in flight came with each slot of a request; scratch of a <see cref="Decider"/>.</summary>
internal sealed class FunnelTrace
{
    private readonly StructList<FunnelRun> _runs = new(256);
    private int _slot;

    public ReadOnlySpan<FunnelRun> Runs => _runs.Items;

    /// <summary>Begins a request.</summary>
    public void Clear()
    {
        _runs.Clear();
        _slot = 0;
    }

    /// <summary>Begins a slot; what was collected for the ones before stays.</summary>
    public void BeginSlot() => _slot = _runs.Count;

    /// <summary>Begins another search for the same slot: it takes the place of the one before.</summary>
    public void BeginSearch() => _runs.RemoveRange(_slot, _runs.Count - _slot);

    public void Add(CampaignSnapshot campaign, FunnelReach reach)
    {
        int brand = campaign.Brand.Symbol;
        if (_runs.Count > _slot)
        {
            ref FunnelRun last = ref _runs[_runs.Count - 1];
            if (last.Brand == brand && last.Reach == reach && last.FirstCampaign + last.Count == campaign.Symbol)
            {
                last = last with { Count = last.Count + 1 };
                return;
            }
        }

        _runs.Add(new FunnelRun(brand, campaign.Symbol, 1, reach));
    }
}
