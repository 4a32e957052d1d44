using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Decisioning.Crash;
using Decisioning.Tests.Common;

namespace Decisioning.Faults;

/// <summary>Three silos, a load, a fault, a check; one fault after another.</summary>
internal sealed class FaultRun : IAsyncDisposable
{
    private const int Crowd = 400;
    private const int CappedCrowd = 400;

    // What a silo ends with that was taken for dead.
    private const int FencedExit = 3;

    // What a fenced silo may take to end by itself once it goes on.
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(60);

    // What the books may be behind, and a cluster may need to settle, after the load has ended.
    private static readonly TimeSpan LongestSettling = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(250);

    private readonly FaultOptions _options;
    private readonly PostgresProcess _database;
    private readonly DirectoryInfo _folder;
    private readonly SiloSlot[] _silos;
    private readonly Tally _tally = new();
    private readonly Ingress _ingress;
    private readonly HttpClient _http;
    private readonly BooksLedger _books = new();
    private readonly CapCheck _caps;

    private FaultRun(FaultOptions options, PostgresProcess database)
    {
        _options = options;
        _database = database;
        _folder = Directory.CreateTempSubdirectory("decisioning-faults-");
        string connection = database.ConnectionString(PostgresProcess.FirstDatabase, "Maximum Pool Size=20;Timeout=3;Command Timeout=10");
        _silos = [.. Enumerable.Range(0, options.Silos).Select(i => new SiloSlot(options.Silo, Path.Combine(_folder.FullName, $"silo{i}"), connection))];
        _ingress = new Ingress([.. _silos.Select(s => s.Address)], _tally);
        _http = new HttpClient(_ingress) { BaseAddress = new Uri("http://cluster.invalid/"), Timeout = TimeSpan.FromSeconds(60) };
        _caps = new CapCheck(_http);
    }

