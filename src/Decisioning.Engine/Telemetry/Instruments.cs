using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Decisioning.Engine.Telemetry;

/// <summary>A meter and a source of spans of one name, until this is disposed; while nobody listens they cost a branch.</summary>
public abstract class Instruments(string name) : IDisposable
{
    /// <summary>Spans, and what belongs to them.</summary>
    public ActivitySource Source { get; } = new(name);

    protected Meter Meter { get; } = new(name);

    public void Dispose()
    {
        Source.Dispose();
        Meter.Dispose();
        GC.SuppressFinalize(this);
    }
}
