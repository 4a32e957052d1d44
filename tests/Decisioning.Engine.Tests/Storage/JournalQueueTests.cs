using Decisioning.Engine.Storage;
using Decisioning.Engine.Storage.Journal;

namespace Decisioning.Engine.Tests.Storage;

/// <summary>How the queue gathers what is waited for into commits.</summary>
public sealed class JournalQueueTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly SteppedClock _clock = new();
    private readonly JournalQueue _queue;

    public JournalQueueTests() => _queue = new JournalQueue(1, 0, _clock, Long);

    public void Dispose() => _queue.Dispose();

    [Fact]
    public void What_comes_right_after_a_commit_of_several_waits_for_company_until_the_log_stops()
    {
        Append();
        Append();
        CommitNext();
        long second = Append();
        JournalBlock? block = null;
        Thread writer = new(() => block = _queue.Next().Block);
        writer.Start();
        SpinWait.SpinUntil(() => (writer.ThreadState & (ThreadState.WaitSleepJoin | ThreadState.Stopped)) != 0);
        long third = Append();
        Assert.Equal(JournalPosition.BlockOf(second), JournalPosition.BlockOf(third));
        _queue.Stop();
        writer.Join();
        Assert.Equal(third, block!.LastPosition);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 60)]
    public async Task Whoever_comes_alone_or_after_a_pause_does_not_wait(int together, int seconds)
    {
        for (int i = 0; i < together; i++)
        {
            Append();
        }

        CommitNext();
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        long last = Append();
        Assert.Equal(last, await Task.Run(CommitNext, TestContext.Current.CancellationToken).WaitAsync(Long / 2, TestContext.Current.CancellationToken));
    }

    private long Append() => _queue.Append(new TurnHead(TurnKind.Turn, 1, 1, 1, 0), "turn"u8, urgent: true);

    private long CommitNext()
    {
        JournalBlock block = _queue.Next().Block!;
        _queue.Completed(block);
        return block.LastPosition;
    }
}
