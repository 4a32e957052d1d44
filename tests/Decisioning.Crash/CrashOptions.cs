namespace Decisioning.Crash;

/// <summary>What to run.</summary>
internal sealed record CrashOptions
{
    public int Rounds { get; init; } = 5;

    public int Seed { get; init; } = 1;

    /// <summary>Rounds from one recount of the whole data folder to the next; one comes at the end in any case.</summary>
    public int VerifyEvery { get; init; } = 10;

    /// <summary>The server's built program, which every other round runs; the rounds between run <see cref="EagerServer"/>.</summary>
    public string Server
    {
        get => field ?? Beside();
        init;
    }

    /// <summary>Null: a folder of its own, gone after a run without a failure.</summary>
    public string? DataFolder { get; init; }

    // tests/Decisioning.Crash/bin/CONFIGURATION/FRAMEWORK: the server's is the same below src/Decisioning.Server.
    private static string Beside()
    {
        DirectoryInfo here = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string root = here.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(root, "src", "Decisioning.Server", "bin", here.Parent.Name, here.Name, "Decisioning.Server.dll");
    }
}

/// <summary>What a run without a failure did.</summary>
internal sealed record CrashResult(int Rounds, long Events, long Decisions, long Trackers, long Patches, long Unacknowledged)
{
    public override string ToString() =>
        $"{Rounds} rounds: {Events} events, {Decisions} decisions, {Trackers} tracker calls and {Patches} catalogue changes; {Unacknowledged} were not acknowledged when the server "
        + "was killed. Nothing acknowledged was missing, nothing counted twice.";
}

/// <summary>Something acknowledged was missing, or something counted twice, or the server did not come back. The message says seed and round.</summary>
internal sealed class CrashFailureException(string message) : Exception(message);
