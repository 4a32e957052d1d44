using System.Diagnostics;
using System.Globalization;
using System.Net;
using Decisioning.Load.Reports;
using Decisioning.Load.Running;
using Decisioning.Load.Scenarios;
using Decisioning.Load.Tests.Support;
using Decisioning.Load.World;

namespace Decisioning.Load.Tests.Running;

/// <summary>Whole runs against a real server, the clients in processes of their own.</summary>
public sealed class LoadRunTests
{
    [Fact]
    public async Task Two_clients_run_the_steady_mix_and_every_answer_is_as_it_must_be()
    {
        Scenario scenario = ScenarioFiles.Read("steady");
        scenario = scenario with { Rate = 200, Seconds = 3, Warmup = 1, World = scenario.World with { Known = 200 } };

        RunResult result = await new LoadRun(Plans.Options(scenario, null, clients: 2), new Told()).RunAsync(TestContext.Current.CancellationToken);

        Assert.Null(result.Partial);
        Assert.Equal(0, result.Total.Series.Sum(s => s.Errors + s.Refused));
        Assert.All([CallKind.Decisions, CallKind.Events, CallKind.Trackers], kind =>
        {
            SeriesFrame series = result.Total.Series[(int)kind];
            Assert.True(series.Served > 20 && series.Served == series.Latency.Count, $"{kind}: {series.Served} served, {series.Latency.Count} counted.");
        });
        Assert.Equal(2, result.Total.Clients);
        Assert.NotEmpty(result.Checks);
        Assert.All(result.Checks, c => Assert.True(c.Failed == 0, $"{c.Name}: {string.Join(' ', c.Examples)}"));
        Assert.True(result.ServerCpu > 0);
    }

    [Fact]
    public async Task A_reference_is_asked_in_the_same_seconds_and_judged_against()
    {
        Scenario scenario = ScenarioFiles.Read("steady");
        scenario = scenario with { Rate = 100, Seconds = 3, Warmup = 1, World = scenario.World with { Known = 50 } };

        RunResult result = await new LoadRun(Plans.Options(scenario, null) with { Reference = true }, new Told()).RunAsync(TestContext.Current.CancellationToken);

        Assert.Null(result.Partial);
        Assert.All([CallKind.Decisions, CallKind.Events], kind =>
        {
            SeriesFrame asked = result.Reference!.Series[(int)kind];
            Assert.InRange(asked.Offered, 90, 220);
            Assert.Equal((asked.Offered, 0, 0), (asked.Served, asked.Refused, asked.Errors));
        });
        Assert.Equal(0, result.Reference!.Series[(int)CallKind.Trackers].Offered);
        Assert.Equal(result.Reference.Accepted, 2 * result.Reference.Series[(int)CallKind.Events].Served);
        Assert.Equal(3, Verdict.Of(result).Thresholds.Count(t => t.Name.Contains("beyond the reference's", StringComparison.Ordinal) && t.Actual is not null));
    }

    [Fact]
    public async Task A_server_that_stands_still_for_a_second_is_seen_where_a_closed_loop_would_not_see_it()
    {
        await using OwnServer server = await OwnServer.StartAsync(null, pinned: false, TestContext.Current.CancellationToken);

        // Told of seconds as they end, also while the server stands still: it does so from one to the next.
        int second = 0;
        Told meter = new(row =>
        {
            if (!row.IsWarmup && second++ is var seen and < 2)
            {
                Signal(server.ProcessId, seen == 0 ? "STOP" : "CONT");
            }
        });

        RunResult result = await new LoadRun(Plans.Options(Plans.Scenario(400, 6, warmup: 3), server.Url, connections: 1), meter).RunAsync(TestContext.Current.CancellationToken);

        Assert.Null(result.Partial);
        SeriesFrame decisions = result.Total.Series[(int)CallKind.Decisions];
        Assert.Equal(0, decisions.Errors);
        Assert.True(LatencyFigures.Milliseconds(decisions.Latency, 0.999) > 700, $"p99.9 is {LatencyFigures.Milliseconds(decisions.Latency, 0.999)} ms.");
        Assert.True(LatencyFigures.Milliseconds(result.Total.FromSending, 0.999) < 500, $"From sending, p99.9 is {LatencyFigures.Milliseconds(result.Total.FromSending, 0.999)} ms.");
    }

