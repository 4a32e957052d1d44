using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Record.Facts;

/// <summary>What changed a stage, or a line of the asset ledger: an event, or one of the others below.</summary>
public readonly record struct StageCause(byte Code)
{
    private const byte FirstOther = 64;
    private static readonly string[] Others = ["time", "rules", "import", "erasure", "valuation"];

    /// <summary>Evidence expired.</summary>
    public static StageCause Time => new(FirstOther);

    /// <summary>The brand's rules read the same evidence differently.</summary>
    public static StageCause Rules => new(FirstOther + 1);

    public static StageCause Import => new(FirstOther + 2);

    public static StageCause Erasure => new(FirstOther + 3);

    /// <summary>One consumer's worth changed.</summary>
    public static StageCause Valuation => new(FirstOther + 4);

    /// <summary>True for an ad interaction, which a campaign, a creative and perhaps a channel stand behind.</summary>
    public bool IsAd => Code <= (byte)EventType.Dismiss;

    public bool IsKnown => Code <= (byte)EventType.LeaveMember || (uint)(Code - FirstOther) < (uint)Others.Length;

    /// <summary>An event type's name, or <c>time</c>, <c>rules</c>, <c>import</c>, <c>erasure</c>, <c>valuation</c>.</summary>
    public string Name => Code >= FirstOther ? Others[Code - FirstOther] : Names.Of((EventType)Code);

    public static StageCause Of(EventType type) => new((byte)type);
}
