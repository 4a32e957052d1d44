using System.Runtime.InteropServices;

namespace Decisioning.Load.Running;

/// <summary>
/// Lets the calling thread run as soon as it wakes, whatever else waits for a core: on a machine that it shares with the server, a sender would otherwise come late by a
/// turn of the scheduler's. It needs so little of a core that it takes nothing worth the name from others.
/// </summary>
internal static partial class FirstInLine
{
    private const int FirstComeFirstServed = 1;

    /// <summary>Threads that are begun by this one are as any other.</summary>
    private const int ForItselfAlone = 0x40000000;

    private const int LeastUrgent = 1;
    private const int CallingThread = 0;
    private const int Process = 0;
    private const int Nicest = -20;

    /// <summary>Does so as far as the system allows: ahead of all that is not urgent, or else ahead of most. Where it allows neither, nothing changes, and the lateness that is measured says so.</summary>
    public static unsafe void Step()
    {
        if (OperatingSystem.IsLinux())
        {
            int urgency = LeastUrgent;
            if (sched_setscheduler(CallingThread, FirstComeFirstServed | ForItselfAlone, &urgency) != 0)
            {
                _ = setpriority(Process, CallingThread, Nicest);
            }
        }
        else
        {
            Thread.CurrentThread.Priority = ThreadPriority.Highest;
        }
    }

    [LibraryImport("libc")]
    private static unsafe partial int sched_setscheduler(int thread, int policy, int* urgency);

    [LibraryImport("libc")]
    private static partial int setpriority(int which, uint who, int nice);
}
