using System.Diagnostics.Metrics;
using Decisioning.Engine;

namespace Decisioning.Server.Telemetry;

/// <summary>What the embedded host holds, read when somebody collects.</summary>
internal sealed class EmbeddedMeters : IDisposable
{
    private readonly Meter _meter = new("Decisioning.Embedded");

    public EmbeddedMeters(EmbeddedHost host)
    {
        _meter.CreateObservableGauge("decisioning.residents", () => host.ResidentConsumers, "{consumer}", "Consumers in memory.");
        _meter.CreateObservableGauge("decisioning.residents.bytes", () => host.ResidentBytes, "By", "What they take.");
        _meter.CreateObservableGauge("decisioning.dirty", () => host.DirtyConsumers, "{consumer}", "Consumers changed since they were last written back.");
        _meter.CreateObservableGauge("decisioning.books.behind", () => host.BooksBehind, "{commit}", "Commits that the books have not read yet.");
        _meter.CreateObservableGauge("decisioning.ready", () => host.Health.Ready ? 1 : 0, null, "1: able to work; 0: the reason is at /readyz.");
    }

    public void Dispose() => _meter.Dispose();
}
