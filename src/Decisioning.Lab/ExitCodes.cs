namespace Decisioning.Lab;

/// <summary>What the program ends with.</summary>
public static class ExitCodes
{
    public const int Done = 0;

    /// <summary>Bad data, a mismatch, or a folder or server that cannot be used.</summary>
    public const int BadData = 1;

    public const int BadUsage = 2;
}
