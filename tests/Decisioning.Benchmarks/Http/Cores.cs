using System.Runtime.InteropServices;

namespace Decisioning.Benchmarks.Http;

/// <summary>Pins the calling thread, and with it the processes that it starts from then on, to one of the machine's cores. Where it cannot, nothing is pinned.</summary>
internal static class Cores
{
    /// <summary>Whether server and client have a core each.</summary>
    public static bool ArePinned { get; } = OperatingSystem.IsLinux() && Environment.ProcessorCount >= 2;

    public static void UseServers() => Use(1);

    public static void UseClients() => Use(2);

    /// <summary>Moves a process of one thread to the clients' core, and with it those that it starts from then on.</summary>
    /// <param name="process">Its id.</param>
    public static void MoveToClients(int process) => Use(2, process);

    private static void Use(ulong mask, int thread = 0)
    {
        if (ArePinned && sched_setaffinity(thread, sizeof(ulong), ref mask) != 0)
        {
            throw new InvalidOperationException($"The thread cannot be pinned to the cores {mask:x}.");
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int sched_setaffinity(int thread, nint size, ref ulong mask);
}
