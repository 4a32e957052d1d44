using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Decisioning.Benchmarks.Reporting;

/// <summary>What the calling thread has had of a core: on a machine that others use too it says more than the wall's clock. Where there is none, it is the wall's.</summary>
internal static class ThreadClock
{
    private const int ThreadCpuTime = 3;

    /// <summary>Microseconds since some beginning.</summary>
    public static double Microseconds
    {
        get
        {
            if (!OperatingSystem.IsLinux() || clock_gettime(ThreadCpuTime, out Timespec time) != 0)
            {
                return Stopwatch.GetTimestamp() * 1e6 / Stopwatch.Frequency;
            }

            return time.Seconds * 1e6 + time.Nanoseconds / 1e3;
        }
    }

    [DllImport("libc")]
    private static extern int clock_gettime(int clock, out Timespec time);

    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
