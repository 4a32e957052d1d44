namespace Decisioning.Engine.Storage.Journal;

/// <summary>Something other than a commit that only the writer's thread may do to the journal, in steps with commits in between.</summary>
/// <param name="step">Does one step; true when it was the last.</param>
internal sealed class JournalJob(Func<JournalTable, bool> step)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => _done.Task;

    /// <summary>True: finished, well or with an exception that whoever asked for it gets.</summary>
    public bool Step(JournalTable table)
    {
        try
        {
            if (!step(table))
            {
                return false;
            }

            _done.SetResult();
        }
        catch (Exception e)
        {
            _done.SetException(e);
        }

        return true;
    }

    public void Fail(Exception reason) => _done.TrySetException(reason);
}
