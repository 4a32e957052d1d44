using Decisioning.Engine.Storage;
using Decisioning.Engine.Storage.Journal;
using Decisioning.Engine.Storage.Sqlite;

namespace Decisioning.Engine.Tests.Storage;

/// <summary>The SQLite journal under the common contract, and how it gathers commits.</summary>
public sealed class SqliteTurnLogTests : TurnLogContract, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_nobody_waits_for_is_committed_after_the_linger()
    {
        var clock = new SteppedClock();
        await using SqliteTurnLog log = SqliteTurnLog.Open(_folder.Path, clock);
        long position = log.Append("lonely", urgent: false);
        ValueTask durable = log.WhenDurableAsync(position, TestContext.Current.CancellationToken);
        await clock.ArmedAsync(due => due == JournalQueue.Linger);
        clock.Advance(JournalQueue.Linger - TimeSpan.FromTicks(1));
        Assert.False(durable.IsCompleted);

        clock.Advance(TimeSpan.FromTicks(1));
        await durable;
        Assert.Equal(["lonely"], log.Payloads());
    }

    [Fact]
    public async Task An_urgent_record_takes_the_waiting_ones_with_it()
    {
        await using SqliteTurnLog log = SqliteTurnLog.Open(_folder.Path, new SteppedClock());
        long first = log.Append("not urgent", urgent: false);
        long second = await log.AppendDurablyAsync("urgent");
        Assert.Equal(JournalPosition.BlockOf(first), JournalPosition.BlockOf(second));
        Assert.True(log.DurablePosition >= first);
    }

    [Fact]
    public async Task Closing_writes_what_nobody_waits_for()
    {
        await using (SqliteTurnLog log = SqliteTurnLog.Open(_folder.Path, new SteppedClock()))
        {
            log.Append("last words", urgent: false);
        }

        await using SqliteTurnLog again = SqliteTurnLog.Open(_folder.Path, new SteppedClock());
        Assert.Equal(["last words"], again.Payloads());
    }

    [Fact]
    public async Task Abandoning_writes_nothing_more()
    {
        SqliteTurnLog log = SqliteTurnLog.Open(_folder.Path, new SteppedClock());
        await log.AppendDurablyAsync("kept");
        long lost = log.Append("lost", urgent: false);
        ValueTask waiting = log.WhenDurableAsync(lost, TestContext.Current.CancellationToken);
        await log.AbandonAsync();
        await Assert.ThrowsAsync<StorageException>(async () => await waiting);

        await using SqliteTurnLog again = SqliteTurnLog.Open(_folder.Path, new SteppedClock());
        Assert.Equal(["kept"], again.Payloads());
    }

    [Fact]
    public async Task A_cancelled_wait_leaves_the_record_alone()
    {
        await using SqliteTurnLog log = SqliteTurnLog.Open(_folder.Path, new SteppedClock());
        using var cancelled = new CancellationTokenSource();
        ValueTask waiting = log.WhenDurableAsync(log.Append("kept", urgent: false), cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        await log.AppendDurablyAsync("next");
        Assert.Equal(["kept", "next"], log.Payloads());
    }

    [Fact]
    public async Task A_closed_log_takes_nothing()
    {
        SqliteTurnLog log = SqliteTurnLog.Open(_folder.Path, new SteppedClock());
        await log.DisposeAsync();
        await log.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => log.Append("late"));
    }

    [Fact]
    public void A_block_that_is_there_is_recognised_and_another_one_under_its_number_is_not()
    {
        string path = _folder.File(SqliteTurnLog.FileName);
        using SqliteDatabase database = SqliteDatabase.Open(path, SqliteOptions.Default);
        JournalTable.Schema.Prepare(database);
        using var table = new JournalTable(database);
        var block = new JournalBlock(1);
        block.Append(new TurnHead(TurnKind.Turn, 1, 1, 1, 0), "one"u8);
        Assert.False(table.Contains(block));
        table.Insert(block);
        Assert.True(table.Contains(block));

        var other = new JournalBlock(1);
        other.Append(new TurnHead(TurnKind.Turn, 1, 1, 1, 0), "two"u8);
        Assert.Contains("number 1", Assert.Throws<StorageDamagedException>(() => table.Contains(other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_write_ahead_log_starts_over_under_steady_load()
    {
        await using SqliteTurnLog log = SqliteTurnLog.Open(_folder.Path, TimeProvider.System);
        byte[] payload = new byte[1 << 20];
        for (int i = 0; i < 200; i++)
        {
            long position = log.Append(new TurnHead(TurnKind.Turn, 1, (uint)i, i, 0), payload, urgent: true);
            await log.WhenDurableAsync(position, TestContext.Current.CancellationToken);
        }

        Assert.Null(log.CheckpointTrouble);
        Assert.InRange(new FileInfo(_folder.File(SqliteTurnLog.FileName + "-wal")).Length, WalCheckpoints.ThresholdBytes, 5 * WalCheckpoints.ThresholdBytes);
    }

    protected override ITurnLog Open() => SqliteTurnLog.Open(_folder.Path, TimeProvider.System);

    protected override async Task<ITurnLog> ReopenAsync(ITurnLog log)
    {
        await log.DisposeAsync();
        return Open();
    }
}
