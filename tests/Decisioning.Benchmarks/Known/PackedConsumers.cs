using System.Buffers.Text;
using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record;

namespace Decisioning.Benchmarks.Known;

/// <summary>
/// Any number of consumers with a history, packed: a few are lived through, a minute apart, and the others are those under other ids. All ids have one length.
/// </summary>
internal sealed class PackedConsumers
{
    private const int Lived = 64;
    private const int Digits = 8;
    private const int Prefix = 2;

    private readonly byte[][] _lived = new byte[Lived][];

    /// <param name="catalogue">Its brands are met from the first on.</param>
    /// <param name="history">What each has behind it.</param>
    /// <param name="until">By when all of it has happened, ms since the Unix epoch.</param>
    public PackedConsumers(CatalogueSnapshot catalogue, History history, long until)
    {
        var turn = new Turn(9);
        for (int i = 0; i < Lived; i++)
        {
            turn.State.Reset(Encoding.ASCII.GetBytes(IdOf(i)));
            history.Live(turn, Requests.Of(catalogue, IdOf(i)), until - history.Length - i * 60_000L);
            _lived[i] = new byte[ConsumerCodec.SizeOf(turn.State)];
            ConsumerCodec.Write(turn.State, _lived[i]);
        }
    }

    /// <summary>Mean bytes of a packed state.</summary>
    public double MeanBytes => _lived.Average(l => (double)l.Length);

    /// <param name="number">0 to 99,999,999.</param>
    public static string IdOf(int number) => $"c-{number:D8}";

    /// <summary>The number's consumer, in an array of its own.</summary>
    public byte[] Of(int number)
    {
        byte[] packed = [.. _lived[number % Lived]];
        int id = packed.AsSpan().IndexOf(ConsumerCodec.IdOf(packed));
        Utf8Formatter.TryFormat(number, packed.AsSpan(id + Prefix, Digits), out _, new System.Buffers.StandardFormat('D', Digits));
        return packed;
    }
}
