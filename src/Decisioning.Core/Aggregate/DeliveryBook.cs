using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record.Facts;

namespace Decisioning.Core.Aggregate;

/// <summary>A campaign's running sums.</summary>
internal sealed class CampaignSums
{
    public long[] Funnel { get; } = new long[(int)FunnelReach.Paced + 1];

    public long Ghosts { get; set; }

    public long Exposed { get; set; }

    public DeliverySums Delivery { get; set; } = new();
}

/// <summary>A step's running sums.</summary>
internal sealed class StepSums
{
    public long Reached { get; set; }

    public DeliverySums Delivery { get; set; } = new();
}

/// <summary>A channel's running sums, under its mark. A mark that two names share has none.</summary>
internal sealed class ChannelSums
{
    /// <summary>Null before a win named it.</summary>
    public string? Name { get; set; }

    public DeliverySums Delivery { get; set; } = new();
}

/// <summary>What became of what was delivered: per campaign, creative, step and channel.</summary>
internal sealed class DeliveryBook
{
    public SortedDictionary<int, CampaignSums> Campaigns { get; } = [];

    public SortedDictionary<int, DeliverySums> Creatives { get; } = [];

    public SortedDictionary<int, StepSums> Steps { get; } = [];

    /// <summary>By channel mark; at most <see cref="BookBounds.Channels"/>.</summary>
    public SortedDictionary<ushort, ChannelSums> Channels { get; } = [];

    /// <summary>What channels beyond the bound delivered.</summary>
    public DeliverySums OtherChannels { get; private set; } = new();

    public void Funnel(scoped in Fact fact, long times)
    {
        for (int i = 0; i < fact.Count; i++)
        {
            long[] funnel = Campaign(fact.Campaign + i).Funnel;
            for (int reach = 0; reach <= (int)fact.Reach; reach++)
            {
                funnel[reach] += times;
            }
        }
    }

    public void Won(scoped in Fact fact)
    {
        if (fact.Has(FactFlags.Ghost))
        {
            Campaign(fact.Campaign).Ghosts++;
            return;
        }

        if (ChannelOf(fact.ChannelMark) is { } channel)
        {
            NameChannel(channel, fact.ChannelMark, Encoding.UTF8.GetString(fact.Channel));
        }

        Firsts(fact);
        Add(fact);
    }

    public void Interaction(scoped in Fact fact)
    {
        Firsts(fact);
        if (!fact.Has(FactFlags.Elsewhere))
        {
            Add(fact);
        }
    }

    /// <summary>Adds a win, an interaction or a credit to everything that it is of.</summary>
    public void Add(scoped in Fact fact)
    {
        Campaign(fact.Campaign).Delivery.Add(fact);
        Step(fact.Step).Delivery.Add(fact);
        Creative(fact.Creative).Add(fact);
        (ChannelOf(fact.ChannelMark)?.Delivery ?? OtherChannels).Add(fact);
    }

    public void Merge(DeliveryBook other)
    {
        foreach ((int symbol, CampaignSums more) in other.Campaigns)
        {
            CampaignSums sums = Campaign(symbol);
            Figures.Add(sums.Funnel, more.Funnel);
            sums.Ghosts += more.Ghosts;
            sums.Exposed += more.Exposed;
            sums.Delivery.Merge(more.Delivery);
        }

        foreach ((int symbol, DeliverySums more) in other.Creatives)
        {
            Creative(symbol).Merge(more);
        }

        foreach ((int symbol, StepSums more) in other.Steps)
        {
            Step(symbol).Reached += more.Reached;
            Step(symbol).Delivery.Merge(more.Delivery);
        }

        OtherChannels.Merge(other.OtherChannels);
        foreach ((ushort mark, ChannelSums more) in other.Channels)
        {
            ChannelSums? channel = ChannelOf(mark);
            (channel?.Delivery ?? OtherChannels).Merge(more.Delivery);
            if (channel is not null && more.Name is not null)
            {
                NameChannel(channel, mark, more.Name);
            }
        }
    }

