using System.Collections.Concurrent;

namespace Decisioning.Load.Running;

/// <summary>Takes filled frames from the thread that sends to the one that tells them, and empty ones back: the first never waits and does not allocate.</summary>
internal sealed class FrameBelt : IDisposable
{
    private readonly ConcurrentQueue<Frame> _empty = new([new Frame(), new Frame(), new Frame()]);
    private readonly BlockingCollection<Frame?> _full = [];

    /// <summary>A frame without figures.</summary>
    public Frame TakeEmpty() => _empty.TryDequeue(out Frame? frame) ? frame : new Frame();

    public void Put(Frame frame) => _full.Add(frame);

    /// <summary>The segment is over: <see cref="Frames"/> ends.</summary>
    public void End() => _full.Add(null);

    /// <summary>The frames of a segment as they come; each is good until the next.</summary>
    public IEnumerable<Frame> Frames()
    {
        while (_full.Take() is { } frame)
        {
            yield return frame;
            frame.Clear();
            _empty.Enqueue(frame);
        }
    }

    public void Dispose() => _full.Dispose();
}
