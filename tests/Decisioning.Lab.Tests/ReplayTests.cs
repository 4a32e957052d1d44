using System.Text.Json;
using Decisioning.Lab.Tests.Support;

namespace Decisioning.Lab.Tests;

public sealed class ReplayTests
{
    private static readonly string[] Stream =
    [
        "ann,i1,c,pv,1511658000",
        "ben,i1,c,pv,1511658001",
        "ann,i1,c,cart,1511658002",
        "ann,i2,c,pv,1511658003",
        "cat,i3,c,buy,1511658003",
        "cat,i3,c,pv,1511658004",
        "dan,i4,c,fav,1511658005",
    ];

    [Fact]
    public async Task An_embedded_replay_counts_events_decisions_and_stages()
    {
        using var folder = new TestFolder();
        LabCall call = await ReplayAsync(folder, "borealis");

        Assert.Equal((ExitCodes.Done, ""), (call.Code, call.Error));
        string[] members = [.. call.Json.EnumerateObject().Select(m => m.Name)];
        Assert.Equal(["events", "accepted", "duplicates", "rejected", "decisions", "noDecisions", "seconds", "stages"], members);
        Assert.Equal((7, 7, 0, 0, 4), (call.Number("events"), call.Number("accepted"), call.Number("duplicates"), call.Number("rejected"), call.Number("decisions")));
        Assert.Equal("""{"none":0,"awareness":1,"interest":2,"purchase":1,"loyalty":0}""", call.Json.GetProperty("stages").GetRawText());
        Assert.Equal(JsonValueKind.Object, call.Json.GetProperty("noDecisions").ValueKind);
    }

    [Fact]
    public async Task A_second_replay_is_all_duplicates_and_both_verify()
    {
        using var folder = new TestFolder();
        await ReplayAsync(folder, "borealis");
        LabCall again = await ReplayAsync(folder, "borealis");

        Assert.Equal((0, 7, 0), (again.Number("accepted"), again.Number("duplicates"), again.Number("rejected")));
        LabCall verified = await LabCall.RunAsync("verify", "--data", folder.Data, "--json");
        Assert.Equal((ExitCodes.Done, ""), (verified.Code, verified.Error));
        Assert.Equal("""{"consumers":4,"events":7,"mismatches":0,"ok":true}""", verified.Json.GetRawText());
    }

    [Fact]
    public async Task Without_json_the_result_is_for_people()
    {
        using var folder = new TestFolder();
        string file = folder.Write("s.csv", Stream);
        LabCall call = await LabCall.RunAsync("replay", "--events", file, "--format", "taobao", "--brand", "borealis", "--embedded", folder.Data);

        Assert.Equal(ExitCodes.Done, call.Code);
        Assert.Contains("7 accepted", call.Output);
    }

    [Fact]
    public async Task Reasons_for_no_decision_are_counted()
    {
        using var folder = new TestFolder();
        LabCall call = await ReplayAsync(folder, "aurora");

        // Targeting leaves Aurora's campaign for owners alone, which has nothing for who has not bought.
        Assert.Equal(4, call.Number("decisions"));
        Assert.Equal(3, call.Json.GetProperty("noDecisions").EnumerateObject().Sum(r => r.Value.GetInt64()));
    }

    [Fact]
    public async Task A_catalogue_with_faults_is_bad_data()
    {
        using var folder = new TestFolder();
        string file = folder.Write("s.csv", Stream);
        string catalogue = folder.Write("brand.json", "{ \"name\": \"é\", \"timeZone\": \"Nowhere/Town\",\n  \"currncy\": \"EUR\", \"creatives\": { \"a/b\": { \"format\": \"gif\" } } }");
        LabCall call = await LabCall.RunAsync("replay", "--events", file, "--format", "taobao", "--brand", "b", "--embedded", folder.Data, "--catalogue", catalogue);

        Assert.Equal(ExitCodes.BadData, call.Code);
        Assert.Equal(
            ["1:28: /timeZone", "2:14: /currncy", "2:43: /creatives/a~1b", "2:43: /creatives/a~1b/url", "2:55: /creatives/a~1b/format"],
            call.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => string.Join(':', l[(catalogue.Length + 1)..].Split(':')[..3])).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_catalogue_that_is_no_JSON_is_told_by_the_place()
    {
        using var folder = new TestFolder();
        string catalogue = folder.Write("brand.json", "{ \"name\":\n \"é\" oops }");
        LabCall call = await LabCall.RunAsync(
            "replay", "--events", folder.Write("s.csv", Stream), "--format", "taobao", "--brand", "b", "--embedded", folder.Data, "--catalogue", catalogue);
        Assert.Equal(ExitCodes.BadData, call.Code);
        Assert.StartsWith($"{catalogue}:2:6: ", call.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_lines_are_judged_by_the_engine_and_rejections_told()
    {
        using var folder = new TestFolder();
        string file = folder.Write(
            "s.jsonl",
            """{"type":"cart","consumerId":"c","occurredAt":"2026-11-10T20:15:00Z","item":"a"}""",
            "",
            """{"type":"purchase","consumerId":"c","occurredAt":"2026-11-10T20:16:00Z","orderId":"o","value":5,"currency":"XXX"}""",
            """{"type":"click","consumerId":"c","occurredAt":"2026-11-10T20:16:00Z","decisionId":"another server's"}""");
        LabCall call = await LabCall.RunAsync("replay", "--events", file, "--format", "jsonl", "--brand", "borealis", "--embedded", folder.Data, "--json");

        Assert.Equal(ExitCodes.Done, call.Code);
        Assert.Equal((3, 1, 2), (call.Number("events"), call.Number("accepted"), call.Number("rejected")));
        Assert.Contains("1 events were rejected: event.currency_mismatch", call.Error);
        Assert.Contains("1 events were rejected: event.decision_unknown", call.Error);
    }

    [Fact]
    public async Task A_folder_in_use_is_refused_with_a_reason()
    {
        using var folder = new TestFolder();
        await ReplayAsync(folder, "borealis");
        using (Engine.Storage.DataFolderLock.Acquire(folder.Data))
        {
            LabCall call = await LabCall.RunAsync("verify", "--data", folder.Data, "--json");
            Assert.Equal((ExitCodes.BadData, ""), (call.Code, call.Output));
            Assert.Contains("in use by another process", call.Error);
        }
    }

    [Fact]
    public async Task A_folder_without_data_is_refused_and_left_empty()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder.Data);
        LabCall call = await LabCall.RunAsync("verify", "--data", folder.Data);

        Assert.Equal(ExitCodes.BadData, call.Code);
        Assert.Contains("no data folder", call.Error);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Data));
    }

    internal static Task<LabCall> ReplayAsync(TestFolder folder, string brand) => LabCall.RunAsync(
        "replay", "--events", folder.Write("s.csv", Stream), "--format", "taobao", "--brand", brand, "--embedded", folder.Data, "--json");
}
