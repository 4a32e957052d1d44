using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Record;

/// <summary>Checks a reported event against the catalogue and the clock and resolves its names. Pure; says the first kind of fault, with every member of that kind.</summary>
public static class EventRules
{
    public const int MaxIdBytes = 128;

    /// <summary>Largest value of one event: a billion units of the currency.</summary>
    public const long MaxValueMicros = 1_000_000_000_000_000;

    /// <summary>The earliest instant of imported history: 2000-01-01, ms since the Unix epoch.</summary>
    public const long FirstImport = 946_684_800_000;

    /// <summary>Longest a click can be after its decision and still be charged.</summary>
    public const long ClickChargeMs = 24 * StateBounds.MillisecondsPerHour;

    /// <summary>Resolves the command into an event, or says why not.</summary>
    /// <returns>Null where <paramref name="resolved"/> may be applied.</returns>
    public static EventResult? Resolve(EventCommand command, CatalogueSnapshot catalogue, long now, in SipHash hash, out ConsumerEvent resolved)
    {
        if (ResolveNames(command, catalogue, now, hash, out resolved, out BrandSnapshot? brand) is { } rejected)
        {
            return rejected;
        }

        if (resolved.OccurredAt < now - StateBounds.LateMs)
        {
            return Rejected(command, EventCodes.TooOld, "Events count up to 30 days late.");
        }

        if (resolved.OccurredAt > now + StateBounds.AheadMs)
        {
            return Rejected(command, EventCodes.InFuture, "Events may lie at most 5 minutes ahead of the server's clock.");
        }

        resolved.LocalDay = brand!.Calendar.DayOf(resolved.OccurredAt);
        return resolved.Type <= EventType.Dismiss ? ResolveAd(command, brand, now, ref resolved) : null;
    }

    /// <summary>Resolves the command into an event of history, of any age from <see cref="FirstImport"/> on, or says why not.</summary>
    /// <returns>Null where <paramref name="resolved"/> may be taken in.</returns>
    public static EventResult? ResolveImport(EventCommand command, CatalogueSnapshot catalogue, long now, in SipHash hash, out ConsumerEvent resolved)
    {
        if (ResolveNames(command, catalogue, now, hash, out resolved, out BrandSnapshot? brand) is { } rejected)
        {
            return rejected;
        }

        if (resolved.OccurredAt < FirstImport || resolved.OccurredAt > now)
        {
            return Rejected(command, EventCodes.ImpossibleDate, "History lies between 2000-01-01 and now.");
        }

        resolved.LocalDay = brand!.Calendar.DayOf(resolved.OccurredAt);
        return null;
    }

    private static EventResult? ResolveNames(
        EventCommand command, CatalogueSnapshot catalogue, long now, in SipHash hash, out ConsumerEvent resolved, out BrandSnapshot? brand)
    {
        resolved = default;
        brand = null;
        if (RefuseForm(command) is { } malformed)
        {
            return malformed;
        }

        if (command.Type is not { } type)
        {
            return Rejected(command, EventCodes.UnknownType, $"There is no event type '{command.TypeName}'.");
        }

        brand = catalogue.Find(command.Brand!);
        if (brand is null)
        {
            return Rejected(command, EventCodes.UnknownBrand, $"There is no brand '{command.Brand}'.");
        }

        if (WrongFigures(command, brand) is { } wrong)
        {
            return wrong;
        }

        long occurredAt = command.OccurredAt!.Value;
        resolved = new ConsumerEvent
        {
            Type = type,
            Brand = brand.Symbol,
            OccurredAt = occurredAt,
            ReceivedAt = now,
            EventId = command.EventId,
            EventIdHash = hash.Of(command.EventId),
            Item = command.Item,
            ItemHash = hash.Of(Evidence.FamilyOf(type, out _) is ItemFamily.Follow or ItemFamily.Member ? "" : command.Item ?? ""),
            ReceivedDay = brand.Calendar.DayOf(now),
            Value = command.Value ?? 0,
            Rating = command.Rating ?? 0,
            OrderId = command.OrderId,
            Channel = command.Channel,
        };
        return null;
    }

    /// <summary>Whether what happens to a decision of that instant can still be (or already be) recorded.</summary>
    internal static bool IsWithinReach(long decidedAt, long now) => decidedAt >= now - StateBounds.LateMs && decidedAt <= now + StateBounds.AheadMs;

