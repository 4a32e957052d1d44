using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Decisioning.Cluster.Telemetry;
using Decisioning.Cluster.Tests.Support;
using Decisioning.Cluster.Tests.Support.Memory;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Tests.Silo;

public sealed class MeteredStoreTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_commit_is_measured_with_its_rows_and_what_was_lost_and_a_failure_is_counted_by_its_call()
    {
        using ClusterMeters meters = new();
        await using MemoryClusterStore inner = new(TimeProvider.System);
        await using MeteredStore store = new(inner, meters);
        await store.OpenAsync(1, Cancelled);
        long epoch = await store.BeginEpochAsync("a", TestRows.Instant, Cancelled);
        ConcurrentBag<(string Name, double Value, string? Tag)> heard = [];
        using MeterListener listener = Listen(heard);
        ConcurrentBag<Activity> spans = [];
        using ActivityListener traces = new()
        {
            ShouldListenTo = source => source.Name == ClusterMeters.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(traces);

        await store.AppendAsync([TestRows.Row(1, 1, epoch, 1), TestRows.Row(2, 1, epoch, 2)], Cancelled);
        await store.AppendAsync([TestRows.Row(1, 1, epoch, 3)], Cancelled);
        inner.FailNext(1);
        await Assert.ThrowsAsync<StorageException>(() => store.ReadEpochsAsync(Cancelled));

        Assert.Contains(("decisioning.commit.rows", 2, null), heard);
        Assert.Contains(("decisioning.rows.lost", 1, null), heard);
        Assert.Contains(("decisioning.store.errors", 1, "ReadEpochsAsync"), heard);
        Assert.Contains(heard, m => m.Name == "decisioning.commit.duration" && m.Value > 0);
        Assert.Contains(spans, s => s.OperationName == "commit" && Equals(s.GetTagItem("decisioning.rows"), 2));
    }

    private static MeterListener Listen(ConcurrentBag<(string Name, double Value, string? Tag)> heard)
    {
        MeterListener listener = new()
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == ClusterMeters.Name)
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => heard.Add((i.Name, value, tags.Length > 0 ? tags[0].Value as string : null)));
        listener.SetMeasurementEventCallback<int>((i, value, _, _) => heard.Add((i.Name, value, null)));
        listener.SetMeasurementEventCallback<double>((i, value, _, _) => heard.Add((i.Name, value, null)));
        listener.Start();
        return listener;
    }
}
