using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;

namespace Decisioning.Core.Record.Facts;

/// <summary>
/// One fact of a turn. Members that its kind does not fill are 0. Symbols are the catalogue's, instants ms since the Unix epoch, money micros.
/// </summary>
public ref struct Fact
{
    public FactKind Kind;

    /// <summary>Brand symbol; 0 for <see cref="FactKind.Calendar"/>.</summary>
    public int Brand;

    public FactFlags Flags;

    /// <summary>Stage: the stage left; erased: the stage the consumer had.</summary>
    public DeeplinkStage From;

    /// <summary>Stage: the stage entered.</summary>
    public DeeplinkStage To;

    public StageCause Cause;

    /// <summary>Stage: the exact instant of the change, at or before the turn's.</summary>
    public long At;

    /// <summary>Stage: when the consumer entered the AIPL stage that it left, −1 where that is not known.</summary>
    public long Previous;

    /// <summary>Interaction, event, credit, organic: what happened.</summary>
    public EventType Type;

    /// <summary>Stage by an ad, won, interaction, credit, late touch, trial; of a funnel the first campaign of the run.</summary>
    public int Campaign;

    public int Step;

    public int Creative;

    /// <summary>Mark of the channel that the decision was made for.</summary>
    public ushort ChannelMark;

    /// <summary>Won: the channel's name, UTF-8; empty for none.</summary>
    public ReadOnlySpan<byte> Channel;

    /// <summary>Funnel: campaigns in the run. No decision: slots that stayed empty. Asked: slots. Calendar: the UTC hour, 0 for none.</summary>
    public int Count;

    public FunnelReach Reach;

    public NoDecisionReason Reason;

    /// <summary>Won: held until <see cref="HeldUntil"/>.</summary>
    public long HeldMicros;

    /// <summary>Won, interaction: charged.</summary>
    public long ChargedMicros;

    /// <summary>Won: the hold's end. Interaction: the end of the hold that pays, −1 where none does.</summary>
    public long HeldUntil;

    /// <summary>Credit, organic: the share in millionths: of weight for a behaviour, of one conversion for a purchase. Trial: the behaviour's whole weight.</summary>
    public long WeightMicros;

    /// <summary>Trial: the weight that the consumer had in it before.</summary>
    public long BeforeMicros;

    /// <summary>Purchase, refund, and a purchase's credit or organic share.</summary>
    public long ValueMicros;

    public readonly bool Has(FactFlags flags) => (Flags & flags) != 0;
}
