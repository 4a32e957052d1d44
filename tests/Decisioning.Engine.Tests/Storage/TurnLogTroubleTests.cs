using Decisioning.Engine.Storage;
using Decisioning.Engine.Storage.Journal;
using Decisioning.Engine.Storage.Sqlite;

namespace Decisioning.Engine.Tests.Storage;

/// <summary>A full, failing or slow disk slows acknowledgements and drops nothing.</summary>
public sealed class TurnLogTroubleTests : IDisposable
{
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(1);

    private readonly TestFolder _folder = new();
    private readonly UnsyncedVfs _disk = new();
    private readonly SteppedClock _clock = new();

    public enum Fault
    {
        DiskFull,
        WriteError,
        SyncError,
    }

    public void Dispose()
    {
        _folder.Dispose();
        _disk.Dispose();
    }

    [Theory]
    [InlineData(Fault.DiskFull)]
    [InlineData(Fault.WriteError)]
    [InlineData(Fault.SyncError)]
    public async Task A_failing_disk_delays_acknowledgements_and_drops_nothing(Fault fault)
    {
        await using SqliteTurnLog log = Open();
        await log.AppendDurablyAsync("before");
        Break(fault);
        ValueTask first = log.WhenDurableAsync(log.Append("first"), TestContext.Current.CancellationToken);
        await RetryInVainAsync(times: 3);
        ValueTask second = log.WhenDurableAsync(log.Append("second"), TestContext.Current.CancellationToken);
        Assert.Contains(SqliteTurnLog.FileName, Assert.IsType<StorageException>(log.Trouble).Message, StringComparison.Ordinal);
        Assert.False(log.HasRoom);
        Assert.False(first.IsCompleted);

        Mend();
        _clock.Advance(LongestRetry);
        await first;
        await second;
        Assert.Null(log.Trouble);
        Assert.True(log.HasRoom);
        Assert.Equal(["before", "first", "second"], log.Payloads());
    }

    [Theory]
    [InlineData(Fault.DiskFull)]
    [InlineData(Fault.SyncError)]
    public async Task What_was_acknowledged_after_trouble_survives_a_power_cut(Fault fault)
    {
        SqliteTurnLog log = Open();
        Break(fault);
        ValueTask durable = log.WhenDurableAsync(log.Append("late"), TestContext.Current.CancellationToken);
        await RetryInVainAsync(times: 2);
        Mend();
        _clock.Advance(LongestRetry);
        await durable;
        _disk.PowerCut();
        await log.AbandonAsync();

        await using SqliteTurnLog again = Open();
        Assert.Equal(["late"], again.Payloads());
    }

    [Fact]
    public async Task Closing_in_trouble_says_what_was_lost()
    {
        SqliteTurnLog log = Open();
        Break(Fault.DiskFull);
        ValueTask durable = log.WhenDurableAsync(log.Append("lost"), TestContext.Current.CancellationToken);
        await _clock.ArmedAsync(IsRetry);
        await Assert.ThrowsAsync<StorageException>(async () => await log.DisposeAsync());
        await Assert.ThrowsAsync<StorageException>(async () => await durable);
    }

    [Fact]
    public async Task Closing_in_trouble_that_has_passed_loses_nothing()
    {
        SqliteTurnLog log = Open();
        Break(Fault.DiskFull);
        log.Append("kept");
        await _clock.ArmedAsync(IsRetry);
        Mend();
        await log.DisposeAsync();

        await using SqliteTurnLog again = Open();
        Assert.Equal(["kept"], again.Payloads());
    }

    [Fact]
    public async Task Whatever_comes_during_a_slow_sync_is_committed_together()
    {
        await using SqliteTurnLog log = Open();
        var waiting = new List<ValueTask>();
        long before = log.DurablePosition;
        using (_disk.HoldSyncs())
        {
            waiting.Add(log.WhenDurableAsync(log.Append("0"), TestContext.Current.CancellationToken));
            await _disk.SyncHeldAsync();
            for (int i = 1; i < 1_000; i++)
            {
                waiting.Add(log.WhenDurableAsync(log.Append($"{i}"), TestContext.Current.CancellationToken));
            }

            Assert.Equal(before, log.DurablePosition);
            Assert.DoesNotContain(waiting, w => w.IsCompleted);
        }

        foreach (ValueTask durable in waiting)
        {
            await durable;
        }

        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => $"{i}"), log.Payloads());
        Assert.Equal(2, log.ReadAfter(0).Select(r => JournalPosition.BlockOf(r.Position)).Distinct().Count());
    }

    [Fact]
    public async Task No_more_waits_for_a_slow_disk_than_may_wait()
    {
        await using SqliteTurnLog log = Open();
        byte[] payload = new byte[(1 << 20) - JournalFrame.HeadSize];
        var head = new TurnHead(TurnKind.Turn, 1, 1, 1, 0);
        const int recordsOfRoom = (int)(JournalQueue.RoomBytes >> 20);
        long last = 0;
        int appended = 0;
        using (_disk.HoldSyncs())
        {
            while (log.HasRoom)
            {
                last = log.Append(head, payload, urgent: true);
                appended++;
            }

            Assert.Equal(recordsOfRoom, appended);
            for (; appended < 2 * recordsOfRoom; appended++)
            {
                last = log.Append(head, payload, urgent: true);
            }

            Assert.Throws<InvalidOperationException>(() => log.Append(head, payload, urgent: true));
        }

        await log.WhenDurableAsync(last, TestContext.Current.CancellationToken);
        Assert.True(log.HasRoom);
        Assert.Equal(appended, log.ReadAfter(0).Count());
    }

    private SqliteTurnLog Open() => SqliteTurnLog.Open(_folder.Path, _clock, 0, SqliteOptions.Default with { Vfs = _disk.Name });

    private static bool IsRetry(TimeSpan due) => due >= JournalWriter.FirstRetry;

    /// <summary>Returns when the commit has failed once more than it was tried again, and waits for its time.</summary>
    private async Task RetryInVainAsync(int times)
    {
        await _clock.ArmedAsync(IsRetry);
        for (int i = 0; i < times; i++)
        {
            _clock.Advance(LongestRetry);
            await _clock.ArmedAsync(IsRetry);
        }
    }

    private void Break(Fault fault)
    {
        _disk.WriteFault = fault switch { Fault.DiskFull => UnsyncedVfs.DiskFull, Fault.WriteError => UnsyncedVfs.WriteError, _ => 0 };
        _disk.SyncFault = fault == Fault.SyncError ? UnsyncedVfs.SyncError : 0;
    }

    private void Mend()
    {
        _disk.WriteFault = 0;
        _disk.SyncFault = 0;
    }
}
