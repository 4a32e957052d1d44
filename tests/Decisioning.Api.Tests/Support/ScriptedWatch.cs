using System.Collections.Concurrent;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;

namespace Decisioning.Api.Tests.Support;

/// <summary>Books that say what they are told to, and keep what they were asked.</summary>
internal sealed class ScriptedWatch : IWatchHost
{
    private int _reads;

    /// <summary>The brands there are.</summary>
    public ConcurrentDictionary<string, BrandPulse> Pulses { get; } = new([new("aurora", TestPulses.Of("aurora", 1)), new("borealis", TestPulses.Of("borealis", 1))]);

    /// <summary>How often a pulse was read.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Thrown by every reading of a pulse while set.</summary>
    public Exception? Fault { get; set; }

    public List<SeriesQuery> Asked { get; } = [];

    public SeriesPoint[] Points { get; set; } = [];

    public RecountReport Report { get; set; } = new(ScriptedHost.Start, new long[8], []);

    public List<EventCommand> Imported { get; } = [];

    public void Put(BrandPulse pulse) => Pulses[pulse.Brand] = pulse;

    public BrandPulse? ReadPulse(string brandId)
    {
        Interlocked.Increment(ref _reads);
        return Fault is null ? Pulses.GetValueOrDefault(brandId) : throw Fault;
    }

    public ValueTask<Series?> ReadHistoryAsync(string brandId, SeriesQuery query, CancellationToken cancellation)
    {
        Asked.Add(query);
        return ValueTask.FromResult(Pulses.ContainsKey(brandId) ? new Series(query.Metric, query.ByDay, Points) : null);
    }

    public ValueTask<RecountReport?> RecountAsync(string brandId, CancellationToken cancellation) =>
        ValueTask.FromResult(Pulses.ContainsKey(brandId) ? Report : null);

    public ValueTask<EventResult[]> ImportAsync(IReadOnlyList<EventCommand> events, CatalogueSnapshot catalogue, CancellationToken cancellation)
    {
        Imported.AddRange(events);
        return ValueTask.FromResult(events.Select(e => new EventResult(e.EventId, EventStatus.Accepted)).ToArray());
    }
}
