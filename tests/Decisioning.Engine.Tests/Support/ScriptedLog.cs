using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Tests.Support;

/// <summary>A journal whose disk a test plays: it commits when told, refuses when told, and a crash keeps what was committed and nothing else.</summary>
internal sealed class ScriptedLog : ITurnLog
{
    private readonly Lock _gate = new();
    private readonly List<TurnRecord> _records;
    private readonly TaskCompletionSource _firstWaiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(long Position, TaskCompletionSource Done)> _waiting = [];
    private readonly List<(Func<TurnRecord, bool> Which, TaskCompletionSource<TurnRecord> Came)> _awaited = [];
    private long _durable;
    private long _copiedBytes;

    public ScriptedLog() => _records = [];

    private ScriptedLog(List<TurnRecord> records)
    {
        _records = records;
        _durable = records.Count == 0 ? 0 : records[^1].Position;
    }

    /// <summary>True: every append is on disk at once.</summary>
    public bool CommitsAtOnce { get; set; } = true;

    /// <summary>Called before records are overwritten; may throw.</summary>
    public Action? BeforeScrub { get; set; }

    public bool HasRoom { get; set; } = true;

    public Exception? Trouble { get; set; }

    public long DurablePosition => Volatile.Read(ref _durable);

    public int Appended
    {
        get
        {
            lock (_gate)
            {
                return _records.Count;
            }
        }
    }

    /// <summary>Bytes that keeping the records has allocated.</summary>
    public long CopiedBytes => Volatile.Read(ref _copiedBytes);

    /// <summary>Callers that wait for a commit now.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    public long Append(in TurnHead head, ReadOnlySpan<byte> payload, bool urgent)
    {
        long position;
        lock (_gate)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            position = _records.Count == 0 ? 1 : _records[^1].Position + 1;
            _records.Add(new TurnRecord(position, head, payload.ToArray()));
            _copiedBytes += GC.GetAllocatedBytesForCurrentThread() - before;
            Tell(_records[^1]);
        }

        if (CommitsAtOnce)
        {
            CommitTo(position);
        }

        return position;
    }

    /// <summary>Everything appended so far comes on disk.</summary>
    public void Commit()
    {
        long last;
        lock (_gate)
        {
            last = _records.Count == 0 ? 0 : _records[^1].Position;
        }

        CommitTo(last);
    }

    public void CommitTo(long position)
    {
        List<TaskCompletionSource> done;
        lock (_gate)
        {
            Volatile.Write(ref _durable, Math.Max(_durable, position));
            if (_waiting.Count == 0)
            {
                return;
            }

            done = [.. _waiting.Where(w => w.Position <= _durable).Select(w => w.Done)];
            _waiting.RemoveAll(w => w.Position <= _durable);
        }

        done.ForEach(d => d.SetResult());
    }

    /// <summary>What a new process would find.</summary>
    public ScriptedLog Crash()
    {
        lock (_gate)
        {
            return new ScriptedLog([.. _records.Where(r => r.Position <= _durable)]);
        }
    }

    /// <summary>The record is gone as if it had never been: what no disk of ours does.</summary>
    public void Lose(long position)
    {
        lock (_gate)
        {
            _records.RemoveAll(r => r.Position == position);
        }
    }

    /// <summary>Completes when somebody waits for a commit for the first time.</summary>
    public Task WaitedForAsync() => _firstWaiter.Task.WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>The first record of a kind, as soon as it is appended.</summary>
    public Task<TurnRecord> AppendedAsync(Func<TurnRecord, bool> which)
    {
        lock (_gate)
        {
            if (_records.Find(r => which(r)) is { Position: > 0 } there)
            {
                return Task.FromResult(there);
            }

            TaskCompletionSource<TurnRecord> came = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((which, came));
            return came.Task.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    public ValueTask WhenDurableAsync(long position, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (position <= _durable)
            {
                return ValueTask.CompletedTask;
            }

            TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((position, done));
            _firstWaiter.TrySetResult();
            return new ValueTask(done.Task.WaitAsync(cancellation));
        }
    }

    public IEnumerable<TurnRecord> ReadAfter(long position)
    {
        lock (_gate)
        {
            return [.. _records.Where(r => r.Position > position && r.Position <= _durable)];
        }
    }

    public TurnRecord? Read(long position)
    {
        lock (_gate)
        {
            int index = _records.FindIndex(r => r.Position == position);
            return index >= 0 && position <= _durable && _records[index].Head.Kind != TurnKind.Scrubbed ? _records[index] : null;
        }
    }

    public ValueTask ScrubAsync(IReadOnlyList<long> positions, CancellationToken cancellation)
    {
        BeforeScrub?.Invoke();
        lock (_gate)
        {
            foreach (int index in positions.Select(p => _records.FindIndex(r => r.Position == p)))
            {
                _records[index] = _records[index] with { Head = _records[index].Head with { Kind = TurnKind.Scrubbed }, Payload = new byte[_records[index].Payload.Length] };
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask TrimAsync(long beforeInstant, long upToPosition, CancellationToken cancellation)
    {
        lock (_gate)
        {
            while (_records.Count > 1 && _records[0].Head.Instant < beforeInstant && _records[0].Position <= upToPosition)
            {
                _records.RemoveAt(0);
            }
        }

        return ValueTask.CompletedTask;
    }

    private void Tell(TurnRecord record)
    {
        for (int i = _awaited.Count - 1; i >= 0; i--)
        {
            if (_awaited[i].Which(record))
            {
                _awaited[i].Came.SetResult(record);
                _awaited.RemoveAt(i);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        Commit();
        return ValueTask.CompletedTask;
    }
}
