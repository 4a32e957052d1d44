using System.Diagnostics;
using System.Diagnostics.Metrics;
using Decisioning.Cluster.Books;
using Decisioning.Cluster.Turns;
using Decisioning.Engine.Telemetry;

namespace Decisioning.Cluster.Telemetry;

/// <summary>What a silo measures of itself; one for each silo, whose gauges are read when somebody collects.</summary>
public sealed class ClusterMeters : Instruments
{
    /// <summary>Of the meter and of the traces' source.</summary>
    public const string Name = "Decisioning.Cluster";

    private readonly Histogram<double> _commit;
    private readonly Histogram<int> _batch;
    private readonly Counter<long> _lost;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _loaded;

    public ClusterMeters()
        : base(Name)
    {
        _commit = Meter.CreateHistogram<double>("decisioning.commit.duration", "s", "One batch of turns, from the call of the store to its answer.");
        _batch = Meter.CreateHistogram<int>("decisioning.commit.rows", "{row}", "Rows of one batch: a consumer's turns of it are one row.");
        _lost = Meter.CreateCounter<long>("decisioning.rows.lost", "{row}", "Rows refused because somebody else wrote first; their turns were asked for again.");
        _errors = Meter.CreateCounter<long>("decisioning.store.errors", "{error}", "Calls of the store that failed.");
        _loaded = Meter.CreateCounter<long>("decisioning.consumers.loaded", "{consumer}", "Consumers read from the store for their activation.");
    }

    /// <summary>Measures what a silo holds, until this is disposed.</summary>
    /// <param name="troubles">By the work beside the turns: why it failed and is tried again; null where it did not.</param>
    internal void Watch(SiloLog log, SiloBooks books, ConsumerServices consumers, IReadOnlyDictionary<string, Func<Exception?>> troubles)
    {
        Meter.CreateObservableGauge(
            "decisioning.trouble",
            () => troubles.Select(static t => new Measurement<int>(t.Value() is null ? 0 : 1, new KeyValuePair<string, object?>("work", t.Key))),
            null, "By work beside the turns, 1: it failed, and is tried again.");
        Meter.CreateObservableGauge("decisioning.queue.bytes", () => log.WaitingBytes, "By", "Turns that wait for the store.");
        Meter.CreateObservableGauge("decisioning.residents", () => consumers.Near.Count, "{consumer}", "Consumers whose grains are on this silo.");
        Meter.CreateObservableGauge("decisioning.books.behind", () => books.Behind, "{row}", "Rows that were taken and are not yet in a brand's books.");
        Meter.CreateObservableGauge(
            "decisioning.ready", () => log.Refusal() is null && consumers.Catalogue.Refusal() is null ? 1 : 0, null, "1: able to work; 0: the reason is at /readyz.");
    }

    internal void Committed(long began, int rows, int lost)
    {
        _commit.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
        _batch.Record(rows);
        _lost.Add(lost);
    }

    internal void Loaded(int consumers) => _loaded.Add(consumers);

    internal void Failed(string call) => _errors.Add(1, new KeyValuePair<string, object?>("call", call));
}
