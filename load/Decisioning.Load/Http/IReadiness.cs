using System.Net.Sockets;

namespace Decisioning.Load.Http;

/// <summary>Waits until one of many sockets has something to read, or room to write. Made and used by one thread.</summary>
internal interface IReadiness : IDisposable
{
    /// <summary>Begins to look at a socket for something to read.</summary>
    /// <param name="tag">What <see cref="Wait"/> calls it; no other has it.</param>
    void Add(Socket socket, int tag);

    /// <summary>Looks at a socket for room to write as well, or no longer.</summary>
    void WantRoom(Socket socket, int tag, bool wanted);

    /// <summary>Stops looking at a socket, before it is closed.</summary>
    void Remove(Socket socket, int tag);

    /// <summary>Waits until a socket is ready or the time is over; how many are ready.</summary>
    /// <param name="microseconds">How long at most; 0: only looks.</param>
    /// <param name="ready">Takes the tags of those that are ready; others are told the next time.</param>
    int Wait(long microseconds, Span<int> ready);

    /// <summary>The best that the machine has.</summary>
    static IReadiness Open() => OperatingSystem.IsLinux() ? new EpollReadiness() : new SelectReadiness();
}
