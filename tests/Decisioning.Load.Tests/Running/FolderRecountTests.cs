using Decisioning.Load.Running;

namespace Decisioning.Load.Tests.Running;

public sealed class FolderRecountTests
{
    [Fact]
    public void What_was_acknowledged_and_is_not_in_the_journal_fails()
    {
        const string told = """{"consumers":7,"events":99,"mismatches":0,"ok":true}""";

        Assert.Equal((7, 0), Counts(FolderRecount.ResultOf(told, "", 99)));
        CheckResult lost = FolderRecount.ResultOf(told, "", 101);
        Assert.Equal((7, 2), Counts(lost));
        Assert.Equal(["The journal has 99 events of 101 that were acknowledged."], lost.Examples);
    }

    [Fact]
    public void Every_mismatch_fails_and_the_first_few_are_told()
    {
        CheckResult found = FolderRecount.ResultOf("""{"consumers":7,"events":99,"mismatches":6,"ok":false}""", "brand b: one\nbrand b: two\n3\n4\n5\n6\n", 99);

        Assert.Equal((7, 6), Counts(found));
        Assert.Equal(["brand b: one", "brand b: two", "3", "4", "5"], found.Examples);
    }

    [Fact]
    public async Task A_folder_without_an_engines_data_cannot_be_recounted()
    {
        DirectoryInfo empty = Directory.CreateTempSubdirectory("load-recount-");

        LoadFailureException fault = await Assert.ThrowsAsync<LoadFailureException>(() => FolderRecount.RunAsync(empty.FullName, 0, TestContext.Current.CancellationToken));

        Assert.Contains("verify ended with", fault.Message, StringComparison.Ordinal);
        empty.Delete(recursive: true);
    }

    private static (long Checked, long Failed) Counts(CheckResult result) => (result.Checked, result.Failed);
}
