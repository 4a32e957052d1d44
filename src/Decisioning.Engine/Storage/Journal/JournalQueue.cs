namespace Decisioning.Engine.Storage.Journal;

/// <summary>
/// Between those who append and the one thread that writes: the open block, the closed ones behind it, and who waits for them.
/// The number of the open block is fixed, so an append knows its position at once, under a lock held for one copy.
/// </summary>
internal sealed class JournalQueue : IDisposable
{
    /// <summary>How long a record that nobody waits for may wait for company.</summary>
    public static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// How long a record that somebody waits for waits for company, where the commit that ended less than this before had several such: whoever comes alone, or
    /// after a pause, does not wait. A commit flushes the disk and writes whole pages, however little is in it.
    /// </summary>
    public static readonly TimeSpan Company = TimeSpan.FromMilliseconds(1);

    /// <summary>Bytes waiting for the disk from which there is no room.</summary>
    public const long RoomBytes = 64L << 20;

    /// <summary>Bytes waiting at which an append is refused: the caller did not ask for room.</summary>
    public const long MostBytes = 2 * RoomBytes;

    private readonly object _gate = new();
    private readonly Queue<JournalBlock> _closed = new();
    private readonly Queue<JournalJob> _jobs = new();
    private readonly CommittedBlocks _committed = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _company;
    private readonly ITimer _linger;
    private readonly ITimer _retry;

    private JournalBlock _open;
    private JournalBlock? _committing;
    private long _waitingBytes;
    private long _appended;
    private long _durable;
    private volatile Exception? _trouble;
    private int _awaited;
    private bool _several;
    private bool _lingering;
    private bool _lingered;
    private bool _retryDue;
    private bool _jobNext;
    private bool _gathered;
    private long _completedAt;
    private bool _stopping;
    private Exception? _ended;

    /// <param name="nextBlock">The number of the first block.</param>
    /// <param name="durable">The last position on disk.</param>
    /// <param name="time">Tells how long ago a commit was, and sets timers off.</param>
    /// <param name="company">See <see cref="Company"/>.</param>
    public JournalQueue(long nextBlock, long durable, TimeProvider time, TimeSpan company)
    {
        _company = company;
        _open = new JournalBlock(nextBlock);
        _durable = durable;
        _appended = durable;
        _time = time;
        _linger = time.CreateTimer(_ => Raise(ref _lingered), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _retry = time.CreateTimer(_ => Raise(ref _retryDue), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public long Durable => Volatile.Read(ref _durable);

    public Exception? Trouble => _trouble;

    public bool HasRoom => _trouble is null && Volatile.Read(ref _waitingBytes) < RoomBytes;

    public long Append(in TurnHead head, ReadOnlySpan<byte> payload, bool urgent)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, typeof(ITurnLog));
            if (_waitingBytes >= MostBytes)
            {
                throw new InvalidOperationException($"{_waitingBytes} bytes are waiting for the disk: ask {nameof(ITurnLog.HasRoom)} before a turn");
            }

            if (!_open.Fits(payload.Length))
            {
                CloseOpen();
                Monitor.PulseAll(_gate);
            }

            int before = _open.Length;
            _appended = _open.Append(head, payload);
            _waitingBytes += _open.Length - before;
            if (urgent)
            {
                if (_awaited++ == 0)
                {
                    Monitor.PulseAll(_gate);
                }
            }
            else if (_awaited == 0 && !_lingering)
            {
                _lingering = true;
                _linger.Change(Linger, Timeout.InfiniteTimeSpan);
            }

            return _appended;
        }
    }

