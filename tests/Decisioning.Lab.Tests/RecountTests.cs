using Decisioning.Lab.Tests.Support;

namespace Decisioning.Lab.Tests;

public sealed class RecountTests
{
    /// <summary>Two programs for one set of rules, the engine's and the recount's, agree on whatever happens.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Whatever_happens_the_recount_agrees_with_the_engine(int seed)
    {
        using var folder = new TestFolder();
        await new SeededStory(seed, folder.Data, 400, erases: seed % 2 == 0, changesRules: seed % 4 == 3, deletesBrand: seed % 3 == 1).PlayAsync(600);

        LabCall call = await LabCall.RunAsync("verify", "--data", folder.Data, "--json");
        Assert.True(call.Error.Length == 0, call.Error);
        Assert.Equal(ExitCodes.Done, call.Code);
        Assert.InRange(call.Number("events"), 200, 2_000);
    }

    [Fact]
    public async Task Of_a_trimmed_journal_what_is_left_is_checked_and_said()
    {
        using var folder = new TestFolder();
        await new SeededStory(1, folder.Data, 5).PlayAsync(600);

        LabCall call = await LabCall.RunAsync("verify", "--data", folder.Data, "--json");
        Assert.Equal(ExitCodes.Done, call.Code);
        Assert.Contains("consumers begin before the journal does", call.Error);
    }
}
