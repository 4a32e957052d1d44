using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record.Facts;

namespace Decisioning.Core.Aggregate;

/// <summary>The trials of campaigns against their holdouts, by campaign symbol.</summary>
internal sealed class TrialBook
{
    private readonly SortedDictionary<int, CampaignTrial> _campaigns = [];

    /// <summary>Null where nobody has entered.</summary>
    public CampaignTrial? Of(int campaign) => _campaigns.GetValueOrDefault(campaign);

    /// <summary>Takes in a win by which a consumer enters.</summary>
    public void Enter(scoped in Fact fact) => Add(fact.Campaign, fact.Has(FactFlags.Ghost), new TrialArm(1, 0, 0));

    /// <summary>Takes in a behaviour of a consumer who has entered.</summary>
    public void Add(scoped in Fact fact)
    {
        UInt128 weight = (UInt128)fact.WeightMicros;
        Add(fact.Campaign, fact.Has(FactFlags.Ghost), new TrialArm(0, fact.WeightMicros, weight * (weight + 2 * (UInt128)fact.BeforeMicros)));
    }

    public void Merge(TrialBook other)
    {
        foreach ((int campaign, CampaignTrial more) in other._campaigns)
        {
            Add(campaign, false, more.Shown);
            Add(campaign, true, more.HeldOut);
        }
    }

    public void Write(ByteWriter to)
    {
        to.Varint((ulong)_campaigns.Count);
        foreach ((int campaign, CampaignTrial trial) in _campaigns)
        {
            to.Varint((ulong)campaign);
            Write(trial.Shown, to);
            Write(trial.HeldOut, to);
        }
    }

    public static TrialBook Read(ref ByteReader from)
    {
        var book = new TrialBook();
        for (int left = from.Int(BrandSymbols.Capacity); left > 0 && !from.Failed; left--)
        {
            book._campaigns[from.Int(BrandSymbols.Capacity)] = new CampaignTrial(ReadArm(ref from), ReadArm(ref from));
        }

        return book;
    }

    private static void Write(in TrialArm arm, ByteWriter to)
    {
        to.Varint((ulong)arm.Consumers);
        to.Varint((ulong)arm.WeightMicros);
        to.Varint((ulong)(arm.Squares >> 64));
        to.Varint((ulong)arm.Squares);
    }

    private static TrialArm ReadArm(ref ByteReader from) =>
        new((long)from.Varint(), (long)from.Varint(), new UInt128(from.Varint(), from.Varint()));

    private void Add(int campaign, bool heldOut, in TrialArm more)
    {
        CampaignTrial trial = _campaigns.GetValueOrDefault(campaign) ?? new CampaignTrial(default, default);
        _campaigns[campaign] = heldOut ? trial with { HeldOut = trial.HeldOut + more } : trial with { Shown = trial.Shown + more };
    }
}
