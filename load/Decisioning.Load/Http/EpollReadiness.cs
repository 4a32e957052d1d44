using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Decisioning.Load.Http;

/// <summary>By Linux's epoll: looking costs the same however many sockets there are, and waiting ends to the microsecond.</summary>
internal sealed unsafe partial class EpollReadiness : IReadiness
{
    private const int Most = 256;
    private const int CloseOnExec = 0x80000;
    private const int Added = 1;
    private const int Removed = 2;
    private const int Modified = 3;
    private const uint In = 1;
    private const uint Out = 4;
    private const int SetTimerSlack = 29;
    private const int Interrupted = 4;
    private const long MicrosecondsPerSecond = 1_000_000;
    private const long NanosecondsPerMicrosecond = 1_000;

    // The kernel packs an event on x64 alone: four bytes of what happened, then eight for the tag.
    private static readonly int TagAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventBytes = TagAt + 8;

    private readonly int _epoll;
    private readonly byte[] _events = new byte[Most * EventBytes];

    public EpollReadiness()
    {
        _epoll = Checked(epoll_create1(CloseOnExec));

        // The kernel may else wake the thread 50 µs late, to save power.
        _ = prctl(SetTimerSlack, 1, 0, 0, 0);
    }

    public void Add(Socket socket, int tag) => Control(Added, socket, In, tag);

    public void WantRoom(Socket socket, int tag, bool wanted) => Control(Modified, socket, wanted ? In | Out : In, tag);

    public void Remove(Socket socket, int tag) => Control(Removed, socket, 0, tag);

    public int Wait(long microseconds, Span<int> ready)
    {
        int count = Look(ready);
        if (count > 0 || microseconds <= 0)
        {
            return count;
        }

        // epoll waits in milliseconds, poll in nanoseconds; and an epoll can be polled.
        PollEntry entry = new() { Descriptor = _epoll, Wanted = (short)In };
        Timespec limit = new() { Seconds = microseconds / MicrosecondsPerSecond, Nanoseconds = microseconds % MicrosecondsPerSecond * NanosecondsPerMicrosecond };
        return ppoll(&entry, 1, &limit, null) > 0 ? Look(ready) : 0;
    }

    public void Dispose() => _ = close(_epoll);

    private int Look(Span<int> ready)
    {
        fixed (byte* events = _events)
        {
            int count = epoll_wait(_epoll, events, Math.Min(Most, ready.Length), 0);
            if (count < 0)
            {
                return Marshal.GetLastPInvokeError() == Interrupted ? 0 : Checked(count);
            }

            for (int i = 0; i < count; i++)
            {
                ready[i] = *(int*)(events + (i * EventBytes) + TagAt);
            }

            return count;
        }
    }

    private void Control(int change, Socket socket, uint wanted, int tag)
    {
        byte* entry = stackalloc byte[EventBytes];
        *(uint*)entry = wanted;
        *(long*)(entry + TagAt) = tag;
        Checked(epoll_ctl(_epoll, change, (int)socket.Handle, entry));
    }

    private static int Checked(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int epoll, int change, int descriptor, byte* entry);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(int epoll, byte* events, int most, int milliseconds);

    [LibraryImport("libc")]
    private static partial int ppoll(PollEntry* entries, nuint count, Timespec* limit, void* signals);

    [LibraryImport("libc")]
    private static partial int prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Wanted;
        public short Happened;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
