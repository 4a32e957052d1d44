using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;

namespace Decisioning.Core.Record;

/// <summary>
/// What a turn leaves in the journal: the consumer's id, then sections: attributes, events with what they cost, a decision with its request and what it drew,
/// imported events; then the turn's facts (<see cref="Facts.TurnFacts"/>). Enough to apply the turn again without a catalogue, to read its history, and to
/// export it.
/// </summary>
internal static class TurnPayload
{
    public enum Section : byte { Attributes = 1, Event = 2, Decision = 3, Import = 4 }

    private const int MaxEntries = 4_096;

    /// <summary>Bytes of a request's text: far beyond what the API lets through.</summary>
    private const int MaxTextBytes = 1 << 16;

    public static void WriteAttributes(List<KeyValuePair<string, AttributeValue>> attributes, ByteWriter to)
    {
        to.Byte((byte)Section.Attributes);
        to.Varint((ulong)attributes.Count);
        foreach ((string name, AttributeValue value) in attributes)
        {
            to.Text(name);
            to.Byte((byte)value.Kind);
            to.Double(value.Number);
            to.Text(value.Text);
        }
    }

    public static List<KeyValuePair<string, AttributeValue>> ReadAttributes(ref ByteReader from)
    {
        int count = from.Int(StateBounds.Attributes);
        var attributes = new List<KeyValuePair<string, AttributeValue>>(count);
        for (int i = 0; i < count && !from.Failed; i++)
        {
            string name = from.Text(AttributeList.MaxTextBytes) ?? "";
            var kind = (AttributeKind)from.Byte();
            double number = from.Double();
            attributes.Add(new(name, new AttributeValue(from.Text(AttributeList.MaxTextBytes), number, kind)));
            if (kind > AttributeKind.Boolean)
            {
                from.Fail();
            }
        }

        return attributes;
    }

    public static void WriteEvent(in ConsumerEvent e, in Charge charge, ByteWriter to)
    {
        to.Byte((byte)Section.Event);
        e.Write(to);
        to.Varint((ulong)charge.AmountMicros);
        to.Signed(charge.HeldUntil ?? -1);
    }

    public static void WriteImport(in ConsumerEvent e, ByteWriter to)
    {
        to.Byte((byte)Section.Import);
        e.Write(to);
    }

    public static (ConsumerEvent Event, Charge Charge) ReadEvent(ref ByteReader from)
    {
        ConsumerEvent e = ConsumerEvent.Read(ref from);
        long amount = (long)from.Varint(), heldUntil = from.Signed();
        return (e, new Charge(e.Brand, e.Ad.Campaign, amount, heldUntil < 0 ? null : heldUntil));
    }

    public static void WriteDecision(DecideCommand command, ReadOnlySpan<byte> brands, Decider decider, ulong seed, ulong requestHash, ByteWriter to)
    {
        to.Byte((byte)Section.Decision);
        to.UInt64(seed);
        to.UInt64(requestHash);
        to.Text(command.Catalogue.Version);
        WriteRequest(command, brands, to);
        to.Varint((ulong)decider.Refusals.Length);
        foreach ((int brand, int campaign, MarketRefusal refusal) in decider.Refusals)
        {
            to.Varint((ulong)brand);
            to.Varint((ulong)campaign);
            to.Byte((byte)refusal);
        }

        to.Varint((ulong)decider.Draws.Length);
        foreach (ref readonly DrawRecord draw in decider.Draws)
        {
            to.Byte((byte)(draw.Placement | (draw.Ghost ? 0x80 : 0)));
            ReplyCodec.WriteDecision(draw.Decision, to);
            to.Varint((ulong)draw.HeldMicros);
            to.Varint((ulong)draw.ChargedMicros);
        }
    }

    /// <summary>Reads a decision section up to where the reply's compact form begins.</summary>
    public static RecordedTurnDecision ReadDecision(ref ByteReader from)
    {
        ulong seed = from.UInt64(), requestHash = from.UInt64();
        string catalogue = from.Text(MaxTextBytes) ?? "";
        RecordedRequest request = ReadRequest(ref from);
        var refusals = new (int, int, MarketRefusal)[from.Int(MaxEntries)];
        for (int i = 0; i < refusals.Length; i++)
        {
            refusals[i] = (from.Int(BrandSymbols.Capacity), from.Int(BrandSymbols.Capacity), (MarketRefusal)from.Byte());
        }

        var draws = new RecordedDraw[from.Int(MaxEntries)];
        for (int i = 0; i < draws.Length; i++)
        {
            byte head = from.Byte();
            draws[i] = new RecordedDraw(head & 0x7F, (head & 0x80) != 0, ReplyCodec.ReadDecision(ref from), (long)from.Varint(), (long)from.Varint());
        }

        return new RecordedTurnDecision(seed, requestHash, catalogue, request, refusals, draws);
    }

    private static void WriteRequest(DecideCommand command, ReadOnlySpan<byte> brands, ByteWriter to)
    {
        to.Byte((byte)(command.Consent is null ? 0 : command.Consent == true ? 1 : 2));
        to.Text(command.Device);
        to.Text(command.Country);
        to.Raw(brands);
        to.Varint((ulong)command.Placements.Count);
        foreach (PlacementCommand placement in command.Placements)
        {
            to.Text(placement.Id);
            to.Text(placement.Channel);
            to.Text(placement.Size);
            to.Byte((byte)(placement.Formats | (placement.ConfirmAtDecision ? 0x80 : 0)));
            to.Byte((byte)placement.Count);
        }
    }

    private static RecordedRequest ReadRequest(ref ByteReader from)
    {
        byte consent = from.Byte();
        string? device = from.Text(MaxTextBytes), country = from.Text(MaxTextBytes);
        int[] brands = new int[from.Int(MaxEntries)];
        for (int i = 0; i < brands.Length; i++)
        {
            brands[i] = from.Int(BrandSymbols.Capacity);
        }

        var placements = new PlacementCommand[from.Int(64)];
        for (int i = 0; i < placements.Length; i++)
        {
            string id = from.Text(MaxTextBytes) ?? "";
            string? channel = from.Text(MaxTextBytes), size = from.Text(MaxTextBytes);
            byte formats = from.Byte();
            placements[i] = new PlacementCommand
            {
                Id = id,
                Channel = channel,
                Size = size,
                Formats = formats & 0x7F,
                ConfirmAtDecision = (formats & 0x80) != 0,
                Count = from.Byte(),
            };
        }

        return new RecordedRequest(consent == 0 ? null : consent == 1, device, country, brands, placements);
    }
}

/// <summary>A request as the journal keeps it.</summary>
public sealed record RecordedRequest(bool? Consent, string? Device, string? Country, int[] Brands, PlacementCommand[] Placements);

/// <summary>One draw as the journal keeps it.</summary>
public readonly record struct RecordedDraw(int Placement, bool Ghost, RecordedDecision Decision, long HeldMicros, long ChargedMicros);

/// <summary>A decision as the journal keeps it: every input but the state, and what was drawn.</summary>
public sealed record RecordedTurnDecision(
    ulong Seed, ulong RequestHash, string CatalogueVersion, RecordedRequest Request, (int Brand, int Campaign, MarketRefusal Refusal)[] Refusals,
    RecordedDraw[] Draws);
