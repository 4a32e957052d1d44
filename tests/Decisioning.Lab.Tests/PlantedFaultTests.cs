using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Engine.Storage;
using Decisioning.Lab.Tests.Support;

namespace Decisioning.Lab.Tests;

/// <summary>What <c>verify</c> is for: each of these folders is wrong in one way, and it must say so.</summary>
public sealed class PlantedFaultTests
{
    private const ulong Newcomer = 99;
    private const long Start = 1_511_658_100_000;

    [Fact]
    public async Task A_state_that_counts_more_than_the_journal_is_found()
    {
        using var folder = new TestFolder();
        await TamperAsync(folder, opened =>
        {
            ulong key = opened.KeyOf("ann");
            opened.Load(key);
            (uint sequence, long instant) = (opened.Turn.State.Sequence, opened.Turn.State.LastInstant);
            opened.Play(key, Event("ann", "forged", Start, EventType.Cart));
            opened.Turn.State.Sequence = sequence;
            opened.Turn.State.LastInstant = instant;
            opened.Save(key);
        });

        LabCall call = await VerifyAsync(folder);
        Assert.False(call.Json.GetProperty("ok").GetBoolean());
        Assert.Contains("consumer ann, brand borealis: cart count: recounted 1, the engine has 2", call.Error);
        Assert.Contains("intent", call.Error);
    }

    [Fact]
    public async Task A_state_whose_turns_are_not_in_the_journal_is_found()
    {
        using var folder = new TestFolder();
        await TamperAsync(folder, opened =>
        {
            Begin(opened);
            opened.Play(Newcomer, Event("eve", "e1", Start, EventType.View));
            opened.Turn.State.Position = opened.Log.DurablePosition + 1;
            opened.Save(Newcomer);
        });

        Assert.Contains("consumer eve: its state ends with turn 1", (await VerifyAsync(folder)).Error);
    }

    [Fact]
    public async Task A_record_missing_in_the_middle_is_found()
    {
        using var folder = new TestFolder();
        await TamperAsync(folder, opened =>
        {
            Begin(opened);
            opened.Play(Newcomer, Event("eve", "e1", Start, EventType.View));
            opened.Append(Newcomer);
            opened.Play(Newcomer, Event("eve", "e2", Start + 1, EventType.View));
            opened.Turn.State.Position++;
            opened.Play(Newcomer, Event("eve", "e3", Start + 2, EventType.View));
            opened.Append(Newcomer);
        });

        Assert.Contains("consumer eve: turn 3 at", (await VerifyAsync(folder)).Error);
    }

    [Fact]
    public async Task An_event_recorded_twice_is_found()
    {
        using var folder = new TestFolder();
        await TamperAsync(folder, opened =>
        {
            Begin(opened);
            opened.Play(Newcomer, Event("eve", "e1", Start, EventType.View));
            long first = opened.Append(Newcomer);
            byte[] payload = opened.Turn.Payload.ToArray();
            opened.Log.Append(new TurnHead(TurnKind.Turn, Newcomer, 2, Start, first), payload, urgent: true);
        });

        LabCall call = await VerifyAsync(folder);
        Assert.Contains("consumer eve: event e1 was recorded twice", call.Error);
        Assert.Contains("known: the journal adds up to", call.Error);
    }

    [Fact]
    public async Task A_state_that_is_gone_is_found()
    {
        using var folder = new TestFolder();
        await TamperAsync(folder, opened => opened.Store.Write([new(opened.KeyOf("ben"), default)], null, null));

        Assert.Contains("consumer ben: turn 1 lies before the checkpoint, but the stored state does not contain it", (await VerifyAsync(folder)).Error);
    }

    [Fact]
    public async Task A_state_that_rotted_on_disk_is_found()
    {
        using var folder = new TestFolder();
        await ReplayTests.ReplayAsync(folder, "borealis");
        Execute(folder, SqliteStateStore.FileName, "UPDATE consumers SET state = zeroblob(length(state)) WHERE key = (SELECT min(key) FROM consumers)");

        Assert.Contains("does not match its checksum", (await VerifyAsync(folder)).Error);
    }

