using Decisioning.Load.Histograms;
using Decisioning.Load.Http;
using Decisioning.Load.Running;
using Decisioning.Load.Scenarios;
using Decisioning.Load.Tests.Support;

namespace Decisioning.Load.Tests.Running;

public sealed class ClientLoopTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_waits_for_the_disk_takes_no_connection_from_who_asks()
    {
        using StubServer server = new() { Silent = ["/v1/events"] };
        server.Answers["/v1/decisions"] = "{}";
        Scenario steady = ScenarioFiles.Read("steady");
        LoadPlan plan = Plans.Plan(steady with { World = steady.World with { Consumers = 1_000, Known = 1_000 } }) with { Connections = 2, Timeout = 1 };
        using FrameBelt belt = new();
        using ClientLoop loop = new(plan, await TargetAddress.ResolveAsync(server.Url.AbsoluteUri, Cancelled), new Unwatched(), belt);

        string? early = await Task.Factory.StartNew(
            () => loop.Run(new Segment(0, Ticks.Now, Rate: 14, Warmup: 0, Seconds: 4, Level: true), Cancelled), Cancelled, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        belt.End();
        (long decided, long waited) = (0, 0);
        LatencyHistogram latency = new();
        foreach (Frame frame in belt.Frames())
        {
            decided += frame.Series[(int)CallKind.Decisions].Served;
            latency.Add(frame.Series[(int)CallKind.Decisions].Latency);
            waited += frame.Series[(int)CallKind.Events].TimedOut;
        }

        Assert.Null(early);
        Assert.True(decided > 20 && waited > 5, $"{decided} decisions were answered, {waited} batches given up.");
        Assert.True(LatencyFigures.Milliseconds(latency, 0.5) < 250, $"The median is {LatencyFigures.Milliseconds(latency, 0.5)} ms.");
    }

    private sealed class Unwatched : IAnswerWatch
    {
        public void Decided(in SeenDecision decision)
        {
        }

        public void Recorded(in SeenEvents events)
        {
        }

        public Task<IReadOnlyList<CheckResult>> FinishAsync(CancellationToken stop) => Task.FromResult<IReadOnlyList<CheckResult>>([]);
    }
}
