namespace Decisioning.Engine.Storage.Journal;

/// <summary>
/// The one thread that writes the journal: one commit a block. Whatever came while a commit ran goes into the next one together. A commit that fails is tried
/// again, from 40 ms apart to 1 s, until it succeeds or the log is closed.
/// </summary>
internal sealed class JournalWriter
{
    public static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(1);

    private readonly JournalQueue _queue;
    private readonly JournalTable _table;
    private readonly WalCheckpoints _checkpoints;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JournalWriter(JournalQueue queue, JournalTable table, WalCheckpoints checkpoints)
    {
        _queue = queue;
        _table = table;
        _checkpoints = checkpoints;
        new Thread(Run) { IsBackground = true, Name = "journal writer" }.Start();
    }

    /// <summary>Completes when everything is written, or fails with why it could not be.</summary>
    public Task Ended => _ended.Task;

    private void Run()
    {
        try
        {
            while (true)
            {
                (JournalBlock? block, JournalJob? job) = _queue.Next();
                if (block is not null)
                {
                    Commit(block);
                }
                else if (job is null)
                {
                    break;
                }
                else if (!job.Step(_table))
                {
                    _queue.Requeue(job);
                }
            }

            _ended.SetResult();
        }
        catch (Exception e)
        {
            _queue.End(e);
            _ended.SetException(e);
        }
    }

    private void Commit(JournalBlock block)
    {
        long began = JournalMeters.Begin();
        TimeSpan delay = FirstRetry;
        bool last = false;
        for (bool again = false; ; again = true)
        {
            try
            {
                // A commit that failed may have gone through all the same: the same block is never written twice.
                if (!again || !_table.Contains(block))
                {
                    _table.Insert(block);
                }

                break;
            }
            catch (Exception e) when (!last)
            {
                JournalMeters.Failed();
                last = !_queue.WaitToRetry(e, delay);
                delay = delay * 2 < LastRetry ? delay * 2 : LastRetry;
            }
        }

        JournalMeters.Committed(began, block.Length);
        _queue.Completed(block);
        _checkpoints.Committed(block.Length);
    }
}