    public void Write(ByteWriter to)
    {
        to.Varint((ulong)Campaigns.Count);
        foreach ((int symbol, CampaignSums sums) in Campaigns)
        {
            to.Varint((ulong)symbol);
            Figures.Write(sums.Funnel, to);
            to.Varint((ulong)sums.Ghosts);
            to.Varint((ulong)sums.Exposed);
            sums.Delivery.Write(to);
        }

        to.Varint((ulong)Creatives.Count);
        foreach ((int symbol, DeliverySums sums) in Creatives)
        {
            to.Varint((ulong)symbol);
            sums.Write(to);
        }

        to.Varint((ulong)Steps.Count);
        foreach ((int symbol, StepSums sums) in Steps)
        {
            to.Varint((ulong)symbol);
            to.Varint((ulong)sums.Reached);
            sums.Delivery.Write(to);
        }

        to.Varint((ulong)Channels.Count);
        foreach ((ushort mark, ChannelSums sums) in Channels)
        {
            to.Varint(mark);
            to.Text(sums.Name);
            sums.Delivery.Write(to);
        }

        OtherChannels.Write(to);
    }

    public static DeliveryBook Read(ref ByteReader from)
    {
        var book = new DeliveryBook();
        for (int left = from.Int(BrandSymbols.Capacity); left > 0 && !from.Failed; left--)
        {
            CampaignSums sums = book.Campaign(from.Int(BrandSymbols.Capacity));
            Figures.Read(sums.Funnel, ref from);
            sums.Ghosts = (long)from.Varint();
            sums.Exposed = (long)from.Varint();
            sums.Delivery = DeliverySums.Read(ref from);
        }

        for (int left = from.Int(BrandSymbols.Capacity); left > 0 && !from.Failed; left--)
        {
            book.Creatives[from.Int(BrandSymbols.Capacity)] = DeliverySums.Read(ref from);
        }

        for (int left = from.Int(BrandSymbols.Capacity); left > 0 && !from.Failed; left--)
        {
            StepSums sums = book.Step(from.Int(BrandSymbols.Capacity));
            sums.Reached = (long)from.Varint();
            sums.Delivery = DeliverySums.Read(ref from);
        }

        for (int left = from.Int(BookBounds.Channels); left > 0 && !from.Failed; left--)
        {
            book.Channels[(ushort)from.Int(ushort.MaxValue)] = new ChannelSums
            {
                Name = from.Text(FactWriter.MaxChannelBytes),
                Delivery = DeliverySums.Read(ref from),
            };
        }

        book.OtherChannels = DeliverySums.Read(ref from);
        return book;
    }

    private void Firsts(scoped in Fact fact)
    {
        if (fact.Has(FactFlags.FirstOfCampaign))
        {
            Campaign(fact.Campaign).Exposed++;
        }

        if (fact.Has(FactFlags.FirstOfStep))
        {
            Step(fact.Step).Reached++;
        }
    }

    private CampaignSums Campaign(int symbol) => OfKey(Campaigns, symbol);

    private StepSums Step(int symbol) => OfKey(Steps, symbol);

    private DeliverySums Creative(int symbol) => OfKey(Creatives, symbol);

    private ChannelSums? ChannelOf(ushort mark) =>
        Channels.TryGetValue(mark, out ChannelSums? sums) ? sums
        : Channels.Count < BookBounds.Channels ? Channels[mark] = new ChannelSums()
        : null;

    /// <summary>The first name stays; another for the same mark makes it nobody's.</summary>
    private static void NameChannel(ChannelSums channel, ushort mark, string name)
    {
        if (mark != ChannelMark.None && channel.Name != name)
        {
            channel.Name = channel.Name is null ? name : BookBounds.OtherChannel;
        }
    }

    private static T OfKey<T>(SortedDictionary<int, T> all, int key)
        where T : new()
    {
        if (!all.TryGetValue(key, out T? sums))
        {
            all[key] = sums = new T();
        }

        return sums;
    }
}
