namespace Decisioning.Server;

/// <summary>What the program ends with.</summary>
public static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The server could not start, or is not well.</summary>
    public const int NotStarted = 1;

    /// <summary>Options or configuration have faults.</summary>
    public const int BadOptions = 2;

    /// <summary>The host ended by itself; whoever keeps the program running starts it again.</summary>
    public const int Ended = 3;
}