    [Fact]
    public async Task A_block_missing_from_the_journal_is_found()
    {
        using var folder = new TestFolder();
        await ReplayTests.ReplayAsync(folder, "borealis");
        Execute(folder, SqliteTurnLog.FileName, "DELETE FROM blocks WHERE block = (SELECT max(block) FROM blocks)");

        LabCall call = await VerifyAsync(folder);
        Assert.Contains(SqliteTurnLog.FileName, call.Error);
    }

    [Fact]
    public async Task Spending_that_no_charge_explains_is_found()
    {
        using var folder = new TestFolder();
        await TamperAsync(folder, opened => opened.Store.Write([], [new SpendingRow(opened.Catalogue.Brands[0].Symbol, 1, 5, 0, 0)], null));

        Assert.Contains("campaign borealis/first-cup: spent: the journal's charges make 0 micros, the engine has 5", (await VerifyAsync(folder)).Error);
    }

    [Fact]
    public async Task A_calendar_entry_that_is_gone_or_nobodys_is_found()
    {
        using var folder = new TestFolder();
        int hour = 0;
        await TamperAsync(folder, opened =>
        {
            ulong key = opened.KeyOf("ann");
            CalendarRow row = opened.Store.ReadCalendar(int.MaxValue, default, 1_000).Single(r => r.Key == key);
            hour = row.Hour;
            opened.Store.Write([], null, null, [new CalendarMove(key, hour, 0), new CalendarMove(Newcomer, 0, hour)]);
        });

        LabCall call = await VerifyAsync(folder);
        Assert.Contains($"consumer ann: calendar: its state names hour {hour}, where there is no entry of it", call.Error);
        Assert.Contains($"consumer {Newcomer:x16}: calendar: an entry at hour {hour} that no state names", call.Error);
        Assert.Equal(2, call.Number("mismatches"));
    }

    [Fact]
    public async Task Only_the_first_twenty_are_told_and_the_rest_counted()
    {
        using var folder = new TestFolder();
        await TamperAsync(folder, opened =>
        {
            for (ulong key = 1; key <= 25; key++)
            {
                opened.Turn.State.Reset(System.Text.Encoding.UTF8.GetBytes($"eve-{key}"));
                opened.Play(key, Event($"eve-{key}", "e1", Start, EventType.View));
                opened.Turn.State.Position = opened.Log.DurablePosition + 1;
                opened.Save(key);
            }
        });

        LabCall call = await VerifyAsync(folder);
        Assert.Equal(25, call.Number("mismatches"));
        Assert.Equal(20, call.Error.Split('\n').Count(l => l.Contains("its state ends", StringComparison.Ordinal)));
        Assert.Contains("5 more mismatches.", call.Error);
    }

    private static void Begin(OpenedFolder opened) => opened.Turn.State.Reset("eve"u8);

    private static EventCommand Event(string consumer, string id, long at, EventType type) =>
        new() { EventId = id, ConsumerId = consumer, Brand = "borealis", OccurredAt = at, Type = type, Item = "forged" };

    private static async Task TamperAsync(TestFolder folder, Action<OpenedFolder> tamper)
    {
        await ReplayTests.ReplayAsync(folder, "borealis");
        Assert.Equal(ExitCodes.Done, (await LabCall.RunAsync("verify", "--data", folder.Data)).Code);
        await using var opened = new OpenedFolder(folder.Data);
        tamper(opened);
    }

    private static async Task<LabCall> VerifyAsync(TestFolder folder)
    {
        LabCall call = await LabCall.RunAsync("verify", "--data", folder.Data, "--json");
        Assert.Equal(ExitCodes.BadData, call.Code);
        Assert.False(call.Json.GetProperty("ok").GetBoolean());
        return call;
    }

    private static void Execute(TestFolder folder, string file, string sql)
    {
        SQLitePCL.Batteries_V2.Init();
        Assert.Equal(SQLitePCL.raw.SQLITE_OK, SQLitePCL.raw.sqlite3_open(Path.Combine(folder.Data, file), out SQLitePCL.sqlite3 database));
        using (database)
        {
            Assert.Equal(SQLitePCL.raw.SQLITE_OK, SQLitePCL.raw.sqlite3_exec(database, sql));
        }
    }
}
