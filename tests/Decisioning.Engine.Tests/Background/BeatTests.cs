using Decisioning.Engine.Background;

namespace Decisioning.Engine.Tests.Background;

/// <summary>What goes on beside the turns takes no thread from requests.</summary>
public sealed class BeatTests
{
    [Fact]
    public async Task A_run_has_a_thread_outside_the_pool_and_comes_back_to_one_after_waiting()
    {
        List<bool> pooled = [];
        TaskCompletionSource ran = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Beat beat = new(TimeProvider.System, TimeSpan.Zero, Timeout.InfiniteTimeSpan, share: 1, async (_, _) =>
        {
            pooled.Add(Thread.CurrentThread.IsThreadPoolThread);
            await Task.Run(static () => { }, TestContext.Current.CancellationToken);
            await Task.Yield();
            pooled.Add(Thread.CurrentThread.IsThreadPoolThread);
            ran.SetResult();
        });
        await ran.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal([false, false], pooled);
    }
}