    /// <summary>The signal of the block that holds the position.</summary>
    public Task WhenDurable(long position)
    {
        lock (_gate)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(position, _appended);
            if (position <= _durable)
            {
                return Task.CompletedTask;
            }

            if (_ended is not null)
            {
                return Task.FromException(_ended);
            }

            long number = JournalPosition.BlockOf(position);
            if (_committing?.Number == number)
            {
                return _committing.Durable;
            }

            return number == _open.Number ? _open.Durable : _closed.FirstOrDefault(b => b.Number == number)?.Durable ?? Task.CompletedTask;
        }
    }

    public void Enqueue(JournalJob job)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, typeof(ITurnLog));
            _jobs.Enqueue(job);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Puts a job back whose next step is to be done after a commit.</summary>
    public void Requeue(JournalJob job)
    {
        lock (_gate)
        {
            _jobs.Enqueue(job);
        }
    }

    /// <summary>Waits for the writer's next work: a block or a job, in turns while there are both. Neither: the end.</summary>
    public (JournalBlock? Block, JournalJob? Job) Next()
    {
        lock (_gate)
        {
            while (_ended is null)
            {
                bool block = _closed.Count > 0 || (_open.Length > 0 && (_awaited > 0 || _lingered || _stopping));
                if (_jobs.Count > 0 && !_stopping && (!block || _jobNext))
                {
                    _jobNext = false;
                    return (null, _jobs.Dequeue());
                }

                if (block && !_gathered && IsEarly())
                {
                    _gathered = true;
                    Monitor.Wait(_gate, _company);
                    continue;
                }

                if (block)
                {
                    _gathered = false;
                    _jobNext = true;
                    if (_closed.Count == 0)
                    {
                        CloseOpen();
                    }

                    _committing = _closed.Dequeue();
                    return (_committing, null);
                }

                if (_stopping)
                {
                    End(new ObjectDisposedException(nameof(ITurnLog)));
                    break;
                }

                Monitor.Wait(_gate);
            }

            return default;
        }
    }

    /// <summary>The block is on disk: whoever waits for it goes on.</summary>
    public void Completed(JournalBlock block)
    {
        _trouble = null;
        long before = _durable;
        Volatile.Write(ref _durable, block.LastPosition);
        block.Complete();
        lock (_gate)
        {
            _completedAt = _time.GetTimestamp();
            _committing = null;
            _waitingBytes -= block.Length;
            _committed.Add(before, block);
        }
    }

    /// <summary>The committed block that goes on after a position, where it is still in memory; to be given back with <see cref="Return"/>.</summary>
    public JournalBlock? TryTake(long position)
    {
        lock (_gate)
        {
            return _committed.TryTake(position);
        }
    }

    public void Return(JournalBlock block)
    {
        lock (_gate)
        {
            _committed.Spare(block);
        }
    }

    /// <summary>Says why the commit failed and waits until it is to be tried again. False: the log is closing, there is time for one more try.</summary>
    public bool WaitToRetry(Exception trouble, TimeSpan delay)
    {
        lock (_gate)
        {
            _trouble = trouble;
            _retryDue = false;
            _retry.Change(delay, Timeout.InfiniteTimeSpan);
            while (!_retryDue && !_stopping)
            {
                Monitor.Wait(_gate);
            }

            return _ended is null ? !_stopping : throw _ended;
        }
    }

    /// <summary>Takes nothing more; what was appended is still to be written.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Ends without writing what is left; who waits for it is told why.</summary>
    public void End(Exception reason)
    {
        lock (_gate)
        {
            if (_ended is not null)
            {
                return;
            }

            _ended = reason;
            _stopping = true;
            _committing?.Fail(reason);
            _open.Fail(reason);
            foreach (JournalBlock block in _closed)
            {
                block.Fail(reason);
            }

            foreach (JournalJob job in _jobs)
            {
                job.Fail(reason);
            }

            Monitor.PulseAll(_gate);
        }
    }

    public void Dispose()
    {
        _linger.Dispose();
        _retry.Dispose();
    }

    private bool IsEarly() => _several && _closed.Count == 0 && !_stopping && _time.GetElapsedTime(_completedAt) < _company;

    private void CloseOpen()
    {
        _closed.Enqueue(_open);
        _open = _committed.Open(_open.Number + 1);
        _several = _awaited > 1;
        _awaited = 0;
        _lingering = false;
        _lingered = false;
    }

    private void Raise(ref bool flag)
    {
        lock (_gate)
        {
            flag = true;
            Monitor.PulseAll(_gate);
        }
    }
}
