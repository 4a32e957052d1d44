using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Record;

/// <summary>Checks a reported event against the catalogue and the clock and resolves its names. Pure; a refusal has the code of the first fault and names every one.</summary>
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
        EventFaults faults = default;
        BrandSnapshot? brand = CheckMembers(command, catalogue, ref faults);
        if (command.OccurredAt < now - StateBounds.LateMs)
        {
            faults.Add(EventCodes.TooOld, "Events count up to 30 days late.");
        }

        if (command.OccurredAt > now + StateBounds.AheadMs)
        {
            faults.Add(EventCodes.InFuture, "Events may lie at most 5 minutes ahead of the server's clock.");
        }

        bool isAd = command.Type <= EventType.Dismiss;
        if (isAd && brand is not null)
        {
            CheckAd(command, brand, now, ref faults);
        }

        if (faults.Of(command) is { } rejected)
        {
            resolved = default;
            return rejected;
        }

        resolved = EventOf(command, brand!, now, hash);
        if (isAd)
        {
            resolved.Ad = command.Decision is { } decision ? AdContext.Of(decision) : Elsewhere(brand!, brand!.Creatives[command.Creative!], resolved);
        }

        return null;
    }

    /// <summary>Resolves the command into an event of history, of any age from <see cref="FirstImport"/> on, or says why not.</summary>
    /// <returns>Null where <paramref name="resolved"/> may be taken in.</returns>
    public static EventResult? ResolveImport(EventCommand command, CatalogueSnapshot catalogue, long now, in SipHash hash, out ConsumerEvent resolved)
    {
        EventFaults faults = default;
        BrandSnapshot? brand = CheckMembers(command, catalogue, ref faults);
        if (command.OccurredAt < FirstImport || command.OccurredAt > now)
        {
            faults.Add(EventCodes.ImpossibleDate, "History lies between 2000-01-01 and now.");
        }

        EventResult? rejected = faults.Of(command);
        resolved = rejected is null ? EventOf(command, brand!, now, hash) : default;
        return rejected;
    }

    /// <summary>Why a command cannot be an event of anybody, whenever it happened. Null where it can.</summary>
    public static EventResult? Refuse(EventCommand command, CatalogueSnapshot catalogue)
    {
        EventFaults faults = default;
        CheckMembers(command, catalogue, ref faults);
        return faults.Of(command);
    }

    /// <summary>Whether what happens to a decision of that instant can still be (or already be) recorded.</summary>
    internal static bool IsWithinReach(long decidedAt, long now) => decidedAt >= now - StateBounds.LateMs && decidedAt <= now + StateBounds.AheadMs;

    /// <summary>Finds what is wrong whoever the consumer is and whenever it happened: members that are missing, ids beyond their bounds, names that nobody knows, impossible figures.</summary>
    /// <returns>The event's brand; null where there is none of that name.</returns>
    private static BrandSnapshot? CheckMembers(EventCommand command, CatalogueSnapshot catalogue, ref EventFaults faults)
    {
        CheckMissing(command, ref faults);
        CheckIds(command, ref faults);
        if (command.Type is null && command.TypeName is not null)
        {
            faults.Add(EventCodes.UnknownType, $"There is no event type '{command.TypeName}'.");
        }

        BrandSnapshot? brand = command.Brand is null ? null : catalogue.Find(command.Brand);
        if (brand is null && command.Brand is not null)
        {
            faults.Add(EventCodes.UnknownBrand, $"There is no brand '{command.Brand}'.");
        }

        CheckFigures(command, brand, ref faults);
        return brand;
    }

    private static void CheckMissing(EventCommand command, ref EventFaults faults)
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
            faults.Add(EventCodes.MissingField, $"Missing: {string.Join(", ", missing)}.");
        }

        void Need(bool there, string name)
        {
            if (!there)
            {
                (missing ??= []).Add(name);
            }
        }
    }

    private static void CheckIds(EventCommand command, ref EventFaults faults)
    {
        List<string>? bad = null;
        CheckId(command.EventId, "eventId");
        CheckId(command.ConsumerId, "consumerId");
        CheckId(command.OrderId, "orderId");
        CheckId(command.Item, "item");
        CheckId(command.Channel, "channel");
        if (bad is not null)
        {
            faults.Add(EventCodes.BadId, $"Ids are 1 to {MaxIdBytes} bytes of UTF-8; not so: {string.Join(", ", bad)}.");
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

    private static void CheckFigures(EventCommand command, BrandSnapshot? brand, ref EventFaults faults)
    {
        if (command.Value is < 0 or > MaxValueMicros)
        {
            faults.Add(EventCodes.BadValue, $"value is in micros, 0 to {MaxValueMicros}.");
        }

        if (command.Rating is < 1 or > 5)
        {
            faults.Add(EventCodes.BadValue, "rating is 1 to 5.");
        }

        if (brand is not null && command.Currency is not null && command.Currency != brand.Currency)
        {
            faults.Add(EventCodes.CurrencyMismatch, $"The brand's currency is {brand.Currency}, not {command.Currency}.");
        }
    }

    private static void CheckAd(EventCommand command, BrandSnapshot brand, long now, ref EventFaults faults)
    {
        if (command.Decision is { } decision)
        {
            if (decision.ConsumerId != command.ConsumerId || decision.Brand != brand.Symbol)
            {
                faults.Add(EventCodes.DecisionUnknown, "The decision is another consumer's or another brand's.");
            }

            if (!IsWithinReach(decision.DecidedAt, now))
            {
                bool isPast = decision.DecidedAt < now;
                faults.Add(
                    isPast ? EventCodes.TooOld : EventCodes.InFuture,
                    isPast ? "The decision is over 30 days old." : "The decision lies more than 5 minutes ahead of the server's clock.");
            }
        }
        else if (command.DecisionUnreadable)
        {
            faults.Add(EventCodes.DecisionUnknown, "The decision id is not one of this server's.");
        }
        else if (command.Creative is not null && !brand.Creatives.ContainsKey(command.Creative))
        {
            faults.Add(EventCodes.BadValue, $"The brand has no creative '{command.Creative}'.");
        }
    }

    /// <summary>The event of a command in which nothing is wrong, but for what it belongs to.</summary>
    private static ConsumerEvent EventOf(EventCommand command, BrandSnapshot brand, long now, in SipHash hash)
    {
        EventType type = command.Type!.Value;
        long occurredAt = command.OccurredAt!.Value;
        return new ConsumerEvent
        {
            Type = type,
            Brand = brand.Symbol,
            OccurredAt = occurredAt,
            LocalDay = brand.Calendar.DayOf(occurredAt),
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
    }

    /// <summary>What an ad interaction belongs to that names its creative and no decision.</summary>
    private static AdContext Elsewhere(BrandSnapshot brand, CreativeSnapshot creative, in ConsumerEvent e) => new()
    {
        Elsewhere = true,
        Creative = creative.Symbol,
        Step = OnlyStepOf(brand, creative),
        Ordinal = (uint)e.EventIdHash,
        DecidedAt = e.OccurredAt,
    };

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
