using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record;

namespace Decisioning.Api.Tokens;

/// <summary>
/// A decision in bytes, version 2: version, realm, price model, then as variable-length integers brand, campaign, step, creative, ordinal, reserve
/// seconds, unit price, instant and channel mark, then 0 for a contextual decision or 1 and the consumer's id in UTF-8 to the end. One decision has one form.
/// </summary>
internal static class TokenPayload
{
    private const byte Version = 2;
    private const int FixedBytes = 3;

    /// <summary>Most bytes of a consumer's id.</summary>
    public const int ConsumerBytes = 128;

    /// <summary>Most bytes of a payload: the fixed part, nine integers, the consumer.</summary>
    public const int MaxBytes = FixedBytes + 9 * 10 + 1 + ConsumerBytes;

    /// <summary>Writes a decision; the number of bytes written.</summary>
    /// <param name="decision">Symbols and figures are 0 or more; the consumer's id has at most <see cref="ConsumerBytes"/> bytes.</param>
    /// <param name="realm">Where it was made.</param>
    /// <param name="destination">At least <see cref="MaxBytes"/>.</param>
    public static int Write(in DecisionFacts decision, TokenRealm realm, Span<byte> destination)
    {
        destination[0] = Version;
        destination[1] = (byte)realm;
        destination[2] = (byte)decision.PriceModel;
        int at = FixedBytes;
        Append(destination, ref at, (ulong)decision.Brand);
        Append(destination, ref at, (ulong)decision.Campaign);
        Append(destination, ref at, (ulong)decision.Step);
        Append(destination, ref at, (ulong)decision.Creative);
        Append(destination, ref at, decision.Ordinal);
        Append(destination, ref at, (ulong)decision.ReserveSeconds);
        Append(destination, ref at, (ulong)decision.UnitPriceMicros);
        Append(destination, ref at, (ulong)decision.DecidedAt);
        Append(destination, ref at, decision.ChannelMark);
        destination[at++] = decision.ConsumerId is null ? (byte)0 : (byte)1;
        return decision.ConsumerId is null ? at : at + Encoding.UTF8.GetBytes(decision.ConsumerId, destination[at..]);
    }

    /// <summary>Reads a decision; false for anything that <see cref="Write"/> does not produce.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out DecisionRef? decision, out TokenRealm realm)
    {
        decision = null;
        realm = default;
        if (payload.Length < FixedBytes || payload[0] != Version || payload[1] > (byte)TokenRealm.Trial || payload[2] > (byte)PriceModel.Flat)
        {
            return false;
        }

        int at = FixedBytes;
        if (!Take(payload, ref at, int.MaxValue, out ulong brand) || !Take(payload, ref at, int.MaxValue, out ulong campaign)
            || !Take(payload, ref at, int.MaxValue, out ulong step) || !Take(payload, ref at, int.MaxValue, out ulong creative)
            || !Take(payload, ref at, uint.MaxValue, out ulong ordinal) || !Take(payload, ref at, ushort.MaxValue, out ulong reserve)
            || !Take(payload, ref at, long.MaxValue, out ulong price) || !Take(payload, ref at, long.MaxValue, out ulong decidedAt)
            || !Take(payload, ref at, ushort.MaxValue, out ulong channel)
            || at >= payload.Length || !TryReadConsumer(payload[at..], out string? consumer))
        {
            return false;
        }

        realm = (TokenRealm)payload[1];
        decision = new DecisionRef(
            consumer, (int)brand, (int)campaign, (int)step, (int)creative, (uint)ordinal, (long)decidedAt, (int)reserve, (PriceModel)payload[2], (long)price,
            (ushort)channel);
        return true;
    }

    private static bool TryReadConsumer(ReadOnlySpan<byte> rest, out string? consumer)
    {
        consumer = null;
        if (rest[0] == 0)
        {
            return rest.Length == 1;
        }

        ReadOnlySpan<byte> id = rest[1..];
        if (rest[0] != 1 || id.Length is 0 or > ConsumerBytes || !Utf8.IsValid(id))
        {
            return false;
        }

        consumer = Encoding.UTF8.GetString(id);
        return true;
    }

    private static void Append(Span<byte> destination, ref int at, ulong value)
    {
        while (value >= 0x80)
        {
            destination[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[at++] = (byte)value;
    }

    private static bool Take(ReadOnlySpan<byte> payload, ref int at, ulong most, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64 && at < payload.Length; shift += 7)
        {
            byte part = payload[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                // The last byte of a longer form is never 0: one number has one form.
                return value <= most && (part != 0 || shift == 0);
            }
        }

        return false;
    }
}
