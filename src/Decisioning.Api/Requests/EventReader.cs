using System.Text;
using Decisioning.Api.Tokens;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record;

namespace Decisioning.Api.Requests;

/// <summary>
/// Reads one event of a list. Only an event that is no object at all refuses the request; a member of a wrong type refuses that event alone,
/// and what is absent, unknown or against the rules is left for Core to judge.
/// </summary>
internal static class EventReader
{
    private const int LongestTypeShown = 64;

    private static readonly MemberTable Members = new(
        "eventId", "type", "consumerId", "brand", "occurredAt", "item", "value", "currency", "channel", "rating", "orderId", "decisionId", "creative");

    /// <summary>Reads the list of events the cursor stands on into a batch.</summary>
    /// <param name="limit">Most events.</param>
    public static void ReadAll(ref JsonCursor json, in RequestContext context, EventBatch batch, int limit)
    {
        if (!json.EnterArray())
        {
            return;
        }

        int index = -1;
        while (json.NextElement(ref index, limit))
        {
            ReadOne(ref json, context, batch);
        }
    }

    private static void ReadOne(ref JsonCursor json, in RequestContext context, EventBatch batch)
    {
        if (!json.EnterObject())
        {
            return;
        }

        json.BeginItem();
        EventDraft draft = default;
        ulong seen = 0;
        int member = -1;
        while (json.NextMember(Members, ref seen, ref member))
        {
            ReadMember(ref json, context, member, ref draft);
        }

        if (json.EndItem() is { } faults)
        {
            batch.Refuse(draft.EventId, EventCodes.BadValue, faults);
        }
        else if (draft.Brand is not null && !context.Caller.MayUse(draft.Brand))
        {
            batch.Refuse(draft.EventId, EventCodes.UnknownBrand, "The key may not use this brand.");
        }
        else
        {
            batch.Add(draft.ToCommand());
        }
    }

    private static void ReadMember(ref JsonCursor json, in RequestContext context, int member, ref EventDraft draft)
    {
        switch (member)
        {
            case 0: draft.EventId = json.AnyText(); break;
            case 1: ReadType(ref json, ref draft); break;
            case 2: draft.ConsumerId = json.AnyText(); break;
            case 3: draft.Brand = json.AnyText(recurring: true); break;
            case 4: draft.OccurredAt = json.Instant(); break;
            case 5: draft.Item = json.AnyText(); break;
            case 6: draft.Value = json.Whole(long.MinValue, long.MaxValue); break;
            case 7: draft.Currency = json.AnyText(recurring: true); break;
            case 8: draft.Channel = json.AnyText(recurring: true); break;
            case 9: draft.Rating = (int?)json.Whole(int.MinValue, int.MaxValue); break;
            case 10: draft.OrderId = json.AnyText(); break;
            case 11: ReadDecision(ref json, context, ref draft); break;
            default: draft.Creative = json.AnyText(); break;
        }
    }

    private static void ReadType(ref JsonCursor json, ref EventDraft draft)
    {
        if (json.AnyText(recurring: true) is not { } name)
        {
            return;
        }

        if (Names.TryParse(name, out EventType type))
        {
            draft.Type = type;
        }
        else
        {
            // Kept only to be shown to the caller.
            draft.TypeName = name.Length <= LongestTypeShown ? name : $"{name.AsSpan(0, LongestTypeShown)}…";
        }
    }

    private static void ReadDecision(ref JsonCursor json, in RequestContext context, ref EventDraft draft)
    {
        Span<byte> token = stackalloc byte[RequestBounds.TokenBytes];
        bool copied = json.CopyText(token, out int length);
        if (copied && context.Tokens.TryOpen(token[..length], out DecisionRef? decision, out TokenRealm realm) && realm == context.Realm)
        {
            draft.Decision = decision;
        }
        else
        {
            draft.DecisionUnreadable = copied || length < 0;
        }
    }

    private struct EventDraft
    {
        public string? EventId;
        public EventType? Type;
        public string? TypeName;
        public string? ConsumerId;
        public string? Brand;
        public long? OccurredAt;
        public string? Item;
        public long? Value;
        public string? Currency;
        public string? Channel;
        public int? Rating;
        public string? OrderId;
        public DecisionRef? Decision;
        public bool DecisionUnreadable;
        public string? Creative;

        public readonly EventCommand ToCommand() => new()
        {
            EventId = EventId,
            Type = Type,
            TypeName = TypeName,
            ConsumerId = ConsumerId,
            Brand = Brand,
            OccurredAt = OccurredAt,
            Item = Item,
            Value = Value,
            Currency = Currency,
            Channel = Channel,
            Rating = Rating,
            OrderId = OrderId,
            Decision = Decision,
            DecisionUnreadable = DecisionUnreadable,
            Creative = Creative,
        };
    }
}
