using System.Globalization;

namespace Decisioning.Load.Running;

/// <summary>Gives the servers and the generator a core each, by <c>taskset</c>. Where the machine has one core, or no taskset, nothing is pinned.</summary>
internal static class Cores
{
    private const string Servers = "0";
    private const string Clients = "1";

    /// <summary>Whether servers and client have a core each.</summary>
    public static bool ArePinned { get; } = OperatingSystem.IsLinux() && Environment.ProcessorCount >= 2 && Programs.Find("taskset") is not null;

    /// <summary>Moves every thread of this process to the client's core; the processes that it starts come there too.</summary>
    public static Task MoveClientAsync(CancellationToken stop) => ArePinned
        ? Programs.RunAsync("taskset", ["-a", "-c", "-p", Clients, Environment.ProcessId.ToString(CultureInfo.InvariantCulture)], Environment.CurrentDirectory, stop)
        : Task.CompletedTask;

    /// <summary>The command that runs a program on the servers' core.</summary>
    public static IReadOnlyList<string> ForServer(IEnumerable<string> command) => ArePinned ? ["taskset", "-c", Servers, .. command] : [.. command];
}
