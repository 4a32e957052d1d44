using System.Text.Json;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;

namespace Decisioning.Api.Replies.Pulse;

/// <summary>Every member of a pulse's JSON behind <c>brand</c>, <c>frame</c> and <c>asOf</c>, in order.</summary>
internal static class PulseMembers
{
    public static IReadOnlyList<PulseMember> All { get; } =
    [
        new PlainMember("rulesVersion", static (json, pulse) => json.WriteStringValue(pulse.RulesVersion)),
        new PlainMember("reclassifying", static (json, pulse) => json.WriteBooleanValue(pulse.Reclassifying)),
        new PlainMember("stages", static (json, pulse) => WriteStages(json, pulse.Stages())),
        new PlainMember("deeplink", static (json, pulse) => WriteDeeplink(json, pulse.Deeplink)),
        new PlainMember("link", static (json, pulse) => json.WriteNumberValue(pulse.Link)),
        new PlainMember("flows", static (json, pulse) => PulseFlows.Write(json, pulse.Flows)),
        new PlainMember("dwell", static (json, pulse) => WriteDwell(json, pulse.Dwell)),
        new KeyedMember<CampaignDelivery>("campaigns", static pulse => pulse.Campaigns, static c => c.Id, DeliveryWriter.WriteCampaign),
        new KeyedMember<CreativeDelivery>("creatives", static pulse => pulse.Creatives, static c => c.Id, DeliveryWriter.WriteCreative),
        new KeyedMember<StepDelivery>("steps", static pulse => pulse.Steps, static s => $"{s.Storyline}\n{s.Id}", DeliveryWriter.WriteStep),
        new KeyedMember<ChannelDelivery>("channels", static pulse => pulse.Channels, static c => c.Id, DeliveryWriter.WriteChannel),
        new PlainMember("noDecisions", static (json, pulse) => WriteNoDecisions(json, pulse.NoDecisions)),
        new PlainMember("spend", static (json, pulse) => WriteSpend(json, pulse.Spend)),
        new PlainMember("intent", static (json, pulse) => WriteIntent(json, pulse.Intent)),
        new PlainMember("purchaseIntentIndex", static (json, pulse) => WriteIndex(json, pulse.PurchaseIntentIndex)),
        new PlainMember("assets", static (json, pulse) => AssetsWriter.Write(json, pulse.Assets)),
        new PlainMember("activity", static (json, pulse) => WriteActivity(json, pulse.Activity)),
    ];

    /// <summary>Counts by <see cref="Stage"/>, none included.</summary>
    public static void WriteStages(Utf8JsonWriter json, long[] stages)
    {
        json.WriteStartObject();
        for (int stage = 0; stage < stages.Length; stage++)
        {
            json.WriteNumber(Names.Of((Stage)stage), stages[stage]);
        }

        json.WriteEndObject();
    }

    /// <summary>Counts by <see cref="DeeplinkStage"/>, none left out: it is among the stages.</summary>
    public static void WriteDeeplink(Utf8JsonWriter json, long[] deeplink)
    {
        json.WriteStartObject();
        for (int stage = 1; stage < deeplink.Length; stage++)
        {
            json.WriteNumber(Names.Of((DeeplinkStage)stage), deeplink[stage]);
        }

        json.WriteEndObject();
    }

    private static void WriteDwell(Utf8JsonWriter json, StageDwell[] dwell)
    {
        json.WriteStartObject();
        foreach (StageDwell stage in dwell)
        {
            json.WriteStartObject(Names.Of(stage.Stage));
            json.WriteNumber("left", stage.Left);
            json.WriteNumber("lowerQuartileMs", stage.LowerQuartileMs);
            json.WriteNumber("medianMs", stage.MedianMs);
            json.WriteNumber("upperQuartileMs", stage.UpperQuartileMs);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteNoDecisions(Utf8JsonWriter json, long[] reasons)
    {
        json.WriteStartObject();
        for (int reason = 0; reason < reasons.Length; reason++)
        {
            if (reasons[reason] > 0)
            {
                json.WriteNumber(NoDecisionReasons.Of((NoDecisionReason)reason), reasons[reason]);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteSpend(Utf8JsonWriter json, SpendTotals spend)
    {
        json.WriteStartObject();
        json.WriteString("currency", spend.Currency);
        json.WriteNumber("totalMicros", spend.TotalMicros);
        json.WriteNumber("todayMicros", spend.TodayMicros);
        json.WriteNumber("heldMicros", spend.HeldMicros);
        json.WriteNumber("revenueMicros", spend.RevenueMicros);
        json.WriteEndObject();
    }

    private static void WriteIntent(Utf8JsonWriter json, IntentHistogram intent)
    {
        json.WriteStartObject();
        json.WriteInstant("asOf", intent.AsOf == 0 ? null : intent.AsOf);
        json.WriteStartArray("buckets");
        foreach (long count in intent.Buckets)
        {
            json.WriteNumberValue(count);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteIndex(Utf8JsonWriter json, IntentIndex index)
    {
        json.WriteStartObject();
        json.WriteMillionths("credits", index.CreditsMicros);
        json.WriteMillionths("organic", index.OrganicMicros);
        json.WriteMillionths("weight", index.WeightMicros);
        json.WriteOptional("perThousandExposed", index.PerThousandExposed);
        json.WriteOptional("index", index.Index);
        json.WriteNumber("lateTouches", index.LateTouches);
        json.WriteEndObject();
    }

    private static void WriteActivity(Utf8JsonWriter json, ActivityTotals activity)
    {
        json.WriteStartObject();
        json.WriteNumber("decisions", activity.Decisions);
        json.WriteNumber("events", activity.Events);
        json.WriteInstant("lastEventAt", activity.LastEventAt == 0 ? null : activity.LastEventAt);
        WriteSeconds(json, "eventsPerSecond", activity.EventsPerSecond);
        WriteSeconds(json, "decisionsPerSecond", activity.DecisionsPerSecond);
        json.WriteEndObject();
    }

    private static void WriteSeconds(Utf8JsonWriter json, string name, int[] seconds)
    {
        json.WriteStartArray(name);
        foreach (int count in seconds)
        {
            json.WriteNumberValue(count);
        }

        json.WriteEndArray();
    }
}
