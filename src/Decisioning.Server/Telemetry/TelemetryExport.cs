using Decisioning.Server.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Decisioning.Server.Telemetry;

/// <summary>Sends measurements and traces to a collector over OTLP until it is disposed, which sends what is left.</summary>
internal sealed class TelemetryExport : IDisposable
{
    /// <summary>Every meter that is sent: the program's, .NET's own for HTTP and the runtime, and Orleans'.</summary>
    public static readonly string[] Meters = ["Decisioning*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Microsoft.Orleans"];

    /// <summary>Every source of spans: the program's, requests, and grain calls.</summary>
    public static readonly string[] Sources = ["Decisioning*", "Microsoft.AspNetCore", "Microsoft.Orleans.Application"];

    // From a turn in memory to a call that waited for a fault.
    private static readonly double[] Seconds = [.00001, .000025, .00005, .0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10];

    private readonly MeterProvider _metrics;
    private readonly TracerProvider _traces;

    private TelemetryExport(MeterProvider metrics, TracerProvider traces) => (_metrics, _traces) = (metrics, traces);

    /// <param name="options">Where to.</param>
    /// <param name="service">What the collector knows the program as.</param>
    public static TelemetryExport Start(TelemetryOptions options, string service)
    {
        ResourceBuilder resource = ResourceBuilder.CreateDefault().AddService(service, autoGenerateServiceInstanceId: true);
        MeterProvider metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(Meters)
            .AddView("decisioning.*.duration", new ExplicitBucketHistogramConfiguration { Boundaries = Seconds })
            .AddOtlpExporter((exporter, reader) =>
            {
                Direct(exporter, options, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = options.EverySeconds * 1000;
            })
            .Build();
        TracerProvider traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(Sources)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.TracedShare)))
            .AddOtlpExporter(exporter => Direct(exporter, options, "v1/traces"))
            .Build();
        return new TelemetryExport(metrics, traces);
    }

    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }

    private static void Direct(OtlpExporterOptions exporter, TelemetryOptions options, string path)
    {
        exporter.Protocol = options.OverHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = options.OverHttp ? new Uri(options.Otlp.ToString().TrimEnd('/') + "/" + path) : options.Otlp;
    }
}
