using Decisioning.Engine.Storage;
using Decisioning.Engine.Storage.Sqlite;

namespace Decisioning.Engine.Tests.Storage;

/// <summary>What of the journal is there after the power was cut.</summary>
public sealed class TurnLogPowerTests : IDisposable
{
    private const int Appended = 200;

    private readonly TestFolder _folder = new();
    private readonly UnsyncedVfs _disk = new();

    public void Dispose()
    {
        _folder.Dispose();
        _disk.Dispose();
    }

    [Fact]
    public async Task Full_synchronisation_keeps_everything_acknowledged()
    {
        (int acknowledged, string[] kept) = await CutAsync("FULL", survivors: null);
        Assert.Equal(Appended, acknowledged);
        Assert.Equal(Expected(acknowledged), kept);
    }

    /// <summary>Shows that the test above can fail: the disk does lose what was not synced.</summary>
    [Fact]
    public async Task Without_synchronisation_what_was_acknowledged_is_lost()
    {
        (int acknowledged, string[] kept) = await CutAsync("OFF", survivors: null);
        Assert.Equal(Appended, acknowledged);
        Assert.True(kept.Length < acknowledged, $"{kept.Length} of {acknowledged} acknowledged records are there");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task A_cut_in_the_middle_of_a_commit_keeps_everything_acknowledged_and_nothing_torn(int seed)
    {
        SqliteTurnLog log = Open("FULL");
        int acknowledged = 0;
        for (; acknowledged < 20 * seed; acknowledged++)
        {
            await log.AppendDurablyAsync(Payload(acknowledged));
        }

        int next = acknowledged;
        using (_disk.HoldSyncs())
        {
            log.Append(Payload(next++));
            await _disk.SyncHeldAsync();
            for (int i = 0; i < 50; i++)
            {
                log.Append(Payload(next++));
            }

            _disk.PowerCut(new Random(seed));
        }

        await log.AbandonAsync();
        await using SqliteTurnLog again = Open("FULL");
        string[] kept = again.Payloads();
        Assert.InRange(kept.Length, acknowledged, next);
        Assert.Equal(Expected(kept.Length), kept);
        await again.AppendDurablyAsync("goes on");
        Assert.Equal([.. kept, "goes on"], again.Payloads());
    }

    private async Task<(int Acknowledged, string[] Kept)> CutAsync(string synchronous, Random? survivors)
    {
        SqliteTurnLog log = Open(synchronous);
        for (int i = 0; i < Appended; i++)
        {
            await log.AppendDurablyAsync(Payload(i));
        }

        _disk.PowerCut(survivors);
        await log.AbandonAsync();
        await using SqliteTurnLog again = Open("FULL");
        return (Appended, again.Payloads());
    }

    private SqliteTurnLog Open(string synchronous) =>
        SqliteTurnLog.Open(_folder.Path, TimeProvider.System, 0, SqliteOptions.Default with { Vfs = _disk.Name, Synchronous = synchronous });

    private static string Payload(int i) => $"record {i} {new string('x', i % 700)}";

    private static IEnumerable<string> Expected(int count) => Enumerable.Range(0, count).Select(Payload);
}
