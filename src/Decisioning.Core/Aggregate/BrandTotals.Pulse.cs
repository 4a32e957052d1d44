using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record.Facts;

namespace Decisioning.Core.Aggregate;

public sealed partial class BrandTotals
{
    /// <summary>Freezes the books with the brand's names put in. Campaigns, creatives and steps that have left the catalogue keep their names and figures.</summary>
    public BrandPulse TakePulse(BrandSnapshot brand, PulseInputs inputs)
    {
        long asOf = Math.Max(inputs.AsOf, LastInstant);
        CampaignDelivery[] campaigns = CampaignsOf(brand, inputs, asOf);
        return new BrandPulse
        {
            Brand = brand.Id,
            Version = inputs.Version,
            AsOf = asOf,
            RulesVersion = inputs.RulesVersion,
            Reclassifying = inputs.Reclassifying,
            Deeplink = (long[])_counts.Clone(),
            Flows = FlowsUntil(asOf),
            Dwell = _dwell.Of((int)(asOf / StateBounds.MillisecondsPerDay)),
            Campaigns = campaigns,
            Creatives = CreativesOf(brand),
            Steps = StepsOf(brand),
            Channels = ChannelsOf(),
            NoDecisions = (long[])_noDecisions.Clone(),
            Spend = new SpendTotals(brand.Currency, _spend, campaigns.Sum(c => c.SpendTodayMicros), campaigns.Sum(c => c.HeldMicros), _revenue),
            Intent = inputs.Intent,
            PurchaseIntentIndex = _impact.At(asOf),
            Assets = AssetsOf(brand, inputs.IndustryIndex),
            Activity = ActivityAt(asOf),
        };
    }

    private HourFlow[] FlowsUntil(long asOf)
    {
        long current = asOf - asOf % StateBounds.MillisecondsPerHour;
        long first = current - (BookBounds.FlowHours - 1) * StateBounds.MillisecondsPerHour;
        return [.. _rows.Values.Where(row => row.Hour >= first && row.Hour <= current).SelectMany(row => row.Flows)];
    }

    /// <summary>Every campaign of the catalogue in its order, then those that have left it.</summary>
    private CampaignDelivery[] CampaignsOf(BrandSnapshot brand, PulseInputs inputs, long asOf)
    {
        List<CampaignDelivery> campaigns = [];
        foreach (CampaignSnapshot campaign in brand.Campaigns)
        {
            campaigns.Add(CampaignOf(campaign.Id, campaign.Symbol, campaign, inputs, asOf));
        }

        foreach (int symbol in _delivery.Campaigns.Keys.Union(_fees.Lines.Keys).Order())
        {
            if (At(brand.CampaignsBySymbol, symbol) is null && brand.Symbols.NameOf(SymbolKind.Campaign, symbol) is { } name)
            {
                campaigns.Add(CampaignOf(name, symbol, null, inputs, asOf));
            }
        }

        return [.. campaigns];
    }

    private CampaignDelivery CampaignOf(string id, int symbol, CampaignSnapshot? campaign, PulseInputs inputs, long asOf)
    {
        CampaignSums sums = _delivery.Campaigns.GetValueOrDefault(symbol) ?? new CampaignSums();
        CampaignMoney money = inputs.MoneyOf(symbol);
        Delivery delivery = sums.Delivery.ToDelivery();
        long fee = _fees.Of(symbol)?.BookedMicros ?? 0;
        long[] funnel = sums.Funnel;
        return new CampaignDelivery(
            id, campaign is { Paused: false } && asOf >= campaign.From && asOf < campaign.Until, campaign is { Paused: true },
            new Funnel(funnel[0], funnel[1], funnel[2], funnel[3], funnel[4]), delivery with { SpendMicros = delivery.SpendMicros + fee }, sums.Ghosts, sums.Exposed,
            money.SpendTodayMicros, money.HeldMicros, fee, money.PlannedMicros, campaign?.Budget?.TotalMicros, campaign?.Budget?.DailyMicros,
            campaign?.Goal is { } goal
                ? new CampaignGoalProgress(goal.Date, [.. goal.Counts.OrderBy(g => g.Key).Select(g => new StageGoal(g.Key, g.Value, CountOf(g.Key)))])
                : null,
            _trials.Of(symbol));
    }

