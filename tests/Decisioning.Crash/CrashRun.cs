using System.Net;
using System.Text;
using Decisioning.Lab;

namespace Decisioning.Crash;

/// <summary>Rounds of load, <c>kill -9</c> at a moment that the seed decides, restart and check; every so often the whole folder is recounted.</summary>
internal sealed class CrashRun
{
    private const int Consumers = 16;

    /// <summary>Rounds that share consumers; then new ones come, so that each stays below the bounds to which everything can be counted.</summary>
    private const int RoundsPerCrowd = 5;

    /// <summary>The kill comes after so many answers at most, and so many milliseconds more at most.</summary>
    private const int MostAnswers = 400;
    private const int LongestWaitMs = 25;

    private const int LongestStartMs = 900;

    /// <summary>One restart in so many is killed as well.</summary>
    private const int KillStartEvery = 6;

    private static readonly TimeSpan LongestLoad = TimeSpan.FromSeconds(20);

    private readonly CrashOptions _options;
    private readonly string _folder;
    private readonly TextWriter _output;
    private readonly Random _random;
    private readonly CatalogueLedger _catalogue = new();
    private readonly BooksLedger _books = new();
    private ConsumerLedger[] _consumers = [];
    private long _events;
    private long _decisions;
    private long _trackers;
    private long _patches;
    private long _pauses;
    private long _unacknowledged;

    private CrashRun(CrashOptions options, string folder, TextWriter output)
    {
        _options = options;
        _folder = folder;
        _output = output;
        _random = new Random(options.Seed);
    }

    /// <exception cref="CrashFailureException">Says seed, round and what was wrong; the data folder is left as it is.</exception>
    public static async Task<CrashResult> RunAsync(CrashOptions options, TextWriter output, CancellationToken stop)
    {
        string folder = options.DataFolder ?? Directory.CreateTempSubdirectory("decisioning-crash-").FullName;
        var run = new CrashRun(options, folder, output);
        int round = 0;
        try
        {
            for (; round < options.Rounds; round++)
            {
                await run.RoundAsync(round, stop);
            }

            await run.FarewellAsync(stop);
        }
        catch (Exception failure) when (failure is CrashFailureException or HttpRequestException or IOException or TimeoutException)
        {
            throw new CrashFailureException($"seed {options.Seed}, round {round}, data folder {folder}: {failure.Message}");
        }

        if (options.DataFolder is null)
        {
            Directory.Delete(folder, recursive: true);
        }

        return new CrashResult(options.Rounds, run._events, run._decisions, run._trackers, run._patches, run._unacknowledged);
    }

    private async Task RoundAsync(int round, CancellationToken stop)
    {
        if (round % RoundsPerCrowd == 0)
        {
            _books.Settle(_consumers);
            _consumers = [.. Enumerable.Range(0, Consumers).Select(c => new ConsumerLedger($"c{round / RoundsPerCrowd}-{c}"))];
        }

        await LoadAndKillAsync(round, stop);
        if ((round + 1) % _options.VerifyEvery == 0)
        {
            await VerifyAsync();
        }

        if (_random.Next(KillStartEvery) == 0)
        {
            using ServerProcess starting = StartServer(round);
            await Task.Delay(_random.Next(LongestStartMs), stop);
            await starting.KillAsync(stop);
        }

        using ServerProcess server = StartServer(round);
        await server.WaitUntilReadyAsync(stop);
        await CheckAsync(server.Http, round, stop);
        await server.KillAsync(stop);
        await _output.WriteLineAsync($"round {round}: ok, {_events} events, {_decisions} decisions, {_trackers} tracker calls so far, {_pauses} pauses held");
    }

    private ServerProcess StartServer(int round) => round % 2 == 0 ? ServerProcess.StartOver(_options.Server, _folder) : EagerServer.Start(_folder);

    private async Task CheckAsync(HttpClient http, int round, CancellationToken stop)
    {
        BooksCheck books = new(http, _consumers, _books);
        await books.RunAsync(exact: false, stop);
        await new RoundCheck(http, _consumers, _catalogue).RunAsync(stop);
        if (_catalogue.Campaign.Acknowledged == StatusLedger.Paused)
        {
            await new PauseCheck(http, _books).RunAsync($"newcomer{round}", stop);
            _pauses++;
        }

        await books.RunAsync(exact: true, stop);
    }

    private async Task LoadAndKillAsync(int round, CancellationToken stop)
    {
        int events = _consumers.Sum(c => c.Events.Count), trackers = _consumers.Sum(c => c.Trackers.Count);
        using ServerProcess server = StartServer(round);
        await server.WaitUntilReadyAsync(stop);
        if (round == 0)
        {
            await PutBrandAsync(server.Http, stop);
        }

        var load = new RoundLoad(server.Http, _consumers, _catalogue, _options.Seed, round, _random.Next(1, MostAnswers));
        Task loading = load.RunAsync(stop);
        await Task.WhenAny(load.Underway, loading, Task.Delay(LongestLoad, stop));
        await Task.Delay(_random.Next(LongestWaitMs), stop);
        load.End();
        await server.KillAsync(stop);
        await loading;
        _events += _consumers.Sum(c => c.Events.Count) - events;
        _trackers += _consumers.Sum(c => c.Trackers.Count) - trackers;
        _decisions += load.Decisions;
        _books.Asked += load.Requests;
        _patches += load.Patches;
        _unacknowledged += _consumers.Sum(c => c.Events.Count(e => !e.Acknowledged) + c.Trackers.Values.Count(t => !t.Acknowledged))
            + (_catalogue.Creative.UnderWay is null ? 0 : 1)
            + (_catalogue.Campaign.UnderWay is null ? 0 : 1);
    }

    /// <summary>At the end the folder is recounted as the last kill left it, and again after a start and an orderly stop, which writes everything back.</summary>
    private async Task FarewellAsync(CancellationToken stop)
    {
        await VerifyAsync();
        using (ServerProcess server = StartServer(round: 0))
        {
            await server.WaitUntilReadyAsync(stop);
            await server.StopAsync(stop);
        }

        await VerifyAsync();
    }

    private static async Task PutBrandAsync(HttpClient http, CancellationToken stop)
    {
        using StringContent document = new(CrashBrand.Document, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.PutAsync($"v1/brands/{CrashBrand.Id}", document, stop);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            throw new CrashFailureException($"the brand was answered with {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(stop)}");
        }
    }

    private async Task VerifyAsync()
    {
        using StringWriter output = new();
        using StringWriter error = new();
        if (await LabProgram.RunAsync(["verify", "--data", _folder, "--json"], output, error, CancellationToken.None) != ExitCodes.Done)
        {
            throw new CrashFailureException($"verify: {output}{error}");
        }

        await _output.WriteAsync($"verify: {output}");
    }
}
