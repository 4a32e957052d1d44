using Decisioning.Engine.Background;

namespace Decisioning.Engine.Tests.Background;

public sealed class BatchThreadsTests
{
    private const string Ordinary = "0";
    private const string Batch = "3";

    /// <summary>As <c>proc_pid_stat(5)</c> numbers the fields; the first two, of which the second may hold spaces, are left out.</summary>
    private const int Policy = 41 - 3;

    [Fact]
    public void The_threads_of_the_process_are_batch_threads_and_so_is_what_the_first_of_them_begins_until_it_leaves()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The class of scheduling is Linux's.");
        string? refusal = "not asked", own = null, begun = null, left = null, sibling = null;
        List<string> others = [];
        Run(() =>
        {
            string[] before = Directory.GetDirectories("/proc/self/task");
            refusal = BatchThreads.Enter();
            others.AddRange(before.Select(PolicyOf).OfType<string>());
            own = PolicyOf("/proc/thread-self");
            Run(() => begun = PolicyOf("/proc/thread-self"));
            Run(() =>
            {
                refusal ??= BatchThreads.Leave();
                left = PolicyOf("/proc/thread-self");
            });
            sibling = PolicyOf("/proc/thread-self");
        });
        Assert.Null(refusal);
        Assert.Equal(Batch, own);
        Assert.Equal(Batch, begun);
        Assert.Equal(Ordinary, left);
        Assert.Equal(Batch, sibling);
        Assert.NotEmpty(others);
        Assert.All(others, p => Assert.Equal(Batch, p));
    }

    private static void Run(ThreadStart work)
    {
        Thread thread = new(work);
        thread.Start();
        thread.Join();
    }

    // Null: it has ended meanwhile.
    private static string? PolicyOf(string thread)
    {
        try
        {
            string stat = File.ReadAllText(Path.Combine(thread, "stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[Policy];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
