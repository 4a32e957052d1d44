using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Record;

/// <summary>
/// One event with every name resolved: what a turn applies and the journal keeps, so that applying it again needs no catalogue. Instants are ms since the Unix
/// epoch, money micros.
/// </summary>
public record struct ConsumerEvent
{
    public EventType Type;

    /// <summary>Brand symbol.</summary>
    public int Brand;

    public long OccurredAt;

    public long ReceivedAt;

    /// <summary>Keyed hash of the event id; 0 for a tracker call, which has none.</summary>
    public ulong EventIdHash;

    /// <summary>Keyed hash of the item; that of the empty text for the unnamed item.</summary>
    public ulong ItemHash;

    /// <summary>The brand's calendar day of <see cref="OccurredAt"/>.</summary>
    public int LocalDay;

    /// <summary>The brand's calendar day of <see cref="ReceivedAt"/>.</summary>
    public int ReceivedDay;

    public long Value;

    public int Rating;

    public string? EventId;

    public string? Item;

    public string? OrderId;

    public string? Channel;

    /// <summary>For ad interactions: the decision they belong to; ordinal and instant of an impression shown elsewhere are its own.</summary>
    public AdContext Ad;

    public void Write(ByteWriter to)
    {
        to.Byte((byte)Type);
        to.Varint((ulong)Brand);
        to.Varint((ulong)OccurredAt);
        to.Varint((ulong)ReceivedAt);
        to.UInt64(EventIdHash);
        to.UInt64(ItemHash);
        to.Varint((ulong)LocalDay);
        to.Varint((ulong)ReceivedDay);
        to.Varint((ulong)Value);
        to.Byte((byte)Rating);
        to.Text(EventId);
        to.Text(Item);
        to.Text(OrderId);
        to.Text(Channel);
        if (Type <= EventType.Dismiss)
        {
            Ad.Write(to);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote; fails where the members are not such as <see cref="EventRules"/> lets through.</summary>
    public static ConsumerEvent Read(ref ByteReader from)
    {
        var e = new ConsumerEvent
        {
            Type = (EventType)from.Byte(),
            Brand = from.Int(BrandSymbols.Capacity),
            OccurredAt = from.Instant(),
            ReceivedAt = from.Instant(),
            EventIdHash = from.UInt64(),
            ItemHash = from.UInt64(),
            LocalDay = from.Int(ushort.MaxValue),
            ReceivedDay = from.Int(ushort.MaxValue),
            Value = (long)from.Varint(),
            Rating = from.Byte(),
            EventId = from.Text(EventRules.MaxIdBytes),
            Item = from.Text(EventRules.MaxIdBytes),
            OrderId = from.Text(EventRules.MaxIdBytes),
            Channel = from.Text(EventRules.MaxIdBytes),
        };
        if (!IsWhole(e))
        {
            from.Fail();
        }
        else if (e.Type <= EventType.Dismiss)
        {
            e.Ad = AdContext.Read(ref from);
        }

        return e;
    }

    private static bool IsWhole(in ConsumerEvent e) =>
        e.Type <= EventType.LeaveMember
        && e.Value is >= 0 and <= EventRules.MaxValueMicros
        && Math.Abs(e.LocalDay - e.OccurredAt / BrandCalendar.MillisecondsPerDay) <= 1
        && (e.OrderId is not null || e.Type is not (EventType.Purchase or EventType.Deposit or EventType.Refund));
}

/// <summary>The decision, or the showing elsewhere, that an ad interaction belongs to.</summary>
public record struct AdContext
{
    private const int StageShift = 4;
    private const int PriceMask = 0xF;

    /// <summary>True: shown elsewhere, known by creative alone.</summary>
    public bool Elsewhere;

    public int Campaign;

    public int Step;

    public int Creative;

    public uint Ordinal;

    public long DecidedAt;

    public int ReserveSeconds;

    public PriceModel PriceModel;

    public long UnitPriceMicros;

    /// <summary>The mark of the channel that the decision was made for.</summary>
    public ushort ChannelMark;

    /// <summary>The fine stage at the interaction, to be noted where the exposure has to be made again.</summary>
    public DeeplinkStage Stage;

    public static AdContext Of(DecisionRef decision) => new()
    {
        Campaign = decision.Campaign,
        Step = decision.Step,
        Creative = decision.Creative,
        Ordinal = decision.Ordinal,
        DecidedAt = decision.DecidedAt,
        ReserveSeconds = decision.ReserveSeconds,
        PriceModel = decision.PriceModel,
        UnitPriceMicros = decision.UnitPriceMicros,
        ChannelMark = decision.ChannelMark,
    };

    public readonly void Write(ByteWriter to)
    {
        to.Byte((byte)((Elsewhere ? 0x80 : 0) | (int)Stage << StageShift | (int)PriceModel));
        to.Varint((ulong)Campaign);
        to.Varint((ulong)Step);
        to.Varint((ulong)Creative);
        to.Varint(Ordinal);
        to.Varint((ulong)DecidedAt);
        to.Varint((ulong)ReserveSeconds);
        to.Varint((ulong)UnitPriceMicros);
        to.Varint(ChannelMark);
    }

    public static AdContext Read(ref ByteReader from)
    {
        byte head = from.Byte();
        if ((head & PriceMask) > (int)PriceModel.Flat)
        {
            from.Fail();
        }

        return new AdContext
        {
            Elsewhere = (head & 0x80) != 0,
            Stage = (DeeplinkStage)(head >> StageShift & 7),
            PriceModel = (PriceModel)(head & PriceMask),
            Campaign = from.Int(BrandSymbols.Capacity),
            Step = from.Int(BrandSymbols.Capacity),
            Creative = from.Int(BrandSymbols.Capacity),
            Ordinal = (uint)from.Varint(),
            DecidedAt = from.Instant(),
            ReserveSeconds = from.Int(ushort.MaxValue),
            UnitPriceMicros = (long)from.Varint(),
            ChannelMark = (ushort)from.Int(ushort.MaxValue),
        };
    }
}
