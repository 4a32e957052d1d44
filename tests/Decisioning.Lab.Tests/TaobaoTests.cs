using Decisioning.Lab.Tests.Support;

namespace Decisioning.Lab.Tests;

/// <summary>The real slice, whole: DECISIONING_DATA or shared/data must have it, else these are skipped.</summary>
public sealed class TaobaoTests
{
    private const int Events = 73_053;

    public static bool IsThere => SharedData.Find(File) is not null;

    private const string File = "taobao/behaviour.csv";

    [Fact(Skip = SharedData.Missing, SkipUnless = nameof(IsThere))]
    public async Task The_slice_replays_verifies_and_is_all_duplicates_the_second_time()
    {
        using var folder = new TestFolder();
        string file = SharedData.Find(File)!;
        long views = System.IO.File.ReadLines(file).Count(l => l.Contains(",pv,", StringComparison.Ordinal));
        long users = System.IO.File.ReadLines(file).Select(l => l[..l.IndexOf(',', StringComparison.Ordinal)]).Distinct().Count();

        LabCall first = await ReplayAsync(file, folder);
        Assert.Equal((Events, Events, 0, 0), (first.Number("events"), first.Number("accepted"), first.Number("duplicates"), first.Number("rejected")));
        Assert.Equal(views, first.Number("decisions"));
        Assert.Equal(users, first.Json.GetProperty("stages").EnumerateObject().Sum(s => s.Value.GetInt64()));

        LabCall verified = await LabCall.RunAsync("verify", "--data", folder.Data, "--json");
        Assert.Equal("", verified.Error);
        Assert.Equal($$"""{"consumers":{{users}},"events":{{Events}},"mismatches":0,"ok":true}""", verified.Json.GetRawText());

        LabCall second = await ReplayAsync(file, folder);
        Assert.Equal((0, Events, 0), (second.Number("accepted"), second.Number("duplicates"), second.Number("rejected")));
        Assert.Equal(first.Json.GetProperty("stages").GetRawText(), second.Json.GetProperty("stages").GetRawText());
        Assert.Equal(ExitCodes.Done, (await LabCall.RunAsync("verify", "--data", folder.Data, "--json")).Code);

        LabCall exported = await LabCall.RunAsync("export", "--data", folder.Data, "--what", "events", "--out", folder.File("events.jsonl"), "--json");
        Assert.Equal(Events, exported.Number("rows"));
    }

    private static Task<LabCall> ReplayAsync(string file, TestFolder folder) =>
        LabCall.RunAsync("replay", "--events", file, "--format", "taobao", "--brand", "borealis", "--embedded", folder.Data, "--json");
}
