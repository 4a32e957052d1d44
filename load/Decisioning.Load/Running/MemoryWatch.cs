using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;

namespace Decisioning.Load.Running;

/// <summary>What a server takes.</summary>
/// <param name="WorkingSet">As the system counts it, bytes.</param>
/// <param name="Heap">The managed heap as its last collection left it, bytes; null before the first that was seen.</param>
internal readonly record struct MemoryReading(long WorkingSet, long? Heap);

/// <summary>Looks at the memory of a .NET process of the same user on this machine. Its collections are told by its own event pipe: it is not asked, and collects no more than it would.</summary>
internal sealed class MemoryWatch : IDisposable
{
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";
    private const long Collections = 1;
    private const int BufferMegabytes = 1;

    private readonly Process _process;
    private readonly EventPipeSession _session;
    private readonly Thread _reader;
    private long _heap = -1;

    private MemoryWatch(Process process, EventPipeSession session)
    {
        (_process, _session) = (process, session);
        _reader = new Thread(ReadAll) { IsBackground = true };
        _reader.Start();
    }

    /// <summary>Begins to look.</summary>
    /// <param name="process">Its id.</param>
    /// <exception cref="LoadFailureException">There is no such process, or it is no .NET process that tells this user anything.</exception>
    public static MemoryWatch Open(int process)
    {
        try
        {
            EventPipeProvider collections = new(Runtime, EventLevel.Informational, Collections);
            return new MemoryWatch(Process.GetProcessById(process), new DiagnosticsClient(process).StartEventPipeSession([collections], requestRundown: false, BufferMegabytes));
        }
        catch (Exception fault) when (fault is ArgumentException or UnauthorizedAccessException || IsCutOff(fault))
        {
            throw new LoadFailureException(string.Create(CultureInfo.InvariantCulture, $"The memory of process {process} cannot be looked at: {fault.Message}"));
        }
    }

    /// <summary>What it takes now; null once it has ended.</summary>
    public MemoryReading? Read()
    {
        try
        {
            _process.Refresh();
            return new MemoryReading(_process.WorkingSet64, Volatile.Read(ref _heap) is >= 0 and long heap ? heap : null);
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    public void Dispose()
    {
        try
        {
            _session.Stop();
        }
        catch (Exception gone) when (IsCutOff(gone))
        {
            // With its process the pipe has ended.
        }

        _reader.Join();
        _session.Dispose();
        _process.Dispose();
    }

    // The last: a process that was killed leaves its socket behind, under a number that another may get.
    private static bool IsCutOff(Exception fault) => fault is DiagnosticsClientException or IOException or SocketException;

    private void ReadAll()
    {
        using EventPipeEventSource source = new(_session.EventStream);
        source.Clr.GCHeapStats += told => Volatile.Write(ref _heap, told.TotalHeapSize);
        try
        {
            source.Process();
        }
        catch (Exception gone) when (gone is IOException or FormatException)
        {
            // The process ended in the middle of an event.
        }
    }
}
