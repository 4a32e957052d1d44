using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Consumers;

public static partial class ConsumerCodec
{
    private static int CountOf(int presence, Section section, int max, ref ByteReader from)
    {
        if ((presence >> (int)section & 1) == 0)
        {
            return 0;
        }

        int count = from.Int(max);
        if (count == 0)
        {
            from.Fail();
        }

        return count;
    }

    private static void ReadRelationships(ConsumerState into, int presence, ref ByteReader from)
    {
        int count = CountOf(presence, Section.Relationships, StateBounds.Relationships, ref from);
        for (int i = 0; i < count && !from.Failed; i++)
        {
            uint packed = UInt32(ref from);
            if ((packed & 0xFF) > (uint)DeeplinkStage.Keen)
            {
                from.Fail();
            }

            into.Relationships.Add(new Relationship((int)(packed >> 8), (DeeplinkStage)(packed & 0xFF), new DayCounts(from.UInt64())));
        }
    }

    /// <summary>Reads entries of one packed number each: strictly ascending, every slot a relationship's.</summary>
    private static void ReadSorted<T>(StructList<T> list, int presence, Section section, ConsumerState state, ref ByteReader from, int max)
        where T : struct
    {
        int count = CountOf(presence, section, max, ref from);
        ReadOnlySpan<byte> bytes = from.Take(count * 8);
        if (from.Failed || count == 0)
        {
            return;
        }

        bytes.CopyTo(MemoryMarshal.AsBytes(list.Extend(count)));
        ReadOnlySpan<ulong> numbers = MemoryMarshal.Cast<T, ulong>(list.Items);
        for (int i = 1; i < numbers.Length; i++)
        {
            if (numbers[i] <= numbers[i - 1])
            {
                from.Fail();
            }
        }

        if ((int)(numbers[^1] >> 56) >= state.Relationships.Count)
        {
            from.Fail();
        }
    }

    private static void ReadItems(ConsumerState into, int presence, ref ByteReader from)
    {
        int count = CountOf(presence, Section.Items, 4 * StateBounds.Items * StateBounds.Relationships, ref from);
        ReadOnlySpan<byte> bytes = from.Take(count * 16);
        if (from.Failed || count == 0)
        {
            return;
        }

        bytes.CopyTo(MemoryMarshal.AsBytes(into.Items.Extend(count)));
        for (int i = 0; i < count; i++)
        {
            ref readonly ItemEntry item = ref into.Items[i];
            if (item.Slot >= into.Relationships.Count || item.Family > ItemFamily.Member || (i > 0 && item.CompareTo(into.Items[i - 1]) < 0))
            {
                from.Fail();
                return;
            }
        }
    }

    private static void ReadExposures(ConsumerState into, int presence, ref ByteReader from)
    {
        int count = CountOf(presence, Section.Exposures, StateBounds.Exposures, ref from);
        ReadOnlySpan<byte> bytes = from.Take(count * ExposureLength);
        if (from.Failed || count == 0)
        {
            return;
        }

        long latest = into.LastInstant + ExposureLead;
        Span<ExposureEntry> entries = into.Exposures.Extend(count);
        ReadOnlySpan<PackedExposure> packed = MemoryMarshal.Cast<byte, PackedExposure>(bytes);
        int slots = into.Relationships.Count;
        bool consistent = true;
        for (int i = 0; i < packed.Length && i < entries.Length; i++)
        {
            ExposureEntry entry = packed[i].Unpack(latest);
            consistent &= entry.Slot < slots & entry.Stage <= DeeplinkStage.Keen;
            entries[i] = entry;
        }

        if (!consistent)
        {
            from.Fail();
        }

        into.ExposuresBySlot.Forget();
    }

    private static void ReadEventIds(ConsumerState into, int presence, ref ByteReader from)
    {
        int count = CountOf(presence, Section.EventIds, StateBounds.EventIds, ref from);
        ReadOnlySpan<byte> ids = from.Take(count * 8);
        ReadOnlySpan<byte> hours = from.Take(count * 2);
        if (!from.Failed)
        {
            ids.CopyTo(MemoryMarshal.AsBytes(into.EventIds.Extend(count)));
            hours.CopyTo(MemoryMarshal.AsBytes(into.EventIdHours.Extend(count)));
        }
    }

    private static void ReadStageChanges(ConsumerState into, int presence, ref ByteReader from)
    {
        int count = CountOf(presence, Section.StageChanges, StateBounds.StageChanges * StateBounds.Relationships, ref from);
        ReadOnlySpan<byte> bytes = from.Take(count * 8);
        if (from.Failed || count == 0)
        {
            return;
        }

        bytes.CopyTo(MemoryMarshal.AsBytes(into.StageChanges.Extend(count)));
        foreach (ref readonly StageChangeEntry change in into.StageChanges.Items)
        {
            if (change.Slot >= into.Relationships.Count || change.From > DeeplinkStage.Keen || change.To > DeeplinkStage.Keen)
            {
                from.Fail();
                return;
            }
        }
    }