    /// <exception cref="CrashFailureException">Says after which fault, and what was wrong.</exception>
    public static async Task RunAsync(FaultOptions options, TextWriter output, CancellationToken stop)
    {
        if (!PostgresProcess.IsInstalled)
        {
            throw new CrashFailureException(PostgresProcess.HowToGetIt);
        }

        await using FaultRun run = new(options, await PostgresProcess.StartAsync(stop));
        foreach (SiloSlot silo in run._silos)
        {
            await silo.StartAsync(stop);
        }

        await run.PutAsync(CrashBrand.Id, CrashBrand.Document, stop);
        await run.PutAsync(CappedBrand.Id, CappedBrand.Document, stop);
        await run.PutAsync(FadingBrand.Id, FadingBrand.Document, stop);
        foreach (Fault fault in options.Faults)
        {
            await run.PhaseAsync(fault, output, stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (SiloSlot silo in _silos)
        {
            silo.Dispose();
        }

        await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task PhaseAsync(Fault fault, TextWriter output, CancellationToken stop)
    {
        string name = fault.ToString();
        ConsumerLedger[] crowd = [.. Enumerable.Range(0, Crowd).Select(i => new ConsumerLedger($"{name}-{i}"))];
        CappedConsumer[] capped = [.. Enumerable.Range(0, CappedCrowd).Select(i => new CappedConsumer($"{name}-capped-{i}"))];
        FaultLoad load = new(_http, _ingress, crowd, capped, _options.Seed, name);
        // No fault kills or pauses the last one; it is replaced at most.
        using FadingCrowd fading = new([.. _silos.Reverse().Select(static s => s.Address)], name);
        try
        {
            await fading.SearchAsync(stop);
            Task watching = fading.WatchAsync(stop);
            _tally.Start();
            Task loading = load.RunAsync(_options.Workers, stop);
            await Task.WhenAny(Task.Delay(_options.Lead, stop), loading);
            _tally.Mark();
            Array.ForEach(capped, static c => c.Strike());
            string said = await DisturbAsync(fault, () => Array.ForEach(capped, static c => c.Struck()), stop);
            Array.ForEach(capped, static c => c.Strike());
            Array.ForEach(capped, static c => c.Struck());
            await Task.WhenAny(Task.Delay(_options.After, stop), loading);
            load.End();
            await loading;
            await output.WriteLineAsync($"{name}: {said}{_tally.Report()}");
            await watching;
            _books.Asked += load.Requests * 3L;
            await CheckAsync(crowd, capped, stop);
        }
        catch (Exception failure) when (failure is CrashFailureException or HttpRequestException or TimeoutException)
        {
            string silos = string.Join(Environment.NewLine, _silos.Select(s => s.Process.Said));
            throw new CrashFailureException($"{name}, seed {_options.Seed}: {failure.Message}{Environment.NewLine}{silos}");
        }

        long events = crowd.Sum(c => c.Events.Count), trackers = crowd.Sum(c => c.Trackers.Count), shown = capped.Sum(c => c.Shown.Count);
        await output.WriteLineAsync(Text($"  stages that fell by themselves meanwhile were seen to at most {fading.Latest.TotalSeconds:0.0} s late"));
        await output.WriteLineAsync(
            $"  {events} events, {crowd.Sum(c => c.Decisions.Count)} decisions, {trackers} tracker calls and {shown} showings under a cap: nothing acknowledged is missing, "
            + "nothing counts twice, no cap was exceeded by more than was in flight, the recount is clean");
    }

    /// <param name="struck">Called once the fault has come; at its beginning where no reservation goes with it.</param>
    private async Task<string> DisturbAsync(Fault fault, Action struck, CancellationToken stop)
    {
        Stopwatch took = Stopwatch.StartNew();
        switch (fault)
        {
            case Fault.Kill:
                await _silos[1].Process.KillAsync(stop);
                struck();
                return "one silo killed. ";
            case Fault.Pause:
                await _silos[0].Process.SignalAsync("STOP", stop);
                struck();
                await Task.Delay(_options.Pause, stop);
                await _silos[0].Process.SignalAsync("CONT", stop);
                took.Restart();
                await _silos[0].Process.Ended.WaitAsync(LongestEnd, stop);
                if (_silos[0].Process.ExitCode != FencedExit)
                {
                    throw new CrashFailureException($"the fenced silo ended with {_silos[0].Process.ExitCode}, not {FencedExit}");
                }

                return Text($"one silo paused for {_options.Pause.TotalSeconds:0} s; it ended by itself {took.Elapsed.TotalSeconds:0.0} s after it went on. ");
            case Fault.RestartDatabase:
                struck();
                await _database.RestartAsync("fast", stop);
                return Text($"PostgreSQL restarted in {took.Elapsed.TotalSeconds:0.0} s. ");
            case Fault.CrashDatabase:
                struck();
                await _database.RestartAsync("immediate", stop);
                return Text($"PostgreSQL crashed and restarted in {took.Elapsed.TotalSeconds:0.0} s. ");
            default:
                struck();
                foreach (SiloSlot silo in _silos)
                {
                    await silo.Process.StopAsync(stop);
                    await silo.StartAsync(stop);
                }

                return Text($"every silo stopped and started in turn in {took.Elapsed.TotalSeconds:0.0} s. ");
        }
    }

    private async Task CheckAsync(ConsumerLedger[] crowd, CappedConsumer[] capped, CancellationToken stop)
    {
        foreach (SiloSlot silo in _silos)
        {
            if (silo.Process.Ended.IsCompleted)
            {
                await silo.StartAsync(stop);
            }

            await silo.Process.WaitUntilReadyAsync(stop);
        }

        _ingress.Consumer = null;
        await new RoundCheck(_http, crowd, new CatalogueLedger()).RunAsync(stop);
        _books.Settle(crowd);
        await UntilSettledAsync(() => new BooksCheck(_http, [], _books).RunAsync(exact: true, stop), stop);
        await _caps.RunAsync(capped, stop);
    }

    // The books are folded at a beat of their own: what they lack now may be there in a moment. What is there too often stays so.
    private static async Task UntilSettledAsync(Func<Task> check, CancellationToken stop)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await check();
                return;
            }
            catch (Exception failure) when (failure is CrashFailureException or HttpRequestException && waited.Elapsed < LongestSettling)
            {
                await Task.Delay(AskAgain, stop);
            }
        }
    }

    private async Task PutAsync(string brand, string document, CancellationToken stop)
    {
        using StringContent content = new(document, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await _http.PutAsync($"v1/brands/{brand}", content, stop);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            throw new CrashFailureException($"the brand {brand} was answered with {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(stop)}");
        }

        // Live where it was put; the other silos have it at their next look.
        foreach (SiloSlot silo in _silos)
        {
            await UntilSettledAsync(async () => await silo.Process.Http.GetStringAsync($"v1/brands/{brand}/pulse", stop), stop);
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
