using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Lab.Streams;

/// <summary>One event of a behaviour stream, complete but for what only the brand knows (its currency). Money is in micros.</summary>
public sealed record StreamEvent
{
    /// <summary>Line of the file, from 1.</summary>
    public required long Line { get; init; }

    public required string EventId { get; init; }

    public required EventType Type { get; init; }

    public required string ConsumerId { get; init; }

    /// <summary>Null: the replay's brand.</summary>
    public string? Brand { get; init; }

    /// <summary>Ms since the Unix epoch.</summary>
    public required long OccurredAt { get; init; }

    public string? Item { get; init; }

    public long? Value { get; init; }

    /// <summary>Null where there is a value: the currency of the brand.</summary>
    public string? Currency { get; init; }

    public string? Channel { get; init; }

    public int? Rating { get; init; }

    public string? OrderId { get; init; }

    /// <summary>A token of the server that is replayed to; an embedded engine cannot open it.</summary>
    public string? DecisionId { get; init; }

    public string? Creative { get; init; }

    /// <summary>The event as an embedded engine takes it.</summary>
    public EventCommand ToCommand(string brand, string currency, long shift) => new()
    {
        EventId = EventId,
        Type = Type,
        ConsumerId = ConsumerId,
        Brand = Brand ?? brand,
        OccurredAt = OccurredAt + shift,
        Item = Item,
        Value = Value,
        Currency = Value is null ? Currency : Currency ?? currency,
        Channel = Channel,
        Rating = Rating,
        OrderId = OrderId,
        DecisionUnreadable = DecisionId is not null,
        Creative = Creative,
    };
}