    private static void ReadOrders(ConsumerState into, int presence, ref ByteReader from)
    {
        int count = CountOf(presence, Section.Orders, StateBounds.Orders * StateBounds.Relationships, ref from);
        for (int i = 0; i < count && !from.Failed; i++)
        {
            var order = new OrderEntry { Slot = from.Byte(), PurchasedAt = (long)from.UInt64() };
            order.PurchaseDay = UInt16(ref from);
            order.Value = (long)from.UInt64();
            order.DepositAt = (long)from.UInt64();
            order.Refunded = (long)from.UInt64();
            order.RefundedAt = (long)from.UInt64();
            order.Id = into.AddText(from.Take(from.Byte()));
            if (order.Slot >= into.Relationships.Count)
            {
                from.Fail();
            }

            into.Orders.Add(order);
        }
    }

    private static void ReadArchives(ConsumerState into, int presence, ref ByteReader from)
    {
        int count = CountOf(presence, Section.StepArchive, ushort.MaxValue, ref from);
        for (int i = 0; i < count && !from.Failed; i++)
        {
            var step = new StepArchiveEntry
            {
                Slot = from.Byte(),
                Step = (int)UInt32(ref from),
                First = (long)from.UInt64(),
                Last = (long)from.UInt64(),
                LastStage = (DeeplinkStage)from.Byte(),
            };
            for (int k = 0; k < StepCounts.Length; k++)
            {
                step.Counts[k] = (int)UInt32(ref from);
            }

            if (step.Slot >= into.Relationships.Count || step.LastStage > DeeplinkStage.Keen)
            {
                from.Fail();
            }

            into.StepArchive.Add(step);
        }

        count = CountOf(presence, Section.CapCounters, StateBounds.CapCounters, ref from);
        for (int i = 0; i < count && !from.Failed; i++)
        {
            var counter = new CapCounterEntry(from.Byte(), (CapScope)from.Byte(), (int)UInt32(ref from), (int)UInt32(ref from), (int)UInt32(ref from));
            if (counter.Slot >= into.Relationships.Count || counter.Scope > CapScope.Creative)
            {
                from.Fail();
            }

            into.CapCounters.Add(counter);
        }
    }

    private static void ReadTexts(ConsumerState into, int presence, ref ByteReader from)
    {
        int count = CountOf(presence, Section.Attributes, StateBounds.Attributes, ref from);
        for (int i = 0; i < count && !from.Failed; i++)
        {
            var kind = (AttributeKind)from.Byte();
            double number = BitConverter.UInt64BitsToDouble(from.UInt64());
            TextRef name = into.AddText(from.Take(from.Byte()));
            into.Attributes.Add(new AttributeEntry(name, kind, number, into.AddText(from.Take(from.Byte()))));
            if (kind > AttributeKind.Boolean)
            {
                from.Fail();
            }
        }

        count = CountOf(presence, Section.Memos, StateBounds.Memos, ref from);
        for (int i = 0; i < count && !from.Failed; i++)
        {
            into.Memos.Add(new MemoEntry(from.UInt64(), Instant(ref from), into.AddText(from.Take((int)UInt32(ref from)))));
        }

        count = CountOf(presence, Section.Pending, StateBounds.Pending, ref from);
        for (int i = 0; i < count && !from.Failed; i++)
        {
            into.Pending.Add(new PendingEntry(Instant(ref from), into.AddText(from.Take((int)UInt32(ref from)))));
        }

        if ((presence >> (int)Section.Archived & 1) != 0)
        {
            into.ArchivedUntil = Instant(ref from);
        }
    }

    private static void ReadTrials(ConsumerState into, int presence, ref ByteReader from)
    {
        int count = CountOf(presence, Section.Trials, StateBounds.Trials, ref from);
        for (int i = 0; i < count && !from.Failed; i++)
        {
            int brand = UInt24(ref from), campaign = UInt24(ref from);
            byte heldOut = from.Byte();
            var trial = new TrialEntry(brand, campaign, heldOut == 1, Instant(ref from), (long)from.UInt64());
            if (heldOut > 1 || trial.WeightMicros < 0)
            {
                from.Fail();
            }

            into.Trials.Add(trial);
        }
    }

    private static int UInt24(ref ByteReader from) => from.Take(3) is { Length: 3 } b ? BinaryPrimitives.ReadUInt16LittleEndian(b) | b[2] << 16 : 0;

    private static uint UInt32(ref ByteReader from) => from.Take(4) is { Length: 4 } b ? BinaryPrimitives.ReadUInt32LittleEndian(b) : 0;

    private static ushort UInt16(ref ByteReader from) => from.Take(2) is { Length: 2 } b ? BinaryPrimitives.ReadUInt16LittleEndian(b) : (ushort)0;

    private static long Instant(ref ByteReader from) =>
        from.Take(6) is { Length: 6 } b ? BinaryPrimitives.ReadUInt32LittleEndian(b) | (long)BinaryPrimitives.ReadUInt16LittleEndian(b[4..]) << 32 : 0;
}
