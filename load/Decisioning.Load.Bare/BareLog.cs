using System.Collections.Concurrent;
using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Microsoft.Win32.SafeHandles;

namespace Decisioning.Load.Bare;

/// <summary>
/// What durable events are measured against: a line each, appended to a file, and answered as accepted once the disk has it; those that come meanwhile are flushed together.
/// It knows no consumer, no rule and no repeat.
/// </summary>
internal sealed class BareLog : IDisposable
{
    private readonly BlockingCollection<Batch> _waiting = [];
    private readonly SafeFileHandle _file;
    private readonly Thread _writer;

    /// <param name="path">Of the file, which is not there yet.</param>
    public BareLog(string path)
    {
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        _writer = new Thread(WriteAll) { IsBackground = true };
        _writer.Start();
    }

    /// <summary>Keeps a request's events.</summary>
    /// <exception cref="IOException">They could not be written.</exception>
    public async ValueTask<EventResult[]> TakeAsync(IReadOnlyList<EventCommand> events, CatalogueSnapshot catalogue, CancellationToken cancellation)
    {
        string lines = string.Concat(events.Select(static e => FormattableString.Invariant($"{e.EventId} {e.Type?.ToString() ?? e.TypeName} {e.ConsumerId} {e.Brand} {e.OccurredAt}\n")));
        Batch batch = new(Encoding.UTF8.GetBytes(lines), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _waiting.Add(batch, cancellation);
        await batch.Kept.Task;
        return [.. events.Select(static e => new EventResult(e.EventId, EventStatus.Accepted))];
    }

    /// <summary>Writes what still waits, and closes the file.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        _writer.Join();
        _file.Dispose();
        _waiting.Dispose();
    }

    private void WriteAll()
    {
        long end = 0;
        List<Batch> together = [];
        foreach (Batch first in _waiting.GetConsumingEnumerable())
        {
            together.Add(first);
            while (_waiting.TryTake(out Batch? next))
            {
                together.Add(next);
            }

            try
            {
                RandomAccess.Write(_file, [.. together.Select(static b => (ReadOnlyMemory<byte>)b.Lines)], end);
                RandomAccess.FlushToDisk(_file);
                end += together.Sum(static b => b.Lines.Length);
                together.ForEach(static b => b.Kept.SetResult());
            }
            catch (IOException fault)
            {
                together.ForEach(b => b.Kept.SetException(fault));
            }

            together.Clear();
        }
    }

    private sealed record Batch(byte[] Lines, TaskCompletionSource Kept);
}
