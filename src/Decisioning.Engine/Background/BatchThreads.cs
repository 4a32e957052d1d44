using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Decisioning.Engine.Background;

/// <summary>
/// Linux's <c>SCHED_BATCH</c>: a thread that wakes does not take the core from the one that runs, but waits until that one sleeps or has had its slice. By default the thread
/// that hears of a packet interrupts the one that answers the packet before, for every packet; let alone, that one empties its queue, and what has come meanwhile is taken up
/// together. Where a core is free a thread runs at once, as ever.
/// </summary>
public static partial class BatchThreads
{
    private const int CallingThread = 0;
    private const int Ordinary = 0;
    private const int Batch = 3;
    private const int NoSuchThread = 3;

    /// <summary>
    /// Makes the calling thread one, with all that it and those begin, and the process's other threads. To be called by the program's first thread before it
    /// begins others: the C library remembers how a thread was scheduled, and gives it to what that thread begins, so that what the runtime's own threads begin stays
    /// ordinary. Where an operator has scheduled the process otherwise, and on other systems, nothing changes.
    /// </summary>
    /// <returns>Why the system refuses; null: it does not.</returns>
    public static string? Enter() => OperatingSystem.IsLinux() && sched_getscheduler(CallingThread) == Ordinary ? EnterLinux() : null;

    /// <summary>Makes the calling thread ordinary again: it is one that others' work depends on, and takes the core from batch threads as soon as it wakes.</summary>
    /// <returns>Why the system refuses; null: it does not.</returns>
    public static string? Leave()
    {
        int urgency = 0;
        int fault = OperatingSystem.IsLinux() && sched_getscheduler(CallingThread) == Batch ? pthread_setschedparam(pthread_self(), Ordinary, in urgency) : 0;
        return fault == 0 ? null : new Win32Exception(fault).Message;
    }

    [SupportedOSPlatform("linux")]
    private static string? EnterLinux()
    {
        int urgency = 0;
        int fault = pthread_setschedparam(pthread_self(), Batch, in urgency);
        foreach (string folder in fault == 0 ? Directory.GetDirectories("/proc/self/task") : [])
        {
            int thread = int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture);
            if (sched_getscheduler(thread) == Ordinary && sched_setscheduler(thread, Batch, in urgency) != 0 && Marshal.GetLastPInvokeError() is var own and not NoSuchThread)
            {
                fault = own;
            }
        }

        return fault == 0 ? null : new Win32Exception(fault).Message;
    }

    [LibraryImport("libc")]
    private static partial nint pthread_self();

    [LibraryImport("libc")]
    private static partial int pthread_setschedparam(nint thread, int policy, in int urgency);

    [LibraryImport("libc")]
    private static partial int sched_getscheduler(int thread);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sched_setscheduler(int thread, int policy, in int urgency);
}
