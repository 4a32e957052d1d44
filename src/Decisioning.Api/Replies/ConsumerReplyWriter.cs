using System.Text.Json;
using Decisioning.Api.Access;
using Decisioning.Api.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;

namespace Decisioning.Api.Replies;

/// <summary>Writes a consumer as the caller may see it.</summary>
internal static class ConsumerReplyWriter
{
    private static readonly JsonEncodedText Intent = JsonEncodedText.Encode("intent");

    public static void Write(Utf8JsonWriter json, (ConsumerView Consumer, ApiKey Caller) answer)
    {
        json.WriteStartObject();
        json.WriteString("id", answer.Consumer.Id);
        json.WriteStartArray("aliases");
        json.WriteEndArray();
        json.WriteStartObject("brands");
        foreach (RelationshipView brand in answer.Consumer.Brands)
        {
            if (answer.Caller.MayUse(brand.Brand))
            {
                WriteRelationship(json, brand);
            }
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteRelationship(Utf8JsonWriter json, RelationshipView brand)
    {
        json.WriteStartObject(brand.Brand);
        json.WriteString("stage", Names.Of(brand.Stage));
        json.WriteString("deeplinkStage", Names.Of(brand.DeeplinkStage));
        json.WriteIntent(Intent, brand.Intent);
        json.WriteNull("purchaseProbability");
        WriteBehaviours(json, brand.Behaviours);
        WriteList(json, "orders", brand.Orders, WriteOrder);
        WriteList(json, "exposures", brand.Exposures, WriteExposure);
        WriteStorylines(json, brand.Storylines);
        WriteCaps(json, brand.Caps);
        WriteList(json, "stageHistory", brand.StageHistory, WriteStageChange);
        WriteList(json, "decisions", brand.Decisions, WriteDecision);
        json.WriteEndObject();
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> writeMembers)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartObject();
            writeMembers(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteBehaviours(Utf8JsonWriter json, IReadOnlyDictionary<string, BehaviourView> behaviours)
    {
        json.WriteStartObject("behaviours");
        foreach ((string name, BehaviourView behaviour) in behaviours)
        {
            json.WriteStartObject(name);
            json.WriteNumber("count", behaviour.Count);
            json.WriteInstant("lastAt", behaviour.LastAt);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteOrder(Utf8JsonWriter json, OrderView order)
    {
        json.WriteString("orderId", order.OrderId);
        json.WriteString("status", order.Status);
        json.WriteInstant("at", order.At);
        json.WriteNumber("value", order.Value);
        json.WriteNumber("refunded", order.Refunded);
    }

    private static void WriteExposure(Utf8JsonWriter json, ExposureView exposure)
    {
        json.WriteInstant("at", exposure.At);
        json.WriteString("campaign", exposure.Campaign);
        json.WriteString("storyline", exposure.Storyline);
        json.WriteString("step", exposure.Step);
        json.WriteString("creative", exposure.Creative);
        json.WriteString("state", exposure.State);
        json.WriteBoolean("late", exposure.Late);
        json.WriteStartArray("interactions");
        foreach (string interaction in exposure.Interactions)
        {
            json.WriteStringValue(interaction);
        }

        json.WriteEndArray();
    }

    private static void WriteStorylines(Utf8JsonWriter json, IReadOnlyDictionary<string, StorylineView> storylines)
    {
        json.WriteStartObject("storylines");
        foreach ((string id, StorylineView story) in storylines)
        {
            json.WriteStartObject(id);
            json.WriteInstant("startedAt", story.StartedAt);
            json.WriteString("furthest", story.Furthest);
            json.WriteBoolean("completed", story.Completed);
            json.WriteBoolean("exited", story.Exited);
            json.WriteStartObject("seen");
            foreach ((string step, int times) in story.Seen)
            {
                json.WriteNumber(step, times);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    // Several caps can stand on one thing: by scope, a list.
    private static void WriteCaps(Utf8JsonWriter json, IReadOnlyList<CapView> caps)
    {
        json.WriteStartObject("caps");
        foreach (IGrouping<string, CapView> scope in caps.GroupBy(c => c.Scope, StringComparer.Ordinal))
        {
            WriteList(json, scope.Key, [.. scope], WriteCap);
        }

        json.WriteEndObject();
    }

    private static void WriteCap(Utf8JsonWriter json, CapView cap)
    {
        json.WriteString("id", cap.Id);
        json.WriteNumber("max", cap.Max);
        json.WriteString("per", cap.WindowMs is { } window and not CapRule.Lifetime ? Durations.Format(window) : "lifetime");
        json.WriteNumber("count", cap.Count);
        json.WriteInstant("freeAt", cap.FreeAt);
    }

    private static void WriteStageChange(Utf8JsonWriter json, StageChangeView change)
    {
        json.WriteInstant("at", change.At);
        json.WriteString("from", Names.Of(change.From));
        json.WriteString("to", Names.Of(change.To));
    }

    private static void WriteDecision(Utf8JsonWriter json, DecisionView decision)
    {
        json.WriteInstant("at", decision.At);
        json.WriteString("placement", decision.Placement);
        json.WriteString("campaign", decision.Campaign);
        json.WriteString("step", decision.Step);
        json.WriteString("creative", decision.Creative);
        json.WriteOptional("score", decision.Score);
        json.WriteOptional("propensity", decision.Propensity);
        json.WriteString("reason", decision.Reason);
        json.WriteBoolean("ghost", decision.Ghost);
    }
}
