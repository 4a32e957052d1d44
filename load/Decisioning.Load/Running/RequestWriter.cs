using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Decisioning.Load.Http;
using Decisioning.Load.Scenarios;
using Decisioning.Load.World;

namespace Decisioning.Load.Running;

/// <summary>Writes calls as HTTP requests into a connection's buffer, without allocating.</summary>
internal sealed class RequestWriter
{
    private const int NumberDigits = 12;
    private const int LengthDigits = 8;
    private const int Mixed = 1_024;
    private const int EventBytes = 512;
    private const int Items = 50;

    private readonly byte[] _decisionHead;
    private readonly byte[] _eventsHead;
    private readonly byte[][] _trackerHeads;
    private readonly byte[] _tail;
    private readonly byte[] _requestId;
    private readonly byte[] _consumer;
    private readonly byte[] _placements;
    private readonly byte[][] _brands;
    private readonly byte[] _eventId;
    private readonly byte[] _eventConsumer;
    private readonly byte[] _order;
    private readonly byte[][] _types;
    private readonly byte[] _typeMix = new byte[Mixed];
    private readonly int _batch;
    private readonly BadInput _bad;
    private readonly byte[] _time = new byte["2026-01-01T00:00:00Z".Length];
    private readonly DateTimeOffset _began = DateTimeOffset.UtcNow;
    private readonly long _beganAt = Stopwatch.GetTimestamp();
    private long _timeOf = -1;

    public RequestWriter(LoadPlan plan, string host)
    {
        string common = $"Host: {host}\r\n{(plan.Key is null ? "" : $"X-Api-Key: {plan.Key}\r\n")}";
        _decisionHead = Head("/v1/decisions", common);
        _eventsHead = Head("/v1/events", common);
        _trackerHeads = [.. "ivc".Select(t => Bytes($"GET /t/{t}/"))];
        _tail = Bytes($" HTTP/1.1\r\nHost: {host}\r\n\r\n");
        _requestId = Bytes($$"""{"requestId":"{{plan.Run}}-q""");
        _consumer = Bytes($"\",\"consumer\":{{\"id\":\"{plan.Ids.ConsumerPrefix}");
        _placements = Bytes("\"" + $$""","consent":true},"placements":[{{PlacementsOf(plan.Scenario.Decisions)}}],"context":{"device":"mobile","country":"CN"}""");
        _brands = [.. Enumerable.Range(0, plan.Scenario.World.Brands).Select(b => Bytes(plan.Ids.BrandOf(b)))];
        _eventId = Bytes($$"""{"eventId":"{{plan.Run}}-e""");
        _eventConsumer = Bytes($"\",\"consumerId\":\"{plan.Ids.ConsumerPrefix}");
        _order = Bytes($"\",\"value\":199000000,\"currency\":\"{WorldStory.Currency}\",\"orderId\":\"{plan.Run}-o");
        _batch = plan.Scenario.Events.Batch;
        _types = [.. plan.Scenario.Events.Types.Keys.Append("purchase").Select(Bytes)];
        Mix(plan.Scenario.Events);
        _bad = new BadInput(plan.Ids, common);
    }

    /// <summary>Writes a call.</summary>
    /// <param name="connection">Gets it.</param>
    /// <param name="call">Any but a change.</param>
    /// <param name="tokens">Where a tracker's token is.</param>
    /// <returns>The bytes written.</returns>
    public int Write(Connection connection, in Call call, TokenStore tokens) => call.Kind switch
    {
        CallKind.Decisions => WriteDecision(connection, call),
        CallKind.Events => WriteEvents(connection, call),
        CallKind.Trackers => WriteTracker(connection, call, tokens[call.Token]),
        CallKind.Bad => WriteWhole(connection, _bad.RequestOf(call.Variant)),
        _ => throw new ArgumentOutOfRangeException(nameof(call), call.Kind, "A change brings its own bytes."),
    };

    /// <summary>Writes a request that was made beforehand.</summary>
    public static int WriteWhole(Connection connection, ReadOnlySpan<byte> request)
    {
        request.CopyTo(connection.Room(request.Length));
        return request.Length;
    }

    /// <summary>Where the body of a request begins.</summary>
    public static ReadOnlySpan<byte> BodyOf(ReadOnlySpan<byte> request) => request[(request.IndexOf("\r\n\r\n"u8) + 4)..];

    private int WriteDecision(Connection connection, in Call call)
    {
        ByteWriter to = new(connection.Room(_decisionHead.Length + _requestId.Length + _consumer.Length + _placements.Length + EventBytes));
        to.Put(_decisionHead);
        to.Put(_requestId);
        to.PutDigits(call.Number, NumberDigits);
        to.Put(_consumer);
        to.PutDigits(call.Consumer, WorldIds.ConsumerDigits);
        to.Put(_placements);
        if (call.Brand >= 0)
        {
            to.Put(",\"brands\":[\""u8);
            to.Put(_brands[call.Brand]);
            to.Put("\"]"u8);
        }

        to.Put("}"u8);
        return to.Close(_decisionHead.Length);
    }

