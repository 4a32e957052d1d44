using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Consumers;

/// <summary>One event as a caller reported it, not yet checked against rules; absent members are null.</summary>
public sealed class EventCommand
{
    /// <summary>The caller's own id of the event, 1 to 128 UTF-8 bytes.</summary>
    public string? EventId { get; init; }

    /// <summary>Null where <see cref="TypeName"/> names no known type.</summary>
    public EventType? Type { get; init; }

    /// <summary>The name as sent, kept where it is unknown or absent, for the message.</summary>
    public string? TypeName { get; init; }

    public string? ConsumerId { get; init; }

    /// <summary>The brand's id.</summary>
    public string? Brand { get; init; }

    /// <summary>Instant, milliseconds since the Unix epoch.</summary>
    public long? OccurredAt { get; init; }

    public string? Item { get; init; }

    /// <summary>Micros of <see cref="Currency"/>.</summary>
    public long? Value { get; init; }

    public string? Currency { get; init; }

    public string? Channel { get; init; }

    /// <summary>1 to 5.</summary>
    public int? Rating { get; init; }

    public string? OrderId { get; init; }

    /// <summary>The decision the event belongs to, opened from its token by the API; null where none was named.</summary>
    public DecisionRef? Decision { get; init; }

    /// <summary>True where a decision id was named but its token could not be opened.</summary>
    public bool DecisionUnreadable { get; init; }

    /// <summary>A creative shown elsewhere, by id; the other way to say what an ad interaction belongs to.</summary>
    public string? Creative { get; init; }
}

/// <summary>
/// All that a decision's token carries: enough to record what happens to the decision even where the decision itself was lost in a crash.
/// </summary>
/// <param name="ConsumerId">Null for a contextual decision.</param>
/// <param name="Brand">Brand symbol.</param>
/// <param name="Campaign">Campaign symbol.</param>
/// <param name="Step">Step symbol.</param>
/// <param name="Creative">Creative symbol.</param>
/// <param name="Ordinal">The consumer's count of decisions at this one; for contextual decisions a number that makes it unique with the instant.</param>
/// <param name="DecidedAt">Instant of the decision, ms since the Unix epoch.</param>
/// <param name="ReserveSeconds">How long it holds its place, 0 to 65,535.</param>
/// <param name="PriceModel">What is charged when.</param>
/// <param name="UnitPriceMicros">Charged at the impression (cpm) or at the click (cpc).</param>
/// <param name="ChannelMark">The <see cref="Consumers.ChannelMark"/> of the placement's channel.</param>
public sealed record DecisionRef(
    string? ConsumerId, int Brand, int Campaign, int Step, int Creative, uint Ordinal, long DecidedAt, int ReserveSeconds, PriceModel PriceModel, long UnitPriceMicros,
    ushort ChannelMark = Consumers.ChannelMark.None);

public enum EventStatus : byte { Accepted, Duplicate, Rejected }

/// <summary>What became of one event.</summary>
/// <param name="EventId">As sent; null where none was.</param>
/// <param name="Status">Accepted events are on disk when this is returned.</param>
/// <param name="Code">Why it was rejected: one of <see cref="EventCodes"/>; null otherwise.</param>
/// <param name="Detail">A sentence for people; null unless rejected.</param>
public readonly record struct EventResult(string? EventId, EventStatus Status, string? Code = null, string? Detail = null);

/// <summary>Stable codes of rejected events.</summary>
public static class EventCodes
{
    public const string UnknownType = "event.unknown_type";
    public const string UnknownBrand = "event.unknown_brand";
    public const string BadId = "event.bad_id";
    public const string MissingField = "event.missing_field";
    public const string BadValue = "event.bad_value";
    public const string TooOld = "event.too_old";
    public const string InFuture = "event.in_future";
    public const string ImpossibleDate = "event.impossible_date";
    public const string CurrencyMismatch = "event.currency_mismatch";
    public const string DecisionUnknown = "event.decision_unknown";
    public const string OrderUnknown = "event.order_unknown";
    public const string NoConsent = "event.no_consent";
    public const string ConsumerFull = "consumer.full";
}
