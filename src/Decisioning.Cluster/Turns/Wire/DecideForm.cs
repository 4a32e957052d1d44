using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;

namespace Decisioning.Cluster.Turns.Wire;

/// <summary>The compact form of a request for decisions: brands by symbol, to be looked up in the catalogue of the silo where it arrives.</summary>
internal static class DecideForm
{
    private const int MaxEntries = 4_096;

    [Flags]
    private enum Has : byte { None = 0, ConsentSaid = 1, Consent = 2, Deadline = 4, Explain = 8, Test = 16 }

    public static byte[] Write(DecideCommand command)
    {
        ByteWriter to = new();
        Has has = (command.Consent is null ? Has.None : Has.ConsentSaid) | (command.Consent == true ? Has.Consent : Has.None)
            | (command.Deadline is null ? Has.None : Has.Deadline) | (command.Explain ? Has.Explain : Has.None) | (command.Test ? Has.Test : Has.None);
        to.Byte((byte)has);
        to.Text(command.RequestId);
        to.Text(command.ConsumerId);
        to.Text(command.Device);
        to.Text(command.Country);
        to.Signed(command.Deadline ?? 0);
        to.Varint((ulong)command.Keywords.Count);
        foreach (string keyword in command.Keywords)
        {
            to.Text(keyword);
        }

        to.Varint((ulong)command.Brands.Length);
        foreach (BrandSnapshot brand in command.Brands)
        {
            to.Varint((ulong)brand.Symbol);
        }

        WriteAttributes(command.Attributes, to);
        WritePlacements(command.Placements, to);
        EventForm.Write(command.Events, to);
        return to.Written.ToArray();
    }

    /// <summary>Reads a request; brands that the catalogue does not have are left out.</summary>
    /// <exception cref="InvalidDataException">The form is not one of a request.</exception>
    public static DecideCommand Read(ReadOnlySpan<byte> form, CatalogueSnapshot catalogue)
    {
        ByteReader from = new(form);
        Has has = (Has)from.Byte();
        DecideCommand command = new()
        {
            Consent = has.HasFlag(Has.ConsentSaid) ? has.HasFlag(Has.Consent) : null,
            Explain = has.HasFlag(Has.Explain),
            Test = has.HasFlag(Has.Test),
            RequestId = from.Text(EventForm.MaxTextBytes),
            ConsumerId = from.Text(EventForm.MaxTextBytes),
            Device = from.Text(EventForm.MaxTextBytes),
            Country = from.Text(EventForm.MaxTextBytes),
            Catalogue = catalogue,
        };
        long deadline = from.Signed();
        command.Deadline = has.HasFlag(Has.Deadline) ? deadline : null;
        for (int i = from.Int(MaxEntries); i > 0 && !from.Failed; i--)
        {
            command.Keywords.Add(from.Text(EventForm.MaxTextBytes) ?? "");
        }

        List<BrandSnapshot> brands = [];
        for (int i = from.Int(BrandSymbols.Capacity); i > 0 && !from.Failed; i--)
        {
            if (catalogue.Find(from.Int(BrandSymbols.Capacity)) is { } brand)
            {
                brands.Add(brand);
            }
        }

        command.Brands = [.. brands];
        ReadAttributes(ref from, command.Attributes);
        ReadPlacements(ref from, command.Placements);
        command.Events.AddRange(EventForm.Read(ref from));
        return from is { Failed: false, AtEnd: true } ? command : throw EventForm.Broken();
    }

    private static void WriteAttributes(List<KeyValuePair<string, AttributeValue>> attributes, ByteWriter to)
    {
        to.Varint((ulong)attributes.Count);
        foreach ((string name, AttributeValue value) in attributes)
        {
            to.Text(name);
            to.Byte((byte)value.Kind);
            to.Double(value.Number);
            to.Text(value.Text);
        }
    }

    private static void ReadAttributes(ref ByteReader from, List<KeyValuePair<string, AttributeValue>> into)
    {
        for (int i = from.Int(MaxEntries); i > 0 && !from.Failed; i--)
        {
            string name = from.Text(EventForm.MaxTextBytes) ?? "";
            AttributeKind kind = (AttributeKind)from.Byte();
            double number = from.Double();
            into.Add(new(name, new AttributeValue(from.Text(EventForm.MaxTextBytes), number, kind)));
        }
    }

    private static void WritePlacements(List<PlacementCommand> placements, ByteWriter to)
    {
        to.Varint((ulong)placements.Count);
        foreach (PlacementCommand placement in placements)
        {
            to.Text(placement.Id);
            to.Text(placement.Channel);
            to.Signed(placement.Formats);
            to.Text(placement.Size);
            to.Varint((ulong)placement.Count);
            to.Byte(placement.ConfirmAtDecision ? (byte)1 : (byte)0);
        }
    }

    private static void ReadPlacements(ref ByteReader from, List<PlacementCommand> into)
    {
        for (int i = from.Int(MaxEntries); i > 0 && !from.Failed; i--)
        {
            into.Add(new PlacementCommand
            {
                Id = from.Text(EventForm.MaxTextBytes) ?? "",
                Channel = from.Text(EventForm.MaxTextBytes),
                Formats = (int)from.Signed(),
                Size = from.Text(EventForm.MaxTextBytes),
                Count = from.Int(MaxEntries),
                ConfirmAtDecision = from.Byte() == 1,
            });
        }
    }
}