    private int WriteEvents(Connection connection, in Call call)
    {
        bool purchase = call.Variant == 1;
        int batch = purchase ? 1 : _batch;
        Touch(call.Due);
        ByteWriter to = new(connection.Room(_eventsHead.Length + ((batch + 1) * EventBytes)));
        to.Put(_eventsHead);
        to.Put("{\"events\":["u8);
        for (int i = 0; i < batch; i++)
        {
            to.Put(i == 0 ? default : ","u8);
            WriteEvent(ref to, call, i, purchase ? _types.Length - 1 : _typeMix[Hash(call.Number, i) % Mixed]);
        }

        to.Put("]}"u8);
        return to.Close(_eventsHead.Length);
    }

    // What an event is follows from its number: a repeated batch is the same.
    private void WriteEvent(ref ByteWriter to, in Call call, int place, int type)
    {
        to.Put(_eventId);
        to.PutDigits(call.Number, NumberDigits);
        to.Put("-"u8);
        to.PutDigits(place, 2);
        to.Put("\",\"type\":\""u8);
        to.Put(_types[type]);
        to.Put(_eventConsumer);
        to.PutDigits(call.Consumer, WorldIds.ConsumerDigits);
        to.Put("\",\"brand\":\""u8);
        to.Put(_brands[call.Brand]);
        to.Put("\",\"occurredAt\":\""u8);
        to.Put(_time);
        if (_types[type].AsSpan().SequenceEqual("purchase"u8))
        {
            to.Put(_order);
            to.PutDigits(call.Number, NumberDigits);
            to.Put("-"u8);
            to.PutDigits(place, 2);
        }
        else
        {
            to.Put("\",\"item\":\"sku-"u8);
            to.PutDigits(Hash(call.Number, place + _batch) % Items, 2);
        }

        to.Put("\"}"u8);
    }

    private int WriteTracker(Connection connection, in Call call, ReadOnlySpan<byte> token)
    {
        ByteWriter to = new(connection.Room(_trackerHeads[0].Length + token.Length + _tail.Length));
        to.Put(_trackerHeads[call.Variant]);
        to.Put(token);
        to.Put(_tail);
        return to.Length;
    }

    // The wall's clock to the second, read from the machine's.
    private void Touch(long now)
    {
        long second = (now - _beganAt) / Stopwatch.Frequency;
        if (second != _timeOf)
        {
            _timeOf = second;
            Encoding.ASCII.GetBytes(_began.AddSeconds(second).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), _time);
        }
    }

    private void Mix(EventShape shape)
    {
        double sum = shape.Types.Values.Sum();
        double upTo = 0;
        int at = 0;
        byte type = 0;
        foreach (double weight in shape.Types.Values)
        {
            upTo += weight / sum * Mixed;
            for (; at < upTo - 0.5; at++)
            {
                _typeMix[at] = type;
            }

            type++;
        }
    }

    private static int Hash(long number, int place) => (int)(((ulong)((number * 64) + place) * 0x9E3779B97F4A7C15) >> 40);

    private static string PlacementsOf(DecisionShape shape)
    {
        string formats = string.Join(',', shape.Formats.Select(f => $"\"{f}\""));
        string size = shape.Size is null ? "" : $",\"size\":\"{shape.Size}\"";
        return string.Join(',', Enumerable.Range(0, shape.Placements).Select(p => $$"""{"id":"p{{p}}","channel":"home","formats":[{{formats}}]{{size}},"count":{{shape.Count}}}"""));
    }

    private static byte[] Head(string path, string common) => Bytes($"POST {path} HTTP/1.1\r\n{common}Content-Type: application/json\r\nContent-Length: {new string(' ', LengthDigits)}\r\n\r\n");

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);

    /// <summary>Writes bytes one after the other.</summary>
    private ref struct ByteWriter(Span<byte> into)
    {
        private readonly Span<byte> _into = into;

        public int Length { get; private set; }

        public void Put(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_into[Length..]);
            Length += bytes.Length;
        }

        public void PutDigits(long number, int digits)
        {
            for (int i = digits - 1; i >= 0; i--)
            {
                (number, long digit) = Math.DivRem(number, 10);
                _into[Length + i] = (byte)('0' + digit);
            }

            Length += digits;
        }

        /// <summary>Writes the body's length into the head, after blanks, which HTTP allows there; the length of the whole.</summary>
        public readonly int Close(int head)
        {
            const int LineEnds = 4;
            int body = Length - head;
            int digits = body >= 10_000_000 ? LengthDigits : (int)Math.Floor(Math.Log10(body)) + 1;
            Utf8Formatter.TryFormat(body, _into[(head - LineEnds - digits)..], out _);
            return Length;
        }
    }
}
