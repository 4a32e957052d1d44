using Decisioning.Cluster.Storage;

namespace Decisioning.Cluster.Turns;

// What becomes of a batch once the store has answered.
public sealed partial class SiloLog
{
    private void Settle(LogBatch batch, TurnRow[] rows, IReadOnlyList<int> refused)
    {
        foreach (int position in refused)
        {
            batch.Rows[position].IsLost = true;
        }

        IReadOnlyList<TurnRow> taken = refused.Count == 0 ? rows : [.. rows.Where((_, i) => !batch.Rows[i].IsLost)];
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