    [Fact]
    public async Task A_server_that_dies_leaves_a_partial_result_that_says_so_everywhere()
    {
        await using OwnServer server = await OwnServer.StartAsync(null, pinned: false, TestContext.Current.CancellationToken);
        bool killed = false;
        Told meter = new(row =>
        {
            if (row.Decisions is not null && !killed)
            {
                killed = true;
                Signal(server.ProcessId, "KILL");
            }
        });

        RunResult result = await new LoadRun(Plans.Options(Plans.Scenario(200, 30), server.Url) with { Reference = true }, meter).RunAsync(TestContext.Current.CancellationToken);

        Assert.Contains("takes no connections any more", result.Partial, StringComparison.Ordinal);
        Assert.Empty(result.Checks);
        Assert.True(result.Total.Series[(int)CallKind.Decisions].Served > 0);
        Assert.True(result.Total.Length < 20, $"It went on for {result.Total.Length} s.");
        Assert.True(result.Reference!.Length < 20, $"The reference was asked for {result.Reference.Length} s.");
        var verdict = Verdict.Of(result);
        Assert.False(verdict.Held);
        using StringWriter text = new(CultureInfo.InvariantCulture);
        new TextReport(text).Write(result, verdict, []);
        Assert.StartsWith("PARTIAL: ", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("<p class=\"warning\">Partial:", HtmlReport.Of(result, verdict, []), StringComparison.Ordinal);
        Assert.StartsWith("the world ldtest could not be taken away", result.Left, StringComparison.Ordinal);
        Assert.Contains("world --clean --url", result.Left, StringComparison.Ordinal);
        Assert.Contains(result.Left, meter.Said);
    }

    [Fact]
    public async Task A_process_that_cannot_be_looked_at_is_told_before_anything_is_put_anywhere()
    {
        using StubServer server = new();
        RunOptions options = Plans.Options(Plans.Scenario(10, 1), server.Url.AbsoluteUri.TrimEnd('/')) with { Process = int.MaxValue };

        await Assert.ThrowsAsync<LoadFailureException>(() => new LoadRun(options, new Told()).RunAsync(TestContext.Current.CancellationToken));

        Assert.Empty(server.Asked);
    }

    [Fact]
    public async Task Who_was_new_in_a_world_of_somebody_elses_is_erased_and_the_world_stays()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await using OwnServer server = await OwnServer.StartAsync(null, pinned: false, stop);
        using WorldTarget target = new(new Uri(server.Url), null);
        Scenario small = Plans.Scenario(100, 2);
        Scenario scenario = small with { World = small.World with { Known = 3 }, Visitors = small.Visitors with { Fresh = 0.5 } };
        await new WorldBuilder(target, new WorldIds("shared")).BuildAsync(scenario.World, 1, stop);

        RunResult result = await new LoadRun(Plans.Options(scenario, server.Url) with { World = "shared" }, new Told()).RunAsync(stop);

        Assert.Null(result.Left);
        Assert.True(result.Total.Decided > 100);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(0));
        Assert.All(await Task.WhenAll(Enumerable.Range(1_000, 200).Select(StatusAsync)), status => Assert.Equal(HttpStatusCode.NotFound, status));

        async Task<HttpStatusCode> StatusAsync(int consumer) =>
            (await target.SendAsync(HttpMethod.Get, $"v1/consumers/shared-c{consumer:D9}", null, stop, HttpStatusCode.NotFound)).Status;
    }

    [Fact]
    public async Task Stopped_by_hand_it_ends_at_once_with_what_it_has()
    {
        using CancellationTokenSource stop = new();
        Told meter = new(row => stop.Cancel());

        RunResult result = await new LoadRun(Plans.Options(Plans.Scenario(200, 60), null), meter).RunAsync(stop.Token);

        Assert.Equal("it was stopped", result.Partial);
        Assert.InRange(result.Total.Length, 0.9, 10);
    }

    private static void Signal(int process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private sealed class Told(Action<SecondRow>? second = null) : IRunMeter
    {
        public List<string> Said { get; } = [];

        public void Doing(string what) => Said.Add(what);

        public void Second(SecondRow row) => second?.Invoke(row);
    }
}
