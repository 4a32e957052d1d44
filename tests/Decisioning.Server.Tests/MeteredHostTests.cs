using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Server.Telemetry;

namespace Decisioning.Server.Tests;

/// <summary>What the port's meters say; alone in its collection, for whoever listens hears every meter of the process.</summary>
[CollectionDefinition(nameof(MeteredHostTests), DisableParallelization = true)]
[Collection(nameof(MeteredHostTests))]
public sealed class MeteredHostTests
{
    private const int Calls = 1_000;

    private static readonly DecideCommand Command = new() { RequestId = "r", ConsumerId = "c" };

    private static readonly DecideReply Reply = new()
    {
        At = 0,
        Catalogue = CatalogueSnapshot.Empty,
        PolicyVersion = 0,
        Placements = [new PlacementReply([], null), new PlacementReply([], new NoDecision(NoDecisionReason.FrequencyCap, null))],
    };

    [Fact]
    public async Task With_nobody_listening_a_call_allocates_nothing_and_goes_through_as_it_is()
    {
        using HostMeters meters = new();
        MeteredHost host = new(new IdleHost { Answer = Reply }, meters);
        await host.DecideAsync(Command, CancellationToken.None);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Calls; i++)
        {
            Assert.Same(Reply, await host.DecideAsync(Command, CancellationToken.None));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.False(meters.Watched);
    }

    [Fact]
    public async Task Placements_are_counted_by_outcome_calls_timed_and_refusals_named()
    {
        using HostMeters meters = new();
        ConcurrentBag<(string Name, double Value, string? Tag)> heard = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == HostMeters.Name)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => heard.Add((i.Name, value, tags.Length > 0 ? tags[0].Value as string : null)));
        listener.SetMeasurementEventCallback<double>((i, value, tags, _) => heard.Add((i.Name, value, tags.Length > 0 ? tags[0].Value as string : null)));
        listener.Start();

        IdleHost inner = new() { Answer = Reply };
        MeteredHost host = new(inner, meters);
        await host.DecideAsync(Command, CancellationToken.None);
        inner.IsBusy = true;
        await Assert.ThrowsAsync<HostUnavailableException>(async () => await host.DecideAsync(Command, CancellationToken.None));

        Assert.Contains(("decisioning.placements", 1, "filled"), heard);
        Assert.Contains(("decisioning.placements", 1, "frequency_cap"), heard);
        Assert.Contains(("decisioning.refusals", 1, "decide"), heard);
        Assert.Equal(2, heard.Count(m => m.Name == "decisioning.turn.duration" && m.Tag == "decide"));
    }

    [Fact]
    public async Task A_call_is_a_span_and_a_refused_one_an_error()
    {
        using HostMeters meters = new();
        ConcurrentBag<Activity> spans = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source == meters.Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        MeteredHost host = new(new IdleHost { IsBusy = true }, meters);
        await Assert.ThrowsAsync<HostUnavailableException>(async () => await host.DecideAsync(Command, CancellationToken.None));
        Activity span = Assert.Single(spans);
        Assert.Equal(("decide", ActivityStatusCode.Error), (span.OperationName, span.Status));
    }
}
