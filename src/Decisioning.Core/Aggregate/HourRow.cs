using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;

namespace Decisioning.Core.Aggregate;

/// <summary>What one brand's books hold of one UTC hour: sums, flows between stages, and the stages' levels at its end.</summary>
public sealed class HourRow
{
    private const byte Version = 2;

    /// <summary>The version before flat prices were booked: read on, as an hour without any.</summary>
    private const byte WithoutFees = 1;
    private const int Ends = (int)FlowEnd.Erased + 1;
    private const int StageCount = (int)DeeplinkStage.Keen + 1;

    private readonly long[] _sums = new long[SeriesMetrics.Sums.Count];
    private readonly long[] _noDecisions = new long[NoDecisionReasons.All.Count];
    private readonly SortedDictionary<int, long> _flows = [];
    private readonly long[] _levels = new long[StageCount];

    /// <param name="hour">Start of the hour, ms since the Unix epoch.</param>
    /// <param name="isPart">See <see cref="IsPart"/>.</param>
    public HourRow(long hour, bool isPart = false)
    {
        Hour = hour;
        IsPart = isPart;
    }

    /// <summary>
    /// True where the hour had been stored and dropped before: the row holds what came since, to be merged into the stored one. No moves of consumers are among it, so that
    /// the stored levels hold.
    /// </summary>
    public bool IsPart { get; }

    /// <summary>Start of the hour, ms since the Unix epoch, UTC.</summary>
    public long Hour { get; }

    /// <summary>The net moves of the brand's day before, where they were worked out in this hour.</summary>
    public NetMatrix? Net { get; internal set; }

    /// <summary>Consumers by <see cref="DeeplinkStage"/> at the hour's end, or now where it has not ended.</summary>
    public ReadOnlySpan<long> Levels => _levels;

    /// <summary>Flows above 0, by where they begin, then by where they end.</summary>
    public IEnumerable<HourFlow> Flows => _flows.Select(flow => new HourFlow(Hour, (FlowEnd)(flow.Key / Ends), (FlowEnd)(flow.Key % Ends), flow.Value));

    /// <summary>One figure of the hour.</summary>
    /// <param name="metric">One of <see cref="SeriesMetrics"/>.</param>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public long Value(string metric)
    {
        for (int i = 0; i < SeriesMetrics.Sums.Count; i++)
        {
            if (SeriesMetrics.Sums[i] == metric)
            {
                return _sums[i];
            }
        }

        if (!SeriesMetrics.IsKnown(metric))
        {
            throw new ArgumentException($"There is no metric '{metric}'.", nameof(metric));
        }

        string[] parts = metric.Split('.');
        return parts[0] switch
        {
            "stage" => LevelOf((Stage)IndexOf(Names.AllStages, parts[1])),
            "deeplink" => _levels[IndexOf(Names.AllDeeplinkStages, parts[1])],
            "net" => Net?[(Stage)IndexOf(Names.AllStages, parts[1]), (Stage)IndexOf(Names.AllStages, parts[2])] ?? 0,
            "no_decision" => _noDecisions[IndexOf(NoDecisionReasons.All, parts[1])],
            _ => FlowOf(parts[1], parts[2]),
        };
    }

    /// <summary>Adds another part of the same hour; the levels stay.</summary>
    public void Merge(HourRow other)
    {
        MergeSums(other);
        MergeMoves(other);
    }

    /// <summary>Adds what another part of the hour holds beside its moves.</summary>
    internal void MergeSums(HourRow other)
    {
        Net = other.Net ?? Net;
        for (int i = 0; i < _sums.Length; i++)
        {
            _sums[i] += i == (int)HourSum.Known ? 0 : other._sums[i];
        }

        for (int i = 0; i < _noDecisions.Length; i++)
        {
            _noDecisions[i] += other._noDecisions[i];
        }
    }

    /// <summary>Adds who came into the books, moved between stages and went: what levels follow from.</summary>
    internal void MergeMoves(HourRow other)
    {
        Add(HourSum.Known, other[HourSum.Known]);
        foreach ((int pair, long count) in other._flows)
        {
            _flows[pair] = _flows.GetValueOrDefault(pair) + count;
        }
    }

    public void Write(ByteWriter to)
    {
        to.Byte(Version);
        to.Varint((ulong)Hour);
        to.Byte((byte)(IsPart ? 1 : 0));
        Figures.Write(_sums, to);
        Figures.Write(_noDecisions, to);
        Figures.Write(_levels, to);
        to.Varint((ulong)_flows.Count);
        foreach ((int pair, long count) in _flows)
        {
            to.Byte((byte)pair);
            to.Varint((ulong)count);
        }

        to.Byte((byte)(Net is null ? 0 : 1));
        Net?.Write(to);
    }

    /// <summary>Reads what <see cref="Write"/> wrote; the reader has failed where it is not that.</summary>
    public static HourRow Read(ref ByteReader from)
    {
        byte version = from.Byte();
        if (version is not (Version or WithoutFees))
        {
            from.Fail();
        }

        var row = new HourRow(from.Instant(), from.Byte() != 0);
        Figures.Read(version == Version ? row._sums : row._sums.AsSpan(0, (int)HourSum.Fees), ref from);
        Figures.Read(row._noDecisions, ref from);
        Figures.Read(row._levels, ref from);
        int flows = from.Int(Ends * Ends);
        for (int i = 0; i < flows && !from.Failed; i++)
        {
            int pair = from.Byte();
            if (pair >= Ends * Ends)
            {
                from.Fail();
            }

            row._flows[pair] = (long)from.Varint();
        }

        row.Net = from.Byte() == 0 ? null : NetMatrix.Read(ref from);
        return row;
    }

    internal void Add(HourSum sum, long amount) => _sums[(int)sum] += amount;

    internal long this[HourSum sum] => _sums[(int)sum];

    internal void AddNoDecision(NoDecisionReason reason, long slots) => _noDecisions[(int)reason] += slots;

    internal void AddFlow(FlowEnd from, FlowEnd to, long count)
    {
        int pair = (int)from * Ends + (int)to;
        _flows[pair] = _flows.GetValueOrDefault(pair) + count;
    }

    /// <summary>Takes the levels at the hour's end and gives those at its beginning, by what came and went.</summary>
    internal void Settle(Span<long> levels)
    {
        levels.CopyTo(_levels);
        levels[(int)DeeplinkStage.None] -= this[HourSum.Known];
        foreach ((int pair, long count) in _flows)
        {
            int from = pair / Ends, to = pair % Ends;
            if (from < StageCount)
            {
                levels[from] += count;
            }

            if (to < StageCount)
            {
                levels[to] -= count;
            }
        }
    }

    private long LevelOf(Stage stage)
    {
        long sum = 0;
        for (int fine = 0; fine < StageCount; fine++)
        {
            sum += Names.Aipl((DeeplinkStage)fine) == stage ? _levels[fine] : 0;
        }

        return sum;
    }

    private long FlowOf(string from, string to) => _flows.Where(f => NameOf((FlowEnd)(f.Key / Ends)) == from && NameOf((FlowEnd)(f.Key % Ends)) == to).Sum(f => f.Value);

    private static string NameOf(FlowEnd end) => end switch
    {
        FlowEnd.Imported => "imported",
        FlowEnd.Erased => "erased",
        _ => Names.Of(Names.Aipl((DeeplinkStage)end)),
    };

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return i;
            }
        }

        return -1;
    }
}
