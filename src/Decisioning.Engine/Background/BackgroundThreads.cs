using System.Collections.Concurrent;

namespace Decisioning.Engine.Background;

/// <summary>
/// The threads of what goes on beside the turns, shared by a process's hosts. Such work computes for milliseconds and waits for the disk with its thread; the pool
/// has a thread a core, and gets another one only after a while: on two cores a pass of writing back would hold half of those that requests have.
/// </summary>
internal sealed class BackgroundThreads : TaskScheduler
{
    /// <summary>States, books, the calendar and a pass over everybody at once.</summary>
    private const int Threads = 4;

    private readonly BlockingCollection<Task> _due = [];

    private BackgroundThreads()
    {
        for (int i = 0; i < Threads; i++)
        {
            new Thread(Run) { IsBackground = true, Name = "beside the turns" }.Start();
        }
    }

    public static BackgroundThreads Shared { get; } = new();

    /// <summary>Starts work that comes back to these threads whenever it has waited.</summary>
    public Task RunAsync(Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();

    protected override void QueueTask(Task task) => _due.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _due.ToArray();

    private void Run()
    {
        foreach (Task task in _due.GetConsumingEnumerable())
        {
            TryExecuteTask(task);
        }
    }
}
