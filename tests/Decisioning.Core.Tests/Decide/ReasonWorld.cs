using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Decide;

/// <summary>A brand with one campaign for each filter that shall remove one, each passing every filter before its own.</summary>
internal static class ReasonWorld
{
    public static readonly NoDecisionReason[] Filters = [.. Enum.GetValues<NoDecisionReason>().Where(r => r != NoDecisionReason.Timeout)];

    /// <summary>A consumer for whom each of these campaigns is removed by the filter it is named after; <c>null</c> stands for one that serves.</summary>
    public static PlayedConsumer Consumer(params NoDecisionReason?[] reasons)
    {
        string stories = string.Join(", ", reasons.Select(Story)), campaigns = string.Join(", ", reasons.Select(Campaign));
        BrandSnapshot brand = Brands.Of(
            $$""" "audiences": { "old": { "attribute": "age", "from": 90 } }, "storylines": { {{stories}} }, "campaigns": { {{campaigns}} } """);
        var consumer = new PlayedConsumer(Brands.Together(brand), Worlds.Noon);
        consumer.Market.Answer = campaign => campaign.Id switch
        {
            "pacing" => new MarketAnswer(MarketRefusal.Pacing, Worlds.Noon + 7),
            "budget" => new MarketAnswer(MarketRefusal.Budget, Worlds.Noon + 8),
            _ => default,
        };
        foreach (CampaignSnapshot campaign in brand.Campaigns.Where(c => c.Id is "storyline_gap" or "frequency_cap"))
        {
            StepSnapshot step = campaign.Storyline.Steps[0];
            consumer.Track(
                new DecisionRef(PlayedConsumer.Id, brand.Symbol, campaign.Symbol, step.Symbol, step.Creatives[0].Symbol, 90 + (uint)campaign.Symbol, Worlds.Noon, 600, PriceModel.None, 0),
                EventType.Impression);
        }

        return consumer;
    }

    public static string NameOf(NoDecisionReason? reason) => reason is { } given ? NoDecisionReasons.Of(given) : "serves";

    private static string Story(NoDecisionReason? reason) => $$"""
        "{{NameOf(reason)}}": { {{(reason == NoDecisionReason.StorylineGap ? "\"gap\": \"4h\"," : "")}} "steps": [ { "id": "one",
          "for": {{(reason == NoDecisionReason.NoStep ? "[\"keen\"]" : Brands.Everyone)}},
          "creatives": {{(reason == NoDecisionReason.CreativeFit ? "[\"d\"]" : "[\"a\", \"b\"]")}} } ] }
        """;

    private static string Campaign(NoDecisionReason? reason) => $$""" "{{NameOf(reason)}}": { {{Members(reason)}} "storyline": "{{NameOf(reason)}}" } """;

    private static string Members(NoDecisionReason? reason) => reason switch
    {
        NoDecisionReason.NoCampaign => """ "from": "2026-12-01", """,
        NoDecisionReason.Consent => """ "targeting": { "not": ["old"] }, """,
        NoDecisionReason.Targeting => """ "targeting": { "channels": ["elsewhere"] }, """,
        NoDecisionReason.FrequencyCap => """ "caps": [ { "max": 1, "per": "2d" } ], """,
        NoDecisionReason.Holdout => """ "holdout": 1, """,
        _ => "",
    };
}
