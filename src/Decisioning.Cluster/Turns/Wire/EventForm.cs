using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Cluster.Turns.Wire;

/// <summary>The compact forms of events, of what became of them, and of the decision that one may belong to.</summary>
internal static class EventForm
{
    /// <summary>Bytes of a text: what a request may hold at most.</summary>
    internal const int MaxTextBytes = 1 << 20;

    private const int MaxEvents = 1 << 16;

    [Flags]
    private enum Has : byte { None = 0, Type = 1, OccurredAt = 2, Value = 4, Rating = 8, Decision = 16, Unreadable = 32 }

    public static byte[] Write(IReadOnlyList<EventCommand> events)
    {
        ByteWriter to = new();
        Write(events, to);
        return to.Written.ToArray();
    }

    /// <exception cref="InvalidDataException">The form is not one of events.</exception>
    public static List<EventCommand> Read(ReadOnlySpan<byte> form)
    {
        ByteReader from = new(form);
        List<EventCommand> events = Read(ref from);
        return from is { Failed: false, AtEnd: true } ? events : throw Broken();
    }

    public static byte[] WriteDecision(DecisionRef decision)
    {
        ByteWriter to = new();
        Write(decision, to);
        return to.Written.ToArray();
    }

    /// <exception cref="InvalidDataException">The form is not one of a decision.</exception>
    public static DecisionRef ReadDecision(ReadOnlySpan<byte> form)
    {
        ByteReader from = new(form);
        DecisionRef decision = ReadRef(ref from);
        return from is { Failed: false, AtEnd: true } ? decision : throw Broken();
    }

    public static byte[] WriteResults(EventResult[] results)
    {
        ByteWriter to = new();
        Write(results, to);
        return to.Written.ToArray();
    }

    /// <exception cref="InvalidDataException">The form is not one of results.</exception>
    public static EventResult[] ReadResults(ReadOnlySpan<byte> form)
    {
        ByteReader from = new(form);
        EventResult[] results = ReadResults(ref from);
        return from is { Failed: false, AtEnd: true } ? results : throw Broken();
    }

    internal static void Write(IReadOnlyList<EventCommand> events, ByteWriter to)
    {
        to.Varint((ulong)events.Count);
        foreach (EventCommand e in events)
        {
            Write(e, to);
        }
    }

    internal static List<EventCommand> Read(ref ByteReader from)
    {
        int count = from.Int(MaxEvents);
        List<EventCommand> events = [];
        for (int i = 0; i < count && !from.Failed; i++)
        {
            events.Add(ReadEvent(ref from));
        }

        return events;
    }

    internal static void Write(EventResult[] results, ByteWriter to)
    {
        to.Varint((ulong)results.Length);
        foreach (EventResult result in results)
        {
            to.Text(result.EventId);
            to.Byte((byte)result.Status);
            to.Text(result.Code);
            to.Text(result.Detail);
        }
    }

    internal static EventResult[] ReadResults(ref ByteReader from)
    {
        EventResult[] results = new EventResult[from.Int(MaxEvents)];
        for (int i = 0; i < results.Length && !from.Failed; i++)
        {
            results[i] = new EventResult(from.Text(MaxTextBytes), (EventStatus)from.Byte(), from.Text(MaxTextBytes), from.Text(MaxTextBytes));
        }

        return results;
    }

    internal static InvalidDataException Broken() => new("A message of another silo cannot be read.");

    private static void Write(EventCommand e, ByteWriter to)
    {
        Has has = (e.Type is null ? Has.None : Has.Type) | (e.OccurredAt is null ? Has.None : Has.OccurredAt) | (e.Value is null ? Has.None : Has.Value)
            | (e.Rating is null ? Has.None : Has.Rating) | (e.Decision is null ? Has.None : Has.Decision) | (e.DecisionUnreadable ? Has.Unreadable : Has.None);
        to.Byte((byte)has);
        to.Byte((byte)(e.Type ?? default));
        to.Signed(e.OccurredAt ?? 0);
        to.Signed(e.Value ?? 0);
        to.Signed(e.Rating ?? 0);
        to.Text(e.EventId);
        to.Text(e.TypeName);
        to.Text(e.ConsumerId);
        to.Text(e.Brand);
        to.Text(e.Item);
        to.Text(e.Currency);
        to.Text(e.Channel);
        to.Text(e.OrderId);
        to.Text(e.Creative);
        if (e.Decision is { } decision)
        {
            Write(decision, to);
        }
    }

    private static EventCommand ReadEvent(ref ByteReader from)
    {
        Has has = (Has)from.Byte();
        EventType type = (EventType)from.Byte();
        long occurredAt = from.Signed(), value = from.Signed(), rating = from.Signed();
        return new EventCommand
        {
            Type = has.HasFlag(Has.Type) ? type : null,
            OccurredAt = has.HasFlag(Has.OccurredAt) ? occurredAt : null,
            Value = has.HasFlag(Has.Value) ? value : null,
            Rating = has.HasFlag(Has.Rating) ? (int)rating : null,
            DecisionUnreadable = has.HasFlag(Has.Unreadable),
            EventId = from.Text(MaxTextBytes),
            TypeName = from.Text(MaxTextBytes),
            ConsumerId = from.Text(MaxTextBytes),
            Brand = from.Text(MaxTextBytes),
            Item = from.Text(MaxTextBytes),
            Currency = from.Text(MaxTextBytes),
            Channel = from.Text(MaxTextBytes),
            OrderId = from.Text(MaxTextBytes),
            Creative = from.Text(MaxTextBytes),
            Decision = has.HasFlag(Has.Decision) ? ReadRef(ref from) : null,
        };
    }

    private static void Write(DecisionRef decision, ByteWriter to)
    {
        to.Text(decision.ConsumerId);
        to.Varint((ulong)decision.Brand);
        to.Varint((ulong)decision.Campaign);
        to.Varint((ulong)decision.Step);
        to.Varint((ulong)decision.Creative);
        to.Varint(decision.Ordinal);
        to.Signed(decision.DecidedAt);
        to.Varint((ulong)decision.ReserveSeconds);
        to.Byte((byte)decision.PriceModel);
        to.Varint((ulong)decision.UnitPriceMicros);
        to.Varint(decision.ChannelMark);
    }

    private static DecisionRef ReadRef(ref ByteReader from) => new(
        from.Text(MaxTextBytes), from.Int(BrandSymbols.Capacity), from.Int(BrandSymbols.Capacity), from.Int(BrandSymbols.Capacity), from.Int(BrandSymbols.Capacity),
        (uint)from.Varint(), from.Signed(), from.Int(ushort.MaxValue), (PriceModel)from.Byte(), (long)from.Varint(), (ushort)from.Int(ushort.MaxValue));
}
