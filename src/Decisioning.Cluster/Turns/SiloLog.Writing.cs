using Decisioning.Cluster.Storage;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Turns;

/// <summary>The writing loop: batch by batch to the store, and what the store said to everybody whom it concerns.</summary>
public sealed partial class SiloLog
{
    private async Task WriteAllAsync()
    {
        while (true)
        {
            bool waits, lingers;
            lock (_gate)
            {
                LogBatch? next = _queue.First?.Value;
                waits = next is null;
                lingers = next is { Urgent: false, IsFull: false } && _queue.Count == 1 && !_stopping;
            }

            if (waits && (_stopping || _fenced))
            {
                return;
            }

            if (waits)
            {
                await _wake.Reader.ReadAsync();
                continue;
            }

            if (lingers)
            {
                await LingerAsync();
            }

            try
            {
                await WriteAsync(Seal());
            }
            catch (OperationCanceledException) when (_abandoned.IsCancellationRequested)
            {
                LoseAll();
                return;
            }
        }
    }

    // Until somebody waits for the batch, or its time is up.
    private async Task LingerAsync()
    {
        using CancellationTokenSource enough = new(ClusterBounds.Linger, _time);
        try
        {
            while (true)
            {
                await _wake.Reader.ReadAsync(enough.Token);
                lock (_gate)
                {
                    if (_stopping || _queue.Count > 1 || _queue.First!.Value is { Urgent: true } or { IsFull: true })
                    {
                        return;
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private LogBatch Seal()
    {
        lock (_gate)
        {
            _flying = _queue.First!.Value;
            _queue.RemoveFirst();
            foreach (LogRow row in _flying.Rows)
            {
                row.Number = ++_number;
                if (row.Kind == TurnKind.Contextual)
                {
                    row.First = row.Last = Epoch << 40 | _number;
                }
            }

            return _flying;
        }
    }

    private async Task WriteAsync(LogBatch batch)
    {
        TurnRow[] rows = [.. batch.Rows.Select(r => r.ToRow(Epoch))];
        IReadOnlyList<int> refused = [];
        if (rows.Length > 0)
        {
            refused = await TryUntilKnownAsync(
                () => batch.Tombstone is { } tombstone ? EraseAsync(rows[0], tombstone) : _store.AppendAsync(rows, _abandoned.Token));
        }

        bool closed = refused.Count > 0 && await TryUntilKnownAsync(IsClosedAsync);
        Settle(batch, rows, refused);
        if (closed)
        {
            LoseAll();
            Fenced?.Invoke();
        }
    }

    private async Task<IReadOnlyList<int>> EraseAsync(TurnRow row, TombstoneRow tombstone)
    {
        await _snapshots.ForgetAsync(row.Consumer, _abandoned.Token);
        return await _store.EraseAsync(row, tombstone, _abandoned.Token) ? [] : [0];
    }

    private async Task<bool> IsClosedAsync() => !(await _store.ReadEpochsAsync(_abandoned.Token)).Any(e => e.Epoch == Epoch && e.Open);

    private async Task<T> TryUntilKnownAsync<T>(Func<Task<T>> write)
    {
        for (TimeSpan backOff = ClusterBounds.FirstBackOff; ; backOff = backOff * 2 < ClusterBounds.LongestBackOff ? backOff * 2 : ClusterBounds.LongestBackOff)
        {
            try
            {
                T result = await write();
                _trouble = null;
                return result;
            }
            catch (Exception e) when (!_abandoned.IsCancellationRequested)
            {
                _trouble = e;
                await Task.Delay(backOff, _time, _abandoned.Token);
            }
        }
    }

    private void Settle(LogBatch batch, TurnRow[] rows, IReadOnlyList<int> refused)
    {
        List<TurnRow> taken = new(rows.Length);
        for (int i = 0, r = 0; i < rows.Length; i++)
        {
            if (r < refused.Count && refused[r] == i)
            {
                r++;
                batch.Rows[i].IsLost = true;
            }
            else
            {
                taken.Add(rows[i]);
            }
        }

        if (taken.Count > 0)
        {
            _taken.Taken(taken);
        }

        lock (_gate)
        {
            foreach (LogRow row in batch.Rows)
            {
                SettleRow(row);
            }

            SettledNumber = _number;
            _waitingBytes -= batch.Bytes;
            _flying = null;
        }

        batch.Settled.SetResult();
    }

    private void SettleRow(LogRow row)
    {
        if (row.IsLost)
        {
            LoseBehind(row);
            row.Owner?.Lose();
            _taken.Refused(row.ToRow(Epoch));
        }
        else
        {
            row.IsTaken = true;
            row.Owner?.Taken(row);
            if (row.Snapshot is { } snapshot)
            {
                _snapshots.Keep(new SnapshotRow(row.Consumer, row.Last, snapshot));
            }
        }

        row.Settle();
    }

    // What the same owner appended since was built on what was refused.
    private void LoseBehind(LogRow lost)
    {
        if (lost.Owner is null)
        {
            return;
        }

        foreach (LogBatch batch in _queue)
        {
            if (batch.Find(lost.Consumer) is { } row && row.Owner == lost.Owner)
            {
                row.IsLost = true;
                _taken.Refused(row.ToRow(Epoch));
                batch.Remove(row.Consumer);
                batch.Bytes -= row.Bytes;
                _waitingBytes -= row.Bytes;
                row.Settle();
            }
        }
    }

    private void LoseAll()
    {
        lock (_gate)
        {
            _fenced = true;
            if (_flying is not null)
            {
                _queue.AddFirst(_flying);
                _flying = null;
            }

            foreach (LogBatch batch in _queue)
            {
                foreach (LogRow row in batch.Rows)
                {
                    row.IsLost = true;
                    row.Owner?.Lose();
                    _taken.Refused(row.ToRow(Epoch));
                    row.Settle();
                }

                batch.Settled.TrySetResult();
            }

            _queue.Clear();
            _waitingBytes = 0;
        }
    }
}
