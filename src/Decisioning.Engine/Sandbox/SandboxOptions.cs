namespace Decisioning.Engine.Sandbox;

/// <summary>What a sandbox may use.</summary>
public sealed record SandboxOptions
{
    /// <summary>Consumers kept; beyond it those whose last turn is oldest are dropped.</summary>
    public int MaxConsumers { get; init; } = 10_000;

    /// <summary>Bytes of journal kept, for histories.</summary>
    public long MaxJournalBytes { get; init; } = 16L << 20;
}