    /// <summary>Why a command cannot be an event whatever the catalogue: members that are missing, else ids beyond their bounds. Null where it can.</summary>
    public static EventResult? RefuseForm(EventCommand command)
    {
        List<string>? missing = null;
        Need(command.EventId is not null, "eventId");
        Need(command.Type is not null || command.TypeName is not null, "type");
        Need(command.ConsumerId is not null, "consumerId");
        Need(command.Brand is not null, "brand");
        Need(command.OccurredAt is not null, "occurredAt");
        if (command.Type is EventType.Purchase or EventType.Deposit or EventType.Refund)
        {
            Need(command.OrderId is not null, "orderId");
            Need(command.Value is not null, "value");
            Need(command.Currency is not null, "currency");
        }

        Need(command.Type is not EventType.Review || command.Rating is not null, "rating");
        Need(command.Type is not <= EventType.Dismiss || command.Decision is not null || command.DecisionUnreadable || command.Creative is not null, "decisionId or creative");
        if (missing is not null)
        {
            return Rejected(command, EventCodes.MissingField, $"Missing: {string.Join(", ", missing)}.");
        }

        List<string>? bad = null;
        CheckId(command.EventId!, "eventId");
        CheckId(command.ConsumerId!, "consumerId");
        CheckId(command.OrderId, "orderId");
        CheckId(command.Item, "item");
        CheckId(command.Channel, "channel");
        return bad is null ? null : Rejected(command, EventCodes.BadId, $"Ids are 1 to {MaxIdBytes} bytes of UTF-8; not so: {string.Join(", ", bad)}.");

        void Need(bool there, string name)
        {
            if (!there)
            {
                (missing ??= []).Add(name);
            }
        }

        void CheckId(string? id, string name)
        {
            if (id is not null && !IsId(id))
            {
                (bad ??= []).Add(name);
            }
        }
    }

    /// <summary>Whether a text can be an id: 1 to 128 bytes of UTF-8.</summary>
    public static bool IsId(string id) => id.Length is > 0 and <= MaxIdBytes && (id.Length <= MaxIdBytes / 3 || Encoding.UTF8.GetByteCount(id) <= MaxIdBytes);

    private static EventResult? WrongFigures(EventCommand command, BrandSnapshot brand)
    {
        if (command.Value is < 0 or > MaxValueMicros)
        {
            return Rejected(command, EventCodes.BadValue, $"value is in micros, 0 to {MaxValueMicros}.");
        }

        if (command.Rating is < 1 or > 5)
        {
            return Rejected(command, EventCodes.BadValue, "rating is 1 to 5.");
        }

        return command.Currency is not null && command.Currency != brand.Currency
            ? Rejected(command, EventCodes.CurrencyMismatch, $"The brand's currency is {brand.Currency}, not {command.Currency}.")
            : null;
    }

    private static EventResult? ResolveAd(EventCommand command, BrandSnapshot brand, long now, ref ConsumerEvent resolved)
    {
        if (command.Decision is { } decision)
        {
            if (decision.ConsumerId != command.ConsumerId || decision.Brand != brand.Symbol)
            {
                return Rejected(command, EventCodes.DecisionUnknown, "The decision is another consumer's or another brand's.");
            }

            if (!IsWithinReach(decision.DecidedAt, now))
            {
                return decision.DecidedAt < now
                    ? Rejected(command, EventCodes.TooOld, "The decision is over 30 days old.")
                    : Rejected(command, EventCodes.InFuture, "The decision lies more than 5 minutes ahead of the server's clock.");
            }

            resolved.Ad = AdContext.Of(decision);
            return null;
        }

        if (command.DecisionUnreadable)
        {
            return Rejected(command, EventCodes.DecisionUnknown, "The decision id is not one of this server's.");
        }

        if (!brand.Creatives.TryGetValue(command.Creative!, out CreativeSnapshot? creative))
        {
            return Rejected(command, EventCodes.BadValue, $"The brand has no creative '{command.Creative}'.");
        }

        resolved.Ad = new AdContext
        {
            Elsewhere = true,
            Creative = creative.Symbol,
            Step = OnlyStepOf(brand, creative),
            Ordinal = (uint)resolved.EventIdHash,
            DecidedAt = resolved.OccurredAt,
        };
        return null;
    }

    /// <summary>The symbol of the one step that shows the creative; 0 where none or several do.</summary>
    private static int OnlyStepOf(BrandSnapshot brand, CreativeSnapshot creative)
    {
        int only = 0;
        foreach (StepSnapshot? step in brand.StepsBySymbol)
        {
            if (step is not null && (step.Substitute == creative || Array.IndexOf(step.Creatives, creative) >= 0))
            {
                if (only != 0)
                {
                    return 0;
                }

                only = step.Symbol;
            }
        }

        return only;
    }

    internal static EventResult Rejected(EventCommand command, string code, string detail) => new(command.EventId, EventStatus.Rejected, code, detail);
}
