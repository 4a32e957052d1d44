using System.Globalization;
using Decisioning.Lab.Tests.Support;

namespace Decisioning.Lab.Tests;

public sealed class ServerReplayTests
{
    [Fact]
    public async Task Each_consumers_events_and_questions_arrive_in_the_streams_order()
    {
        using var folder = new TestFolder();
        await using var server = new FakeServer();
        var random = new Random(5);
        string[] lines = [.. Enumerable.Range(0, 3_000).Select(i => $"c{random.Next(40)},i,c,{(random.Next(2) == 0 ? "pv" : "cart")},{1_511_658_000 + i}")];
        LabCall call = await ReplayAsync(folder, server, lines);

        Assert.Equal((ExitCodes.Done, ""), (call.Code, call.Error));
        Assert.Equal((3_000, 3_000), (call.Number("events"), call.Number("accepted")));
        foreach (string consumer in lines.Select(l => l.Split(',')[0]).Distinct())
        {
            string[] expected = [.. lines.Where(l => l.StartsWith(consumer + ",", StringComparison.Ordinal)).SelectMany(l => Expected(consumer, l))];
            Assert.Equal(expected, server.Log.Where(l => l.StartsWith(consumer + " ", StringComparison.Ordinal)));
        }

        Assert.All(server.Log.Where(l => l.StartsWith("batch", StringComparison.Ordinal)), l => Assert.InRange(int.Parse(l[6..], CultureInfo.InvariantCulture), 1, 1_000));
        long views = lines.Count(l => l.Contains(",pv,", StringComparison.Ordinal));
        Assert.Equal($$"""{"pacing":{{views}}}""", call.Json.GetProperty("noDecisions").GetRawText());
        Assert.Equal("""{"none":0,"awareness":0,"interest":40,"purchase":0,"loyalty":0}""", call.Json.GetProperty("stages").GetRawText());
    }

    [Fact]
    public async Task A_busy_server_is_asked_again_and_nothing_is_lost()
    {
        using var folder = new TestFolder();
        await using var server = new FakeServer(busy: 5);
        LabCall call = await ReplayAsync(folder, server, ["a,i,c,pv,1511658000", "b,i,c,buy,1511658001"], "--key", "secret");

        Assert.Equal((ExitCodes.Done, 5), (call.Code, server.Refused));
        Assert.Equal((2, 1), (call.Number("accepted"), call.Number("decisions")));
        Assert.Equal(["key secret"], server.Log.Where(l => l.StartsWith("key", StringComparison.Ordinal)).Distinct());
    }

    [Theory]
    [InlineData("{}", "USD")]
    [InlineData("""{ "currency": "CNY" }""", "CNY")]
    public async Task Orders_are_in_the_brand_s_currency_whether_or_not_its_document_states_one(string brand, string currency)
    {
        using var folder = new TestFolder();
        await using var server = new FakeServer(brand: brand);
        LabCall call = await ReplayAsync(folder, server, ["b,i,c,buy,1511658001"]);

        Assert.Equal((ExitCodes.Done, ""), (call.Code, call.Error));
        Assert.Contains($"b purchase {currency}", server.Log);
    }

    [Fact]
    public async Task A_server_that_stays_busy_is_given_up()
    {
        using var folder = new TestFolder();
        await using var server = new FakeServer(busy: int.MaxValue);
        LabCall call = await ReplayAsync(folder, server, ["a,i,c,pv,1511658000"]);

        Assert.Equal((ExitCodes.BadData, ""), (call.Code, call.Output));
        Assert.Contains("answered 429 10 times", call.Error);
    }

    [Fact]
    public async Task Where_no_server_is_the_address_is_named()
    {
        using var folder = new TestFolder();
        LabCall call = await LabCall.RunAsync(
            "replay", "--events", folder.Write("s.csv", "a,i,c,pv,1511658000"), "--format", "taobao", "--brand", "borealis", "--url", "http://127.0.0.1:1", "--json");

        Assert.Equal(ExitCodes.BadData, call.Code);
        Assert.Contains("http://127.0.0.1:1/ does not answer", call.Error);
    }

    private static string[] Expected(string consumer, string line) =>
        line.Contains(",pv,", StringComparison.Ordinal) ? [$"{consumer} view", $"{consumer} decide"] : [$"{consumer} cart"];

    private static Task<LabCall> ReplayAsync(TestFolder folder, FakeServer server, string[] lines, params string[] more) => LabCall.RunAsync(
        ["replay", "--events", folder.Write("s.csv", lines), "--format", "taobao", "--brand", "borealis", "--url", server.Url, "--json", .. more]);
}