    private CreativeDelivery[] CreativesOf(BrandSnapshot brand) =>
    [
        .. _delivery.Creatives
            .Select(c => (Name: brand.Symbols.NameOf(SymbolKind.Creative, c.Key), Creative: At(brand.CreativesBySymbol, c.Key), Sums: c.Value))
            .Where(c => c.Name is not null)
            .Select(c => new CreativeDelivery(c.Name!, c.Creative is { Paused: true }, c.Sums.ToDelivery())),
    ];

    private StepDelivery[] StepsOf(BrandSnapshot brand)
    {
        List<StepDelivery> steps = [];
        foreach ((int symbol, StepSums sums) in _delivery.Steps)
        {
            if (brand.Symbols.NameOf(SymbolKind.Step, symbol) is { } name)
            {
                int slash = name.IndexOf('/', StringComparison.Ordinal);
                steps.Add(new StepDelivery(
                    name[..slash], name[(slash + 1)..], At(brand.StepsBySymbol, symbol)?.Index ?? -1, sums.Reached, sums.Delivery.ToDelivery()));
            }
        }

        return [.. steps.OrderBy(s => s.Storyline, StringComparer.Ordinal).ThenBy(s => s.Index < 0).ThenBy(s => s.Index)];
    }

    /// <summary>By name; marks without a name of their own are one channel, other.</summary>
    private ChannelDelivery[] ChannelsOf()
    {
        SortedDictionary<string, DeliverySums> byName = new(StringComparer.Ordinal);
        foreach ((ushort mark, ChannelSums sums) in _delivery.Channels)
        {
            Into(ChannelName(mark)).Merge(sums.Delivery);
        }

        if (_delivery.OtherChannels.ToDelivery() != default)
        {
            Into(BookBounds.OtherChannel).Merge(_delivery.OtherChannels);
        }

        return [.. byName.Select(c => new ChannelDelivery(c.Key, c.Value.ToDelivery()))];

        DeliverySums Into(string name)
        {
            if (!byName.TryGetValue(name, out DeliverySums? sums))
            {
                byName[name] = sums = new DeliverySums();
            }

            return sums;
        }
    }

    private string ChannelName(ushort mark) =>
        mark == ChannelMark.None ? "" : _delivery.Channels.GetValueOrDefault(mark)?.Name ?? BookBounds.OtherChannel;

    private AssetTotals AssetsOf(BrandSnapshot brand, double? industryIndex) => new(
        _ledger.AccountingDay is { } day ? new DateOnly(1970, 1, 1).AddDays(day) : null,
        _ledger.Value,
        [.. Enum.GetValues<Stage>().Where(s => s != Stage.None).Select(s => new StageAsset(s, CountOf(s), _ledger.Powers.Of(s), CountOf(s) * _ledger.Powers.Of(s)))],
        Cut(_ledger.ByCause.Select(c => (new StageCause(c.Key).Name, c.Value))),
        Cut(_ledger.ByChannel.Select(c => (ChannelName(c.Key), c.Value))),
        Cut(_ledger.ByCreative.Select(c => (CreativeName(brand, c.Key) ?? "", c.Value))),
        [.. _ledger.Lines.Reverse().Select(line => new AssetLine(
            line.At, line.Cause.Name, line.ChannelMark == ChannelMark.None ? null : ChannelName(line.ChannelMark), CreativeName(brand, line.Creative),
            line.From, line.To, line.DeltaMicros))],
        industryIndex);

    private static SubLedger[] Cut(IEnumerable<(string Name, long Delta)> parts) =>
        [.. parts.GroupBy(p => p.Name, StringComparer.Ordinal).Select(g => new SubLedger(g.Key, g.Sum(p => p.Delta)))];

    private static string? CreativeName(BrandSnapshot brand, int symbol) => brand.Symbols.NameOf(SymbolKind.Creative, symbol);

    private ActivityTotals ActivityAt(long asOf)
    {
        (int[] events, int[] decisions) = _strip.Before(asOf);
        return new ActivityTotals(_decisions, _events, _lastEventAt, events, decisions);
    }

    private long CountOf(Stage stage)
    {
        long count = 0;
        for (int fine = 0; fine < StageCount; fine++)
        {
            count += Names.Aipl((DeeplinkStage)fine) == stage ? _counts[fine] : 0;
        }

        return count;
    }

    private static T? At<T>(T?[] bySymbol, int symbol)
        where T : class => symbol < bySymbol.Length ? bySymbol[symbol] : null;
}
