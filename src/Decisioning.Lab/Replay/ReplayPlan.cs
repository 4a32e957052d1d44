using Decisioning.Lab.Streams;

namespace Decisioning.Lab.Replay;

/// <summary>What to replay, and how.</summary>
internal sealed record ReplayPlan
{
    public required EventStream Stream { get; init; }

    /// <summary>Id of the brand the consumers met.</summary>
    public required string Brand { get; init; }

    /// <summary>File of the brand's document; null: the brand as the target has it, else a demo brand's.</summary>
    public required string? Catalogue { get; init; }

    /// <summary>True: every instant is moved by as much as brings the last event to the start of the run.</summary>
    public required bool ShiftToNow { get; init; }

    /// <summary>Times the stream's own pace, above 0; null: as fast as may be.</summary>
    public required double? Speed { get; init; }
}
