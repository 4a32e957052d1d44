using Decisioning.Core.Catalogue;

namespace Decisioning.Lab.Streams;

/// <summary>What was read of a JSON line so far; absent members are null.</summary>
internal struct JsonEventDraft
{
    public string? EventId;
    public EventType? Type;
    public string? ConsumerId;
    public string? Brand;
    public long? OccurredAt;
    public string? Item;
    public long? Value;
    public string? Currency;
    public string? Channel;
    public long? Rating;
    public string? OrderId;
    public string? DecisionId;
    public string? Creative;

    /// <summary>The members that the type requires and that are not there; null where none is missing.</summary>
    public readonly LineFault? Missing()
    {
        List<string> missing = [];
        Need(Type is not null, "type");
        Need(ConsumerId is not null, "consumerId");
        Need(OccurredAt is not null, "occurredAt");
        if (Type is EventType.Purchase or EventType.Deposit or EventType.Refund)
        {
            Need(OrderId is not null, "orderId");
            Need(Value is not null, "value");
        }

        Need(Type is not EventType.Review || Rating is not null, "rating");
        Need(Type is not <= EventType.Dismiss || DecisionId is not null || Creative is not null, "decisionId or creative");
        return missing.Count == 0 ? null : new LineFault(0, $"Missing: {string.Join(", ", missing)}.");

        void Need(bool there, string name)
        {
            if (!there)
            {
                missing.Add(name);
            }
        }
    }

    /// <summary>The event, where nothing is <see cref="Missing"/>.</summary>
    public readonly StreamEvent ToEvent(long number, ReadOnlySpan<byte> line) => new()
    {
        Line = number,
        EventId = EventId ?? LineId.Of(number, line),
        Type = Type!.Value,
        ConsumerId = ConsumerId!,
        Brand = Brand,
        OccurredAt = OccurredAt!.Value,
        Item = Item,
        Value = Value,
        Currency = Currency,
        Channel = Channel,
        Rating = (int?)Rating,
        OrderId = OrderId,
        DecisionId = DecisionId,
        Creative = Creative,
    };
}
