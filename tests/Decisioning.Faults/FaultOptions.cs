namespace Decisioning.Faults;

/// <summary>What is done to a cluster under load.</summary>
internal enum Fault
{
    /// <summary>kill -9 of one silo.</summary>
    Kill,

    /// <summary>SIGSTOP of one silo for longer than the others believe it alive, then SIGCONT.</summary>
    Pause,

    /// <summary>PostgreSQL restarted in an orderly way (fast: open transactions are rolled back).</summary>
    RestartDatabase,

    /// <summary>PostgreSQL restarted as after a crash (immediate: it recovers from its log).</summary>
    CrashDatabase,

    /// <summary>Each silo in turn is asked to end and is started anew.</summary>
    Roll,
}

/// <summary>How a run goes.</summary>
internal sealed record FaultOptions
{
    public IReadOnlyList<Fault> Faults { get; init; } = Enum.GetValues<Fault>();

    public int Silos { get; init; } = 3;

    /// <summary>Load before each fault.</summary>
    public TimeSpan Lead { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Load after each fault was done.</summary>
    public TimeSpan After { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a paused silo is paused.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Callers, each with one request under way.</summary>
    public int Workers { get; init; } = 16;

    public int Seed { get; init; } = 1;

    /// <summary>The silo's built program.</summary>
    public string Silo
    {
        get => field ?? Beside();
        init;
    }

    // tests/Decisioning.Faults/bin/CONFIGURATION/FRAMEWORK: the silo's is the same below src/Decisioning.Silo.
    private static string Beside()
    {
        DirectoryInfo here = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string root = here.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(root, "src", "Decisioning.Silo", "bin", here.Parent.Name, here.Name, "Decisioning.Silo.dll");
    }
}
