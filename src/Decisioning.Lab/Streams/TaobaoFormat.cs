using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Record;

namespace Decisioning.Lab.Streams;

/// <summary>
/// Taobao's UserBehavior: <c>user,item,category,behaviour,seconds</c> without a head line; behaviours pv, fav, cart and buy; Unix seconds. The category is checked
/// and not used. The source names neither orders nor prices: each purchase is an order of its own, named after its line, of <see cref="PurchaseMicros"/>.
/// </summary>
public sealed class TaobaoFormat : IEventFormat
{
    public const string Name = "taobao";

    /// <summary>What every purchase is worth: 100 units of the brand's currency.</summary>
    public const long PurchaseMicros = 100_000_000;

    private const int Fields = 5;

    /// <summary>The end of the year 9999, seconds.</summary>
    private const long MaxSeconds = 253_402_300_799;

    public StreamEvent? Read(ReadOnlySpan<byte> line, long number, out LineFault? fault)
    {
        Span<Range> fields = stackalloc Range[Fields + 1];
        int count = Split(line, fields);
        fault = count != Fields
            ? new LineFault(0, $"A line has {Fields} fields, user,item,category,behaviour,seconds; this one has {(count > Fields ? "more" : count)}.")
            : BadId(line, fields[0], "user") ?? BadId(line, fields[1], "item") ?? BadId(line, fields[2], "category");
        if (fault is not null)
        {
            return null;
        }

        if (TypeOf(line[fields[3]]) is not { } type)
        {
            fault = new LineFault(fields[3].Start.Value, $"The behaviour '{Encoding.UTF8.GetString(line[fields[3]])}' is none of pv, fav, cart, buy.");
            return null;
        }

        ReadOnlySpan<byte> time = line[fields[4]];
        if (!Utf8Parser.TryParse(time, out long seconds, out int read) || read != time.Length || seconds is < 0 or > MaxSeconds || time[0] == '+')
        {
            fault = new LineFault(fields[4].Start.Value, $"'{Encoding.UTF8.GetString(time)}' is no time in Unix seconds.");
            return null;
        }

        bool bought = type == EventType.Purchase;
        return new StreamEvent
        {
            Line = number,
            EventId = LineId.Of(number, line),
            Type = type,
            ConsumerId = Encoding.UTF8.GetString(line[fields[0]]),
            OccurredAt = seconds * 1000,
            Item = Encoding.UTF8.GetString(line[fields[1]]),
            OrderId = bought ? string.Create(CultureInfo.InvariantCulture, $"order-{number}") : null,
            Value = bought ? PurchaseMicros : null,
        };
    }

    private static int Split(ReadOnlySpan<byte> line, Span<Range> fields)
    {
        int count = 0, start = 0;
        while (count < fields.Length)
        {
            int comma = line[start..].IndexOf((byte)',');
            int end = comma < 0 ? line.Length : start + comma;
            fields[count++] = start..end;
            if (comma < 0)
            {
                break;
            }

            start = end + 1;
        }

        return count;
    }

    private static LineFault? BadId(ReadOnlySpan<byte> line, Range field, string name)
    {
        int length = line[field].Length;
        return length is > 0 and <= EventRules.MaxIdBytes
            ? null
            : new LineFault(field.Start.Value, $"The {name} is {length} bytes long; it must be 1 to {EventRules.MaxIdBytes}.");
    }

    private static EventType? TypeOf(ReadOnlySpan<byte> behaviour) =>
        behaviour.SequenceEqual("pv"u8) ? EventType.View
        : behaviour.SequenceEqual("fav"u8) ? EventType.Favorite
        : behaviour.SequenceEqual("cart"u8) ? EventType.Cart
        : behaviour.SequenceEqual("buy"u8) ? EventType.Purchase
        : null;
}
