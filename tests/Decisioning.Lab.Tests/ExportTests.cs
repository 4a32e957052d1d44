using System.Text.Json;
using Decisioning.Lab.Tests.Support;

namespace Decisioning.Lab.Tests;

public sealed class ExportTests
{
    [Theory]
    [InlineData("events", 7)]
    [InlineData("decisions", 4)]
    [InlineData("touches", 0)]
    public async Task Rows_are_counted_and_written_one_a_line(string what, int rows)
    {
        using var folder = new TestFolder();
        await ReplayTests.ReplayAsync(folder, "borealis");

        Assert.Equal(rows, (await ExportAsync(folder, what)).Count);
    }

    [Fact]
    public async Task Exported_events_replay_to_the_same_stages()
    {
        using var folder = new TestFolder();
        using var second = new TestFolder();
        LabCall first = await ReplayTests.ReplayAsync(folder, "borealis");
        await ExportAsync(folder, "events");

        LabCall again = await LabCall.RunAsync(
            "replay", "--events", folder.File("events.jsonl"), "--format", "jsonl", "--brand", "borealis", "--embedded", second.Data, "--json");
        Assert.Equal((7, 0), (again.Number("accepted"), again.Number("rejected")));
        Assert.Equal(first.Json.GetProperty("stages").GetRawText(), again.Json.GetProperty("stages").GetRawText());
    }

    [Fact]
    public async Task A_touch_is_a_decision_at_its_strongest_interaction()
    {
        using var folder = new TestFolder();
        await new SeededStory(1, folder.Data, 400).PlayAsync(600);
        List<JsonElement> events = await ExportAsync(folder, "events");
        List<JsonElement> touches = await ExportAsync(folder, "touches");
        List<JsonElement> decisions = await ExportAsync(folder, "decisions");

        string[] strength = ["impression", "skip", "dismiss", "viewable", "watched", "engage", "click"];
        Dictionary<string, string> strongest = events
            .Where(e => e.TryGetProperty("decidedAt", out _))
            .GroupBy(KeyOf)
            .ToDictionary(g => g.Key, g => strength[g.Max(e => Array.IndexOf(strength, e.GetProperty("type").GetString()))]);
        Assert.NotEmpty(strongest);
        ILookup<string, string?> found = touches.ToLookup(KeyOf, t => t.GetProperty("interaction").GetString());
        Assert.All(strongest, s => Assert.Contains(s.Value, found[s.Key]));

        // Beyond those met with something, only decisions that count as shown by themselves are touches.
        Assert.All(touches.Where(t => !strongest.ContainsKey(KeyOf(t))), t => Assert.Equal("impression", t.GetProperty("interaction").GetString()));
        Assert.True(decisions.Count(d => d.TryGetProperty("creative", out _)) >= touches.Count);
        Assert.Contains(decisions, d => d.TryGetProperty("reason", out _));
        Assert.All(decisions, d => Assert.True(d.TryGetProperty("creative", out _) || d.TryGetProperty("reason", out _)));
        Assert.All(decisions.Where(d => d.TryGetProperty("propensity", out _)), d => Assert.InRange(d.GetProperty("propensity").GetDouble(), double.Epsilon, 1));
    }

    [Fact]
    public async Task Nothing_of_an_erased_consumer_is_exported()
    {
        using var folder = new TestFolder();
        await ReplayTests.ReplayAsync(folder, "borealis");
        await using (var host = await Engine.EmbeddedHost.OpenAsync(new Engine.EngineOptions { DataFolder = folder.Data }, new Replay.StreamClock(1_511_658_006_000), TestContext.Current.CancellationToken))
        {
            Assert.NotNull(await host.EraseConsumerAsync("ann", TestContext.Current.CancellationToken));
        }

        List<JsonElement> events = await ExportAsync(folder, "events");
        Assert.Equal(4, events.Count);
        Assert.DoesNotContain(events, e => e.GetProperty("consumerId").GetString() == "ann");
        LabCall verified = await LabCall.RunAsync("verify", "--data", folder.Data, "--json");
        Assert.Equal("""{"consumers":3,"events":4,"mismatches":0,"ok":true}""", verified.Json.GetRawText());
    }

    private static string KeyOf(JsonElement row) =>
        $"{(row.TryGetProperty("consumerId", out JsonElement id) ? id.GetString() : "")} {row.GetProperty("brand").GetString()} {row.GetProperty("decidedAt").GetString()} "
        + row.GetProperty("creative").GetString();

    private static async Task<List<JsonElement>> ExportAsync(TestFolder folder, string what)
    {
        string file = folder.File(what + ".jsonl");
        LabCall call = await LabCall.RunAsync("export", "--data", folder.Data, "--what", what, "--out", file, "--json");
        Assert.Equal((ExitCodes.Done, ""), (call.Code, call.Error));
        List<JsonElement> rows = [.. File.ReadLines(file).Select(l => JsonDocument.Parse(l).RootElement)];
        Assert.Equal(rows.Count, call.Number("rows"));
        Assert.Equal("rows", Assert.Single(call.Json.EnumerateObject()).Name);
        return rows;
    }
}
