namespace Decisioning.Core.Record.Facts;

/// <summary>What a fact says of one brand; <see cref="Fact"/> names the members that each kind fills.</summary>
public enum FactKind : byte
{
    /// <summary>Nothing: the reader stands before the first fact or after the last.</summary>
    None = 0,

    /// <summary>The consumer's stage changed.</summary>
    Stage = 1,

    /// <summary>The consumer's first record with the brand, from which on it is counted.</summary>
    Known = 2,

    /// <summary>How far campaigns of neighbouring symbols came with one slot.</summary>
    Funnel = 3,

    /// <summary>A campaign won a slot.</summary>
    Won = 4,

    /// <summary>Slots stayed empty for which the brand was asked.</summary>
    NoDecision = 5,

    /// <summary>Something happened to a decision, or to a creative shown elsewhere.</summary>
    Interaction = 6,

    /// <summary>An event other than an ad interaction was recorded.</summary>
    Event = 7,

    /// <summary>An order was bought, for the first time.</summary>
    Purchase = 8,

    /// <summary>Money went back.</summary>
    Refund = 9,

    /// <summary>A touched decision's share of a behaviour or of a purchase.</summary>
    Credit = 10,

    /// <summary>A behaviour or purchase that no touched decision shares.</summary>
    Organic = 11,

    /// <summary>A touch came after the behaviour or purchase that it would have had a share of.</summary>
    LateTouch = 12,

    /// <summary>The consumer's calendar entry was made anew; of no brand.</summary>
    Calendar = 13,

    /// <summary>The consumer was erased, with the stage it had.</summary>
    Erased = 14,

    /// <summary>The brand was asked for a number of slots.</summary>
    Asked = 15,

    /// <summary>A behaviour's weight counts in a campaign's trial against its holdout.</summary>
    Trial = 16,
}

/// <summary>
/// Bits of an <see cref="FactKind.Interaction"/>, a <see cref="FactKind.Won"/>, a <see cref="FactKind.Trial"/> or a <see cref="FactKind.Stage"/>.
/// </summary>
[Flags]
public enum FactFlags : byte
{
    None = 0,

    /// <summary>The decision is shown for certain from here on.</summary>
    Renders = 1,

    /// <summary>It was shown after its reservation's end.</summary>
    Late = 2,

    /// <summary>The consumer's first sight of the brand's advertising.</summary>
    FirstOfBrand = 4,

    /// <summary>The consumer's first sight of the campaign.</summary>
    FirstOfCampaign = 8,

    /// <summary>The consumer's first sight of the step.</summary>
    FirstOfStep = 16,

    /// <summary>A creative shown elsewhere: no decision of this server.</summary>
    Elsewhere = 32,

    /// <summary>Won by a campaign that holds the consumer out: nothing was shown. Of a trial: the arm of those who are held out.</summary>
    Ghost = 64,

    /// <summary>A change of stage by which the consumer enters the books: there is no stage it comes from. A win by which it enters the campaign's trial.</summary>
    Enters = 128,
}
