using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;
using Decisioning.Lab.Recount;

namespace Decisioning.Lab.Verify;

/// <summary>One figure as it is told: with the name of what it is of.</summary>
/// <param name="Of">The hour, or the id of a campaign, creative, step or channel; empty for the brand.</param>
internal readonly record struct ToldFigure(FigureScope Scope, string Of, string Name)
{
    public override string ToString() => Scope == FigureScope.Brand ? Name : $"{Scope.ToString().ToLowerInvariant()} {Of}, {Name}";
}

/// <summary>Takes the books that the engine holds of a brand apart into figures.</summary>
internal static class HeldFigures
{
    /// <summary>Figures of an hour that come from no journal: they are held against the ledger.</summary>
    private const string AssetsDelta = "assets_delta";

    public static Dictionary<ToldFigure, long> Of(BrandPulse pulse, IEnumerable<HourRow> rows)
    {
        Dictionary<ToldFigure, long> figures = [];
        AddTotals(figures, pulse);
        foreach (CampaignDelivery campaign in pulse.Campaigns)
        {
            AddCampaign(figures, campaign);
        }

        foreach (CreativeDelivery creative in pulse.Creatives)
        {
            AddDelivery(figures, FigureScope.Creative, creative.Id, creative.Delivery);
        }

        foreach (StepDelivery step in pulse.Steps)
        {
            AddDelivery(figures, FigureScope.Step, $"{step.Storyline}/{step.Id}", step.Delivery);
            Add(figures, FigureScope.Step, $"{step.Storyline}/{step.Id}", FigureNames.Reached, step.Reached);
        }

        foreach (ChannelDelivery channel in pulse.Channels)
        {
            AddDelivery(figures, FigureScope.Channel, channel.Id, channel.Delivery);
        }

        foreach (HourRow row in rows)
        {
            AddHour(figures, row);
        }

        return figures;
    }

    private static void AddTotals(Dictionary<ToldFigure, long> figures, BrandPulse pulse)
    {
        Add(figures, FigureScope.Brand, "", FigureNames.Spend, pulse.Spend.TotalMicros - pulse.Campaigns.Sum(static c => c.FeeMicros));
        Add(figures, FigureScope.Brand, "", FigureNames.Revenue, pulse.Spend.RevenueMicros);
        Add(figures, FigureScope.Brand, "", FigureNames.Decisions, pulse.Activity.Decisions);
        Add(figures, FigureScope.Brand, "", FigureNames.Events, pulse.Activity.Events);
        for (int reason = 0; reason < pulse.NoDecisions.Length; reason++)
        {
            Add(figures, FigureScope.Brand, "", FigureNames.NoDecision(NoDecisionReasons.All[reason]), pulse.NoDecisions[reason]);
        }
    }

    private static void AddCampaign(Dictionary<ToldFigure, long> figures, CampaignDelivery campaign)
    {
        AddDelivery(figures, FigureScope.Campaign, campaign.Id, campaign.Delivery with { SpendMicros = campaign.Delivery.SpendMicros - campaign.FeeMicros });
        Add(figures, FigureScope.Campaign, campaign.Id, FigureNames.Ghosts, campaign.Ghosts);
        Add(figures, FigureScope.Campaign, campaign.Id, FigureNames.Exposed, campaign.Exposed);
        Funnel funnel = campaign.Funnel;
        long[] reached = [funnel.Requests, funnel.Targeted, funnel.Stepped, funnel.Uncapped, funnel.Paced];
        for (int i = 0; i < reached.Length; i++)
        {
            Add(figures, FigureScope.Campaign, campaign.Id, FigureNames.Funnel[i], reached[i]);
        }
    }

    private static void AddDelivery(Dictionary<ToldFigure, long> figures, FigureScope scope, string of, in Delivery delivery)
    {
        Add(figures, scope, of, FigureNames.Won, delivery.Won);
        Add(figures, scope, of, FigureNames.Rendered, delivery.Rendered);
        Add(figures, scope, of, FigureNames.Late, delivery.Late);
        Add(figures, scope, of, FigureNames.Of(EventType.Viewable)!, delivery.Viewable);
        Add(figures, scope, of, FigureNames.Of(EventType.Watched)!, delivery.Watched);
        Add(figures, scope, of, FigureNames.Of(EventType.Skip)!, delivery.Skips);
        Add(figures, scope, of, FigureNames.Of(EventType.Click)!, delivery.Clicks);
        Add(figures, scope, of, FigureNames.Of(EventType.Engage)!, delivery.Engagements);
        Add(figures, scope, of, FigureNames.Of(EventType.Dismiss)!, delivery.Dismissals);
        Add(figures, scope, of, FigureNames.Conversions, delivery.ConversionsMicros);
        Add(figures, scope, of, FigureNames.Revenue, delivery.RevenueMicros);
        Add(figures, scope, of, FigureNames.Credits, delivery.CreditsMicros);
        Add(figures, scope, of, FigureNames.Spend, delivery.SpendMicros);
    }

    private static void AddHour(Dictionary<ToldFigure, long> figures, HourRow row)
    {
        string hour = FigureTelling.HourText(row.Hour);
        foreach (string sum in SeriesMetrics.Sums.Where(s => s is not (AssetsDelta or FigureNames.Fees)))
        {
            Add(figures, FigureScope.Hour, hour, sum, row.Value(sum) - (sum == FigureNames.Spend ? row.Value(FigureNames.Fees) : 0));
        }

        foreach (string reason in NoDecisionReasons.All)
        {
            Add(figures, FigureScope.Hour, hour, FigureNames.NoDecision(reason), row.Value(SeriesMetrics.NoDecisionPrefix + reason));
        }

        foreach (HourFlow flow in row.Flows)
        {
            Add(figures, FigureScope.Hour, hour, FigureNames.Flow(flow.From, flow.To), flow.Count);
        }
    }

    private static void Add(Dictionary<ToldFigure, long> figures, FigureScope scope, string of, string name, long amount)
    {
        if (amount != 0)
        {
            figures[new ToldFigure(scope, of, name)] = amount;
        }
    }
}
