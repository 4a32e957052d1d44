using System.Diagnostics;
using System.Text;
using Decisioning.Benchmarks.Engine;
using Decisioning.Benchmarks.Http.Client;
using Decisioning.Benchmarks.Http.Server;
using Decisioning.Benchmarks.Known;
using Decisioning.Benchmarks.Reporting;

namespace Decisioning.Benchmarks.Http;

/// <summary>
/// <c>shift</c>: how long after an event was answered, that is: on disk, a watcher has the frame with its change of stage, over HTTP and the hub. Meanwhile decisions
/// are asked for at half load: as many as the server can answer, half of the time, in turns of 25 ms.
/// </summary>
internal static class ShiftRun
{
    private const int Consumers = 50_000;
    private const int Watched = 3;

    /// <summary>A stage in which nobody of the known is: only what is sent here brings somebody into it.</summary>
    private const string Stage = "enthuse";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(Report report, bool quick)
    {
        int events = quick ? 40 : 300;
        report.Heading($"shift: {events} events, one after the other, each until a watcher has the frame with its change, at half load");
        using ScratchFolder folder = new();
        KnownWorld.Write(folder.Path, MemoryRun.Stated, Consumers);
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Path, warm: Consumers);
        using LoadClient client = DecisionLoad.Open(server, DecisionLoad.Path, new EvenChoice(Consumers, 1));
        await new MeasuredLoad(server, client).WarmAsync(quick ? 5 : 30);
        using HalfLoad load = new(client);
        using StageWatcher watcher = new(server.Address, Catalogues.IdOf(Watched));
        using HttpClient http = new() { BaseAddress = new Uri($"http://{server.Address}") };
        http.DefaultRequestHeaders.Add("X-Api-Key", BenchmarkServer.Key);

        ServerUsage before = await server.ReadUsageAsync();
        long start = Stopwatch.GetTimestamp();
        double[] answered = new double[events];
        double[] sent = new double[events];
        for (int i = 0; i < events; i++)
        {
            // Somewhere between two beats.
            await Task.Delay(i * 37 % 250);
            long asked = Stopwatch.GetTimestamp();
            await RecordAsync(http, i);
            long acknowledged = Stopwatch.GetTimestamp();
            watcher.WaitFor(Stage, i + 1, Patience);
            answered[i] = Stopwatch.GetElapsedTime(acknowledged).TotalMilliseconds;
            sent[i] = Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
        }

        double elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        ServerUsage after = await server.ReadUsageAsync();
        Array.Sort(answered);
        report.Add(new Figure("answered to frame received, half", answered[events / 2], "ms"));
        report.Add(new Figure("  99 of 100", answered[(int)Math.Ceiling(events * 0.99) - 1], "ms", Target.Below(500)));
        report.Add(new Figure("  the longest", answered[^1], "ms"));
        report.Add(new Figure("asked to frame received, half", Medians.Of(sent), "ms"));
        report.Add(new Figure("decisions meanwhile", load.Answered * 1_000 / elapsed, "a second"));
        report.Add(new Figure("server's core busy", (after.Cpu - before.Cpu) / elapsed * 100, "%"));
    }

    // Each of somebody new, who is in the stage from then on.
    private static async Task RecordAsync(HttpClient http, int number)
    {
        string body =
            $$"""{"events":[{"eventId":"f-{{number}}","type":"follow","consumerId":"new-{{number}}","brand":"{{Catalogues.IdOf(Watched)}}","occurredAt":"{{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ssZ}}"}]}""";
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.PostAsync("/v1/events", content);
        string text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode || !text.Contains("\"accepted\":1,", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The server answered: {text}");
        }
    }

    /// <summary>A thread that asks for decisions half of the time, until it is disposed.</summary>
    private sealed class HalfLoad : IDisposable
    {
        private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(25);

        private readonly LoadClient _client;
        private readonly Thread _thread;
        private readonly ManualResetEventSlim _done = new();
        private long _answered;

        public HalfLoad(LoadClient client)
        {
            _client = client;
            _thread = new Thread(Run) { IsBackground = true };
            _thread.Start();
        }

        public long Answered => Interlocked.Read(ref _answered);

        public void Dispose()
        {
            _done.Set();
            _thread.Join();
            _done.Dispose();
        }

        private void Run()
        {
            Cores.UseClients();
            TimeSpan rest = default;
            while (!_done.Wait(rest))
            {
                LoadResult result = _client.Run(Turn);
                Interlocked.Add(ref _answered, result.Requests);
                rest = result.Elapsed;
            }
        }
    }
}
