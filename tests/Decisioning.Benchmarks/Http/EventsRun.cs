using System.Text;
using Decisioning.Benchmarks.Engine;
using Decisioning.Benchmarks.Http.Client;
using Decisioning.Benchmarks.Http.Server;
using Decisioning.Benchmarks.Known;
using Decisioning.Benchmarks.Reporting;

namespace Decisioning.Benchmarks.Http;

/// <summary><c>events</c>: events over HTTP, each request answered once its events are on disk.</summary>
internal static class EventsRun
{
    private const int Consumers = 200_000;

    public static async Task RunAsync(Report report, bool quick)
    {
        int rounds = quick ? 3 : 15;
        report.Heading($"events: durable, over HTTP, {rounds} rounds of a second each, {Consumers:N0} consumers");
        using ScratchFolder folder = new();
        KnownWorld.Write(folder.Path, new History(1, 1, 1), Consumers);
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Path, warm: Consumers);
        await MeasureAsync(report, server, Consumers, new EventShape(100, 16, 80_000, "b"), rounds, quick);
        await MeasureAsync(report, server, Consumers, new EventShape(1, 64, 8_000, "s"), rounds, quick);
    }

    /// <summary>Measures events of one shape.</summary>
    /// <param name="consumers">Those in memory.</param>
    /// <param name="rounds">Of a second each.</param>
    /// <param name="storeCpu">Milliseconds that the store's own processes have used; null: it has none.</param>
    public static async Task MeasureAsync(
        Report report, ServerProcess server, int consumers, EventShape shape, int rounds, bool quick, Func<double>? storeCpu = null)
    {
        RequestTemplate request = new("/v1/events", BodyOf(shape));
        byte[] expected = Encoding.ASCII.GetBytes($"\"accepted\":{shape.Batch},");
        using LoadClient client = new(server.Address, shape.Connections, request, new EvenChoice(consumers, 1), expected);
        MeasuredLoad load = new(server, client);
        await load.WarmAsync(quick ? 5 : 30);
        double before = storeCpu?.Invoke() ?? 0;
        List<Round> measured = [];
        for (int i = 0; i < rounds; i++)
        {
            measured.Add(await load.RunAsync(TimeSpan.FromSeconds(1)));
        }

        string name = shape.Batch == 1 ? $"singly from {shape.Connections} connections" : $"in batches of {shape.Batch}, {shape.Connections} connections";
        report.Add(new Figure($"durable events {name}", Medians.Of(measured.Select(r => r.Load.PerSecond)) * shape.Batch, "a second", Target.AtLeast(shape.Target)));
        report.Add(new Figure("  an event, server's CPU", Medians.Of(measured.Select(r => r.CpuPerRequest)) / shape.Batch, "µs"));
        report.Add(new Figure("  an event, allocated", Medians.Of(measured.Select(r => r.BytesPerRequest)) / shape.Batch, "B"));
        if (storeCpu is not null)
        {
            report.Add(new Figure("  an event, the store's CPU", (storeCpu() - before) * 1_000 / shape.Batch / measured.Sum(r => (double)r.Load.Requests), "µs"));
        }

        report.Add(new Figure("  server's core busy", Medians.Of(measured.Select(r => r.Used.Cpu / r.Load.Elapsed.TotalMilliseconds)) * 100, "%"));
        report.Add(new Figure("  client busy, at most", measured.Max(r => r.Load.ClientShare) * 100, "%"));
        report.Add(new Figure("  answers that did not accept all", measured.Sum(r => r.Load.Unlike), "", Target.Below(0)));
    }

    /// <summary>A batch of that shape, as a template.</summary>
    public static string BodyOf(EventShape shape)
    {
        string now = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        IEnumerable<string> events = Enumerable.Range(0, shape.Batch).Select(i =>
            $$"""{"eventId":"{{shape.Prefix}}-{e}","type":"{{(i % 4 == 0 ? "cart" : "view")}}","consumerId":"c-{c}","brand":"{{Catalogues.IdOf(i % 2)}}","occurredAt":"{{now}}","item":"sku-{{i % 50}}"}""");
        return $$"""{"events":[{{string.Join(',', events)}}]}""";
    }
}

/// <summary>How events are sent.</summary>
/// <param name="Batch">Events a request.</param>
/// <param name="Connections">Requests under way.</param>
/// <param name="Target">Events a second.</param>
/// <param name="Prefix">Of the events' ids.</param>
internal sealed record EventShape(int Batch, int Connections, double Target, string Prefix);
