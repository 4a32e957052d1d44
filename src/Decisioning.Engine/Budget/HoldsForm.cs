using Decisioning.Core.Decide;

namespace Decisioning.Engine.Budget;

/// <summary>
/// What was held as of a journal position, as it is kept in a setting: a version, the position, and for each campaign its numbers, how many buckets it has, and
/// for each the seconds since the one before and the amount, all but the first two in 7-bit groups.
/// </summary>
internal static class HoldsForm
{
    public const string Setting = "budget.holds";

    private const byte Version = 1;

    public static byte[] Write(BudgetLedger ledger, long position, long now)
    {
        MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        writer.Write(Version);
        writer.Write(position);
        foreach ((int brand, int campaign, CampaignCounter counter) in ledger.Counters())
        {
            PacingHold[] holds = counter.HoldsAt(now);
            if (holds.Length == 0)
            {
                continue;
            }

            writer.Write7BitEncodedInt(brand);
            writer.Write7BitEncodedInt(campaign);
            writer.Write7BitEncodedInt(holds.Length);
            long before = 0;
            foreach (PacingHold hold in holds)
            {
                writer.Write7BitEncodedInt64(HoldBuckets.EndOf(hold) - before);
                writer.Write7BitEncodedInt64(hold.Amount);
                before = HoldBuckets.EndOf(hold);
            }
        }

        return bytes.ToArray();
    }

    /// <summary>Takes the holds in; those that are over are left out.</summary>
    /// <returns>The position as of which they were held.</returns>
    /// <exception cref="InvalidDataException">The bytes are not what was written.</exception>
    public static long Read(byte[] form, BudgetLedger into)
    {
        using BinaryReader reader = new(new MemoryStream(form, writable: false));
        try
        {
            if (reader.ReadByte() is var version and not Version)
            {
                throw new InvalidDataException($"The stored holds have version {version}; this program knows {Version}.");
            }

            long position = reader.ReadInt64();
            while (reader.BaseStream.Position < form.Length)
            {
                ReadCampaign(reader, into);
            }

            return position;
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or ArgumentOutOfRangeException)
        {
            throw new InvalidDataException("The stored holds are damaged. Restore the data folder from a backup.", e);
        }
    }

    private static void ReadCampaign(BinaryReader reader, BudgetLedger into)
    {
        int brand = reader.Read7BitEncodedInt();
        int campaign = reader.Read7BitEncodedInt();
        int count = reader.Read7BitEncodedInt();
        long end = 0;
        for (int i = 0; i < count; i++)
        {
            end += reader.Read7BitEncodedInt64();
            into.Held(brand, campaign, reader.Read7BitEncodedInt64(), end);
        }
    }
}
