using System.Globalization;
using System.Text;
using Decisioning.Benchmarks.Http.Server;
using Decisioning.Load.Arrivals;

namespace Decisioning.Benchmarks.Http.Client;

/// <summary>
/// A whole HTTP request in bytes, made beforehand, in which only numbers of a fixed width are still to be written: a <c>{c}</c> of the body stands for
/// the 8 digits of a consumer, an <c>{e}</c> for the 10 digits of an event.
/// </summary>
internal sealed class RequestTemplate
{
    private const int ConsumerDigits = 8;
    private const int EventDigits = 10;

    private readonly byte[] _bytes;
    private readonly int[] _consumers;
    private readonly int[] _events;

    /// <param name="path">Where it is posted.</param>
    /// <param name="body">JSON with the marks.</param>
    public RequestTemplate(string path, string body)
    {
        string consumers = body.Replace("{c}", new string('C', ConsumerDigits));
        string filled = consumers.Replace("{e}", new string('E', EventDigits));
        string head = string.Create(
            CultureInfo.InvariantCulture,
            $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Api-Key: {BenchmarkServer.Key}\r\nContent-Type: application/json\r\nContent-Length: {filled.Length}\r\n\r\n");
        _bytes = Encoding.ASCII.GetBytes(head + filled);
        _consumers = [.. PlacesOf(new string('C', ConsumerDigits))];
        _events = [.. PlacesOf(new string('E', EventDigits))];
    }

    public int Length => _bytes.Length;

    /// <summary>Writes one request.</summary>
    /// <param name="into">At least <see cref="Length"/>.</param>
    /// <param name="consumer">Chooses each consumer.</param>
    /// <param name="nextEvent">The number of the next event; counted on.</param>
    public void Write(Span<byte> into, IConsumerChoice consumer, ref long nextEvent)
    {
        _bytes.CopyTo(into);
        foreach (int place in _consumers)
        {
            WriteNumber(into.Slice(place, ConsumerDigits), consumer.Next());
        }

        foreach (int place in _events)
        {
            WriteNumber(into.Slice(place, EventDigits), nextEvent++);
        }
    }

    private static void WriteNumber(Span<byte> digits, long number)
    {
        for (int i = digits.Length - 1; i >= 0; i--)
        {
            (number, long digit) = Math.DivRem(number, 10);
            digits[i] = (byte)('0' + digit);
        }
    }

    private IEnumerable<int> PlacesOf(string mark)
    {
        byte[] sought = Encoding.ASCII.GetBytes(mark);
        for (int at = 0; _bytes.AsSpan(at).IndexOf(sought) is >= 0 and int ahead; at += ahead + sought.Length)
        {
            yield return at + ahead;
        }
    }
}
