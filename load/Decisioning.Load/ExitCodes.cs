namespace Decisioning.Load;

/// <summary>What the program ends with.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>A threshold or a check was not held.</summary>
    public const int NotHeld = 1;

    /// <summary>Bad usage, or a target that does not answer as it should before the run.</summary>
    public const int BadUsage = 2;

    /// <summary>The run ended early: its figures are partial.</summary>
    public const int Partial = 3;
}
