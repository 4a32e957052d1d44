using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;

namespace Decisioning.Core.Record.Facts;

/// <summary>Walks the facts of one turn in the order they were written; allocates nothing, never throws on bad bytes.</summary>
public ref struct FactReader
{
    private ByteReader _bytes;
    private ByteReader _runs;
    private Fact _current;
    private int _asked;
    private int _slots;

    internal FactReader(ReadOnlySpan<byte> block)
    {
        _bytes = new ByteReader(block);
        Instant = block.IsEmpty ? 0 : _bytes.Instant();
    }

    private FactReader(long instant, ReadOnlySpan<byte> search)
    {
        _bytes = new ByteReader(search);
        Instant = instant;
    }

    /// <summary>The turn's instant, ms since the Unix epoch.</summary>
    public long Instant { get; }

    /// <summary>The fact that <see cref="MoveNext"/> came to; valid until the next call.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public readonly ref readonly Fact Current => ref _current;

    /// <summary>True where the bytes are not those of facts; the walk then ends early.</summary>
    public readonly bool Failed => _bytes.Failed || _runs.Failed;

    /// <summary>A walk through a search that <see cref="MoveNext(out ReadOnlySpan{byte})"/> stepped over.</summary>
    internal static FactReader OfSearch(long instant, ReadOnlySpan<byte> search) => new(instant, search);

    /// <summary>As <see cref="MoveNext()"/>, but steps over the facts of a search as one, of which <see cref="Current"/> is none.</summary>
    /// <param name="search">Its bytes, not yet known to be those of facts: equal bytes are equal facts. Empty where the walk came to a fact.</param>
    internal bool MoveNext(out ReadOnlySpan<byte> search)
    {
        ReadOnlySpan<byte> from = _bytes.Rest;
        if (_asked > 0 || !_runs.AtEnd || from.IsEmpty || from[0] != FactWriter.SearchCode)
        {
            search = default;
            return MoveNext();
        }

        _current = default;
        _bytes.Byte();
        _bytes.SkipVarints(1);
        _bytes.SkipVarints(_bytes.Int(BrandSymbols.Capacity));
        _bytes.Bytes();
        search = from[..^_bytes.Rest.Length];
        return !_bytes.Failed;
    }

    public bool MoveNext()
    {
        _current = default;
        if (_asked > 0)
        {
            _asked--;
            (_current.Kind, _current.Brand, _current.Count) = (FactKind.Asked, Symbol(ref _bytes), _slots);
            if (_asked == 0)
            {
                _runs = new ByteReader(_bytes.Bytes());
            }

            return !_bytes.Failed;
        }

        if (!_runs.AtEnd)
        {
            ReadRun(ref _current, ref _runs);
            return !Failed;
        }

        return !_bytes.AtEnd && ReadNext();
    }

    private bool ReadNext()
    {
        byte kind = _bytes.Byte();
        if (kind == FactWriter.SearchCode)
        {
            _slots = _bytes.Int(ushort.MaxValue);
            _asked = _bytes.Int(BrandSymbols.Capacity);
            _runs = _asked == 0 ? new ByteReader(_bytes.Bytes()) : default;
            return !_bytes.Failed && MoveNext();
        }

        _current.Kind = (FactKind)kind;
        _current.Brand = Symbol(ref _bytes);
        Read(ref _current, ref _bytes);
        return !_bytes.Failed;
    }

    private static void ReadRun(scoped ref Fact fact, scoped ref ByteReader from)
    {
        fact.Kind = FactKind.Funnel;
        fact.Brand = Symbol(ref from);
        fact.Campaign = Symbol(ref from);
        int run = from.Int(BrandSymbols.Capacity << FunnelTrace.ReachBits);
        fact.Count = run >> FunnelTrace.ReachBits;
        fact.Reach = (FunnelReach)(run & (1 << FunnelTrace.ReachBits) - 1);
        Require(fact.Reach <= FunnelReach.Paced && fact.Campaign + fact.Count <= BrandSymbols.Capacity, ref from);
    }

    private readonly void Read(scoped ref Fact fact, scoped ref ByteReader from)
    {
        switch (fact.Kind)
        {
            case FactKind.Stage:
                ReadStage(ref fact, ref from);
                break;
            case FactKind.Known:
                break;
            case FactKind.NoDecision:
                fact.Reason = (NoDecisionReason)from.Byte();
                fact.Count = from.Byte();
                Require(fact.Reason <= NoDecisionReason.Timeout, ref from);
                break;
            case FactKind.Interaction:
                ReadInteraction(ref fact, ref from);
                break;
            case FactKind.Event:
                fact.Type = Type(ref from);
                break;
            case FactKind.Purchase or FactKind.Refund:
                fact.ValueMicros = (long)from.Varint();
                break;
            case FactKind.LateTouch:
                fact.Campaign = Symbol(ref from);
                break;
            case FactKind.Calendar:
                fact.Count = from.Int(FactWriter.MaxHour);
                break;
            case FactKind.Erased:
                fact.From = (DeeplinkStage)from.Byte();
                Require(fact.From <= DeeplinkStage.Keen, ref from);
                break;
            case FactKind.Won:
                ReadWon(ref fact, ref from);
                break;
            case FactKind.Credit or FactKind.Organic:
                ReadShare(ref fact, ref from);
                break;
            case FactKind.Trial:
                ReadTrial(ref fact, ref from);
                break;
            default:
                from.Fail();
                break;
        }
    }

    private readonly void ReadStage(scoped ref Fact fact, scoped ref ByteReader from)
    {
        fact.Cause = new StageCause(from.Byte());
        fact.Flags = (FactFlags)from.Byte();
        byte stages = from.Byte();
        (fact.From, fact.To) = ((DeeplinkStage)(stages >> 4), (DeeplinkStage)(stages & 0xF));
        fact.At = Instant - (long)from.Varint();
        ulong since = from.Varint();
        fact.Previous = since == 0 ? -1 : fact.At - (long)(since - 1);
        Require(fact.Cause.IsKnown && fact.From <= DeeplinkStage.Keen && fact.To <= DeeplinkStage.Keen && fact.At >= 0 && fact.Previous >= -1, ref from);
        if (fact.Cause.IsAd)
        {
            fact.Campaign = Symbol(ref from);
            fact.Creative = Symbol(ref from);
            fact.ChannelMark = Mark(ref from);
        }
    }

    private static void ReadWon(scoped ref Fact fact, scoped ref ByteReader from)
    {
        fact.Flags = (FactFlags)from.Byte();
        ReadPlace(ref fact, ref from);
        fact.Channel = from.Bytes();
        Require(fact.Channel.Length <= FactWriter.MaxChannelBytes && System.Text.Unicode.Utf8.IsValid(fact.Channel), ref from);
        fact.HeldMicros = (long)from.Varint();
        fact.HeldUntil = fact.HeldMicros > 0 ? from.Instant() : 0;
        fact.ChargedMicros = (long)from.Varint();
        Require((fact.HeldMicros | fact.ChargedMicros) >= 0, ref from);
    }

    private static void ReadInteraction(scoped ref Fact fact, scoped ref ByteReader from)
    {
        fact.Type = Type(ref from);
        fact.Flags = (FactFlags)from.Byte();
        ReadPlace(ref fact, ref from);
        fact.ChargedMicros = (long)from.Varint();
        fact.HeldUntil = fact.ChargedMicros > 0 ? from.Signed() : -1;
        Require(fact.Type <= EventType.Dismiss && fact.ChargedMicros >= 0, ref from);
    }

    private static void ReadShare(scoped ref Fact fact, scoped ref ByteReader from)
    {
        fact.Type = Type(ref from);
        if (fact.Kind == FactKind.Credit)
        {
            ReadPlace(ref fact, ref from);
        }

        fact.WeightMicros = (long)from.Varint();
        fact.ValueMicros = (long)from.Varint();
    }

    private static void ReadTrial(scoped ref Fact fact, scoped ref ByteReader from)
    {
        fact.Flags = (FactFlags)from.Byte();
        fact.Campaign = Symbol(ref from);
        fact.WeightMicros = (long)from.Varint();
        fact.BeforeMicros = (long)from.Varint();
        Require((fact.WeightMicros | fact.BeforeMicros) >= 0, ref from);
    }

    private static void ReadPlace(scoped ref Fact fact, scoped ref ByteReader from)
    {
        fact.Campaign = Symbol(ref from);
        fact.Step = Symbol(ref from);
        fact.Creative = Symbol(ref from);
        fact.ChannelMark = Mark(ref from);
    }

    private static int Symbol(scoped ref ByteReader from) => from.Int(BrandSymbols.Capacity);

    private static ushort Mark(scoped ref ByteReader from) => (ushort)from.Int(ushort.MaxValue);

    private static EventType Type(scoped ref ByteReader from)
    {
        var type = (EventType)from.Byte();
        Require(type <= EventType.LeaveMember, ref from);
        return type;
    }

    private static void Require(bool whole, scoped ref ByteReader from)
    {
        if (!whole)
        {
            from.Fail();
        }
    }
}
