using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record.Facts;

namespace Decisioning.Core.Aggregate;

/// <summary>A line of the ledger by symbol; names are put in where it is shown.</summary>
internal readonly record struct LedgerLine(long At, StageCause Cause, ushort ChannelMark, int Creative, FlowEnd From, FlowEnd To, long DeltaMicros);

/// <summary>
/// What the brand's consumers are worth, as the sum of every change: each is a line and a part of one sub-ledger of each cut. Only the newest lines are kept
/// whole.
/// </summary>
internal sealed class AssetLedger
{
    private readonly SortedDictionary<byte, long> _byCause = [];
    private readonly SortedDictionary<ushort, long> _byChannel = [];
    private readonly SortedDictionary<int, long> _byCreative = [];
    private readonly List<LedgerLine> _lines = [];

    public AssetPowers Powers { get; set; }

    /// <summary>The brand's local day, counted from 1970-01-01, whose powers are in force; null before the first valuation.</summary>
    public int? AccountingDay { get; set; }

    /// <summary>What the powers in force come from; null where it is not known.</summary>
    public Appraisal? Appraisal { get; set; }

    public long Value { get; private set; }

    public IReadOnlyDictionary<byte, long> ByCause => _byCause;

    public IReadOnlyDictionary<ushort, long> ByChannel => _byChannel;

    public IReadOnlyDictionary<int, long> ByCreative => _byCreative;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<LedgerLine> Lines => _lines;

    /// <summary>Books a consumer's move between two stages at the powers in force.</summary>
    /// <returns>What the assets gained by it.</returns>
    public long Move(in LedgerLine move, DeeplinkStage from, DeeplinkStage to)
    {
        long delta = Powers.Of(to) - Powers.Of(from);
        Add(move with { DeltaMicros = delta });
        return delta;
    }

    /// <summary>Books a line; one that changes nothing leaves no trace.</summary>
    public void Add(in LedgerLine line)
    {
        if (line.DeltaMicros == 0)
        {
            return;
        }

        Value += line.DeltaMicros;
        _byCause[line.Cause.Code] = _byCause.GetValueOrDefault(line.Cause.Code) + line.DeltaMicros;
        _byChannel[line.ChannelMark] = _byChannel.GetValueOrDefault(line.ChannelMark) + line.DeltaMicros;
        _byCreative[line.Creative] = _byCreative.GetValueOrDefault(line.Creative) + line.DeltaMicros;
        Keep(line);
    }

    public void Merge(AssetLedger other)
    {
        Powers = AccountingDay is null ? other.Powers : Powers;
        Appraisal = AccountingDay is null ? other.Appraisal : Appraisal;
        AccountingDay ??= other.AccountingDay;
        Value += other.Value;
        Merge(_byCause, other._byCause);
        Merge(_byChannel, other._byChannel);
        Merge(_byCreative, other._byCreative);
        foreach (LedgerLine line in other._lines)
        {
            Keep(line);
        }
    }

    public void Write(ByteWriter to)
    {
        Figures.Write([Powers.Awareness, Powers.Interest, Powers.Purchase, Powers.Loyalty, AccountingDay ?? -1, Value], to);
        Write(_byCause.Select(p => ((int)p.Key, p.Value)), _byCause.Count, to);
        Write(_byChannel.Select(p => ((int)p.Key, p.Value)), _byChannel.Count, to);
        Write(_byCreative.Select(p => (p.Key, p.Value)), _byCreative.Count, to);
        to.Varint((ulong)_lines.Count);
        foreach (LedgerLine line in _lines)
        {
            Figures.Write([line.At, line.Cause.Code, line.ChannelMark, line.Creative, (long)line.From, (long)line.To, line.DeltaMicros], to);
        }
    }

    public static AssetLedger Read(ref ByteReader from)
    {
        Span<long> figures = stackalloc long[7];
        Figures.Read(figures[..6], ref from);
        var ledger = new AssetLedger
        {
            Powers = new AssetPowers(figures[0], figures[1], figures[2], figures[3]),
            AccountingDay = figures[4] < 0 ? null : (int)figures[4],
            Value = figures[5],
        };
        Read(ref from, byte.MaxValue, (key, value) => ledger._byCause[(byte)key] = value);
        Read(ref from, ushort.MaxValue, (key, value) => ledger._byChannel[(ushort)key] = value);
        Read(ref from, BrandSymbols.Capacity, (key, value) => ledger._byCreative[key] = value);
        int lines = from.Int(BookBounds.Lines);
        for (int i = 0; i < lines && !from.Failed; i++)
        {
            Figures.Read(figures, ref from);
            ledger._lines.Add(new LedgerLine(
                figures[0], new StageCause((byte)figures[1]), (ushort)figures[2], (int)figures[3], (FlowEnd)figures[4], (FlowEnd)figures[5], figures[6]));
        }

        return ledger;
    }

    private void Keep(in LedgerLine line)
    {
        int at = _lines.Count;
        while (at > 0 && Compare(_lines[at - 1], line) > 0)
        {
            at--;
        }

        _lines.Insert(at, line);
        if (_lines.Count > BookBounds.Lines)
        {
            _lines.RemoveAt(0);
        }
    }

    /// <summary>By instant, then by everything else, so that the same lines stand in the same order whoever brought them.</summary>
    private static int Compare(in LedgerLine a, in LedgerLine b) =>
        (a.At, a.Cause.Code, a.ChannelMark, a.Creative, a.From, a.To, a.DeltaMicros)
            .CompareTo((b.At, b.Cause.Code, b.ChannelMark, b.Creative, b.From, b.To, b.DeltaMicros));

    private static void Merge<TKey>(SortedDictionary<TKey, long> into, SortedDictionary<TKey, long> more)
        where TKey : notnull
    {
        foreach ((TKey key, long delta) in more)
        {
            into[key] = into.GetValueOrDefault(key) + delta;
        }
    }

    private static void Write(IEnumerable<(int Key, long Value)> cut, int count, ByteWriter to)
    {
        to.Varint((ulong)count);
        foreach ((int key, long value) in cut)
        {
            to.Varint((ulong)key);
            to.Signed(value);
        }
    }

    private static void Read(ref ByteReader from, int maxKey, Action<int, long> add)
    {
        int count = from.Int(BrandSymbols.Capacity);
        for (int i = 0; i < count && !from.Failed; i++)
        {
            add(from.Int(maxKey), from.Signed());
        }
    }
}
