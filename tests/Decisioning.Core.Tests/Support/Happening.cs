using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record;

namespace Decisioning.Core.Tests.Support;

/// <summary>One event of a made-up history: when it was, when the server hears of it, and what it says.</summary>
internal sealed record Happening(EventType Type, long At, long ReceivedAt, string Id)
{
    public string? Item { get; init; }

    public string? Order { get; init; }

    public long? Value { get; init; }

    public int? Rating { get; init; }

    public DecisionRef? Decision { get; init; }

    public string? Creative { get; init; }

    public EventCommand Command(string consumer, string brand) => new()
    {
        EventId = Id,
        Type = Type,
        ConsumerId = consumer,
        Brand = brand,
        OccurredAt = At,
        Item = Item,
        OrderId = Order,
        Value = Value,
        Currency = Value is null ? null : "CNY",
        Rating = Rating,
        Decision = Decision,
        Creative = Creative,
    };
}
