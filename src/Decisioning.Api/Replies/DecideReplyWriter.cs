using System.Text.Json;
using Decisioning.Api.Tokens;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;

namespace Decisioning.Api.Replies;

/// <summary>What a decision's answer is written from.</summary>
/// <param name="Command">The request.</param>
/// <param name="Reply">The host's answer.</param>
/// <param name="Events">One result for each event of the request; null where it had none.</param>
/// <param name="Tokens">Seals the decision ids.</param>
/// <param name="Realm">Where the decisions were made.</param>
/// <param name="BaseUrl">UTF-8; see <see cref="TrackerUrls"/>.</param>
internal readonly record struct DecideAnswer(
    DecideCommand Command, DecideReply Reply, EventResult[]? Events, TokenRing Tokens, TokenRealm Realm, byte[] BaseUrl);

/// <summary>Writes the answer of <c>POST /v1/decisions</c>.</summary>
internal static class DecideReplyWriter
{
    private static readonly JsonEncodedText RequestId = JsonEncodedText.Encode("requestId");
    private static readonly JsonEncodedText CatalogueVersion = JsonEncodedText.Encode("catalogueVersion");
    private static readonly JsonEncodedText PolicyVersion = JsonEncodedText.Encode("policyVersion");
    private static readonly JsonEncodedText Placements = JsonEncodedText.Encode("placements");
    private static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText Decisions = JsonEncodedText.Encode("decisions");
    private static readonly JsonEncodedText NoDecision = JsonEncodedText.Encode("noDecision");
    private static readonly JsonEncodedText Reason = JsonEncodedText.Encode("reason");
    private static readonly JsonEncodedText RetryAfter = JsonEncodedText.Encode("retryAfter");
    private static readonly JsonEncodedText DecisionId = JsonEncodedText.Encode("decisionId");
    private static readonly JsonEncodedText Brand = JsonEncodedText.Encode("brand");
    private static readonly JsonEncodedText Campaign = JsonEncodedText.Encode("campaign");
    private static readonly JsonEncodedText Storyline = JsonEncodedText.Encode("storyline");
    private static readonly JsonEncodedText Step = JsonEncodedText.Encode("step");
    private static readonly JsonEncodedText Creative = JsonEncodedText.Encode("creative");
    private static readonly JsonEncodedText StageName = JsonEncodedText.Encode("stage");
    private static readonly JsonEncodedText DeeplinkStageName = JsonEncodedText.Encode("deeplinkStage");
    private static readonly JsonEncodedText Intent = JsonEncodedText.Encode("intent");
    private static readonly JsonEncodedText PurchaseProbability = JsonEncodedText.Encode("purchaseProbability");
    private static readonly JsonEncodedText Score = JsonEncodedText.Encode("score");
    private static readonly JsonEncodedText Propensity = JsonEncodedText.Encode("propensity");
    private static readonly JsonEncodedText ExpiresAt = JsonEncodedText.Encode("expiresAt");

    public static void Write(Utf8JsonWriter json, DecideAnswer answer)
    {
        (DecideCommand command, DecideReply reply) = (answer.Command, answer.Reply);
        json.WriteStartObject();
        json.WriteString(RequestId, command.RequestId);
        json.WriteString(CatalogueVersion, reply.Catalogue.Version);
        json.WriteNumber(PolicyVersion, reply.PolicyVersion);
        json.WriteStartArray(Placements);
        for (int i = 0; i < reply.Placements.Length; i++)
        {
            WritePlacement(json, answer, command.Placements[i].Id, reply.Placements[i]);
        }

        json.WriteEndArray();
        if (answer.Events is { } events)
        {
            json.WriteStartObject("events");
            EventsReplyWriter.WriteMembers(json, events);
            json.WriteEndObject();
        }

        if (reply.Explanation is { } explanation)
        {
            ExplanationWriter.Write(json, explanation);
        }

        json.WriteEndObject();
    }

    private static void WritePlacement(Utf8JsonWriter json, in DecideAnswer answer, string id, in PlacementReply placement)
    {
        json.WriteStartObject();
        json.WriteString(Id, id);
        json.WriteStartArray(Decisions);
        foreach (ref readonly SlotDecision decision in placement.Decisions.AsSpan())
        {
            WriteDecision(json, answer, decision);
        }

        json.WriteEndArray();
        if (placement.NoDecision is { } none)
        {
            json.WriteStartObject(NoDecision);
            json.WriteString(Reason, NoDecisionReasons.Of(none.Reason));
            json.WriteInstant(RetryAfter, none.RetryAt);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull(NoDecision);
        }

        json.WriteEndObject();
    }

    private static void WriteDecision(Utf8JsonWriter json, in DecideAnswer answer, in SlotDecision decision)
    {
        TokenRealm realm = answer.Command.Test ? TokenRealm.Trial : answer.Realm;
        long at = answer.Reply.At;
        Span<byte> token = stackalloc byte[TokenRing.MaxTextBytes];
        WriteDecision(json, answer, decision, token[..answer.Tokens.Seal(DecisionFacts.Of(answer.Command.ConsumerId, at, decision), realm, token)]);
    }

    /// <summary>Writes one decision with its sealed id.</summary>
    public static void WriteDecision(Utf8JsonWriter json, in DecideAnswer answer, in SlotDecision decision, ReadOnlySpan<byte> token)
    {
        json.WriteStartObject();
        json.WriteString(DecisionId, token);
        json.WriteString(Brand, decision.Campaign.Brand.Id);
        json.WriteString(Campaign, decision.Campaign.Id);
        json.WriteString(Storyline, decision.Step.Storyline.Id);
        json.WriteString(Step, decision.Step.Id);
        json.WritePropertyName(Creative);
        json.WriteRawValue(CreativeJson.Of(decision.Creative), skipInputValidation: true);
        json.WriteString(StageName, Names.Of(Names.Aipl(decision.DeeplinkStage)));
        json.WriteString(DeeplinkStageName, Names.Of(decision.DeeplinkStage));
        json.WriteIntent(Intent, decision.Intent);
        json.WriteNull(PurchaseProbability);
        json.WriteNumber(Score, decision.Score);
        json.WriteNumber(Propensity, decision.Propensity);
        TrackerUrls.Write(json, answer.BaseUrl, token);
        json.WriteInstant(ExpiresAt, decision.ReserveSeconds == 0 ? null : answer.Reply.At + decision.ReserveSeconds * 1000L);
        json.WriteEndObject();
    }
}
