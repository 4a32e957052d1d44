using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;

namespace Decisioning.Core.Record.Facts;

/// <summary>Writes a turn's facts as they come about: the kind, the brand, then what the kind says, in as few bytes as it takes.</summary>
internal sealed class FactWriter
{
    /// <summary>In a kind's place: brands asked for and funnel runs, which readers see as a fact each.</summary>
    public const byte SearchCode = 64;

    /// <summary>Calendar hours are 24 bits in a state.</summary>
    public const int MaxHour = (1 << 24) - 1;

    /// <summary>Bytes of a channel's name; the API's own bound is lower.</summary>
    public const int MaxChannelBytes = 1 << 16;

    private readonly ByteWriter _bytes = new();
    private long _instant;
    private int _start;

    /// <summary>The block: the turn's instant, then the facts; empty where nothing was written.</summary>
    public ReadOnlySpan<byte> Block => IsEmpty ? default : _bytes.Written;

    public bool IsEmpty => _bytes.Length == _start;

    /// <summary>Begins the facts of a turn.</summary>
    public void Begin(long instant)
    {
        _bytes.Clear();
        _bytes.Varint((ulong)instant);
        _start = _bytes.Length;
        _instant = instant;
    }

    /// <summary>Forgets what was written since the beginning.</summary>
    public void Clear() => _bytes.Rewind(_start);

    public void Stage(int brand, in StageShift shift, long previous)
    {
        Head(FactKind.Stage, brand);
        _bytes.Byte(shift.Cause.Code);
        _bytes.Byte((byte)(shift.Enters ? FactFlags.Enters : FactFlags.None));
        _bytes.Byte((byte)((int)shift.From << 4 | (int)shift.To));
        _bytes.Varint((ulong)(_instant - shift.At));
        _bytes.Varint(previous < 0 ? 0 : (ulong)(shift.At - previous) + 1);
        if (shift.Cause.IsAd)
        {
            _bytes.Varint((ulong)shift.Campaign);
            _bytes.Varint((ulong)shift.Creative);
            _bytes.Varint(shift.ChannelMark);
        }
    }

    public void Known(int brand) => Head(FactKind.Known, brand);

    public void Erased(int brand, DeeplinkStage stage)
    {
        Head(FactKind.Erased, brand);
        _bytes.Byte((byte)stage);
    }

    /// <summary>Which brands were asked for how many slots, and the runs of campaigns that <see cref="FunnelTrace"/> collected: facts of many brands at once.</summary>
    /// <param name="brands">As <see cref="BrandListForm"/> writes them.</param>
    /// <param name="slots">Slots asked for.</param>
    /// <param name="funnel">The runs.</param>
    public void Search(ReadOnlySpan<byte> brands, int slots, ReadOnlySpan<byte> funnel)
    {
        _bytes.Byte(SearchCode);
        _bytes.Varint((ulong)slots);
        _bytes.Raw(brands);
        _bytes.Bytes(funnel);
    }

    public void Won(in DrawRecord draw, string? channel, FactFlags flags, long heldUntil)
    {
        SlotDecision decision = draw.Decision;
        Head(FactKind.Won, decision.Campaign.Brand.Symbol);
        _bytes.Byte((byte)flags);
        Place(decision.Campaign.Symbol, decision.Step.Symbol, decision.Creative.Symbol, decision.ChannelMark);
        _bytes.Utf8(channel);
        _bytes.Varint((ulong)draw.HeldMicros);
        if (draw.HeldMicros > 0)
        {
            _bytes.Varint((ulong)heldUntil);
        }

        _bytes.Varint((ulong)draw.ChargedMicros);
    }

    public void NoDecision(int brand, NoDecisionReason reason, int slots)
    {
        Head(FactKind.NoDecision, brand);
        _bytes.Byte((byte)reason);
        _bytes.Byte((byte)slots);
    }

    public void Interaction(in ConsumerEvent e, FactFlags flags, in Charge charge)
    {
        Head(FactKind.Interaction, e.Brand);
        _bytes.Byte((byte)e.Type);
        _bytes.Byte((byte)flags);
        Place(e.Ad.Campaign, e.Ad.Step, e.Ad.Creative, e.Ad.ChannelMark);
        _bytes.Varint((ulong)charge.AmountMicros);
        if (charge.AmountMicros > 0)
        {
            _bytes.Signed(charge.HeldUntil ?? -1);
        }
    }

    public void Event(int brand, EventType type)
    {
        Head(FactKind.Event, brand);
        _bytes.Byte((byte)type);
    }

    /// <param name="kind"><see cref="FactKind.Purchase"/> or <see cref="FactKind.Refund"/>.</param>
    public void Money(FactKind kind, int brand, long value)
    {
        Head(kind, brand);
        _bytes.Varint((ulong)value);
    }

    public void Credit(int brand, EventType type, in ExposureEntry touched, long weight, long value)
    {
        Head(FactKind.Credit, brand);
        _bytes.Byte((byte)type);
        Place(touched.Campaign, touched.Step, touched.Creative, touched.ChannelMark);
        _bytes.Varint((ulong)weight);
        _bytes.Varint((ulong)value);
    }

    public void Organic(int brand, EventType type, long weight, long value)
    {
        Head(FactKind.Organic, brand);
        _bytes.Byte((byte)type);
        _bytes.Varint((ulong)weight);
        _bytes.Varint((ulong)value);
    }

    public void Trial(in TrialEntry trial, long weight)
    {
        Head(FactKind.Trial, trial.Brand);
        _bytes.Byte((byte)(trial.HeldOut ? FactFlags.Ghost : FactFlags.None));
        _bytes.Varint((ulong)trial.Campaign);
        _bytes.Varint((ulong)weight);
        _bytes.Varint((ulong)trial.WeightMicros);
    }

    public void LateTouch(int brand, int campaign)
    {
        Head(FactKind.LateTouch, brand);
        _bytes.Varint((ulong)campaign);
    }

    public void Calendar(int hour)
    {
        Head(FactKind.Calendar, 0);
        _bytes.Varint((ulong)hour);
    }

    private void Head(FactKind kind, int brand)
    {
        _bytes.Byte((byte)kind);
        _bytes.Varint((ulong)brand);
    }

    private void Place(int campaign, int step, int creative, ushort channelMark)
    {
        _bytes.Varint((ulong)campaign);
        _bytes.Varint((ulong)step);
        _bytes.Varint((ulong)creative);
        _bytes.Varint(channelMark);
    }
}

/// <summary>One change of stage on its way into state and facts.</summary>
/// <param name="At">The exact instant, at or before the turn's.</param>
/// <param name="Enters">The consumer enters the books by it.</param>
internal readonly record struct StageShift(
    long At, DeeplinkStage From, DeeplinkStage To, StageCause Cause, bool Enters = false, int Campaign = 0, int Creative = 0, ushort ChannelMark = 0);
