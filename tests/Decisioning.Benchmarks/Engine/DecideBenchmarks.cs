using System.Text;
using BenchmarkDotNet.Attributes;
using Decisioning.Benchmarks.Known;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;

namespace Decisioning.Benchmarks.Engine;

/// <summary>
/// A warm decision: the packed state read, the turn run with its journal record, the state packed again. The consumer knows 3 brands and has 32 exposures, and
/// each decision starts from that same state.
/// </summary>
[MemoryDiagnoser]
public class DecideBenchmarks
{
    internal const string Eighty = "20x20x5";
    internal const string Thousand = "20x50x1";
    internal const string NothingLeft = "20x20x5x1";
    private const string Consumer = "c-123456";
    private const long Start = 1_790_000_000_000;
    private readonly Turn _turn = new(9);
    private readonly byte[] _packed = new byte[8192];
    private readonly byte[] _after = new byte[8192];
    private DecideCommand _command = new();
    private int _length;
    private long _now;

    /// <summary>
    /// Brands × creatives of each × steps they are spread over: 80 and 1,000 eligible; the fourth number is a cap of the server in 30 days, long reached: it is
    /// to be said what removed everything, and until when.
    /// </summary>
    [Params(Eighty, Thousand, NothingLeft)]
    public string Shape { get; set; } = Eighty;

    [GlobalSetup]
    public void Prepare()
    {
        int[] shape = [.. Shape.Split('x').Select(int.Parse)];
        _command = Requests.Of(Catalogues.Of(shape[0], shape[1], shape[2]), Consumer);
        _turn.State.Reset(Encoding.UTF8.GetBytes(Consumer));
        History history = new(Brands: 3, Exposures: 32, Behaviours: 12);
        history.Live(_turn, _command, Start);
        _now = Start + history.Length;
        _length = ConsumerCodec.SizeOf(_turn.State);
        ConsumerCodec.Write(_turn.State, _packed);
        if (shape.Length > 3)
        {
            ServerSettings settings = new([new CapRule(shape[3], StateBounds.LateMs)], []);
            _command = Requests.Of(Catalogues.Of(shape[0], shape[1], shape[2], settings), Consumer);
        }
    }

    [Benchmark]
    public DecideReply Decide()
    {
        ConsumerCodec.TryRead(_packed.AsSpan(0, _length), _turn.State);
        _turn.Begin(1, _now, _command.Catalogue, OpenMarket.Instance, null);
        DecideReply reply = _turn.Decide(_command);
        ConsumerCodec.Write(_turn.State, _after);
        return reply;
    }
}
