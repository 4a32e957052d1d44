using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Decisioning.Load.Http;
using Decisioning.Load.Reports;
using Decisioning.Load.Running;
using Decisioning.Load.Scenarios;

namespace Decisioning.Load;

/// <summary>The program's own command: runs a scenario and reports.</summary>
internal static class RunCommand
{
    private const string ResultsFolder = "load-results";
    private const double MostRate = 10_000_000;
    private const double MostSeconds = 86_400;
    private const int MostClients = 64;
    private const int MostConnections = 20_000;

    private static readonly Option<string> ScenarioName = new("--scenario") { Description = "A scenario's name or file.", HelpName = "NAME|FILE", DefaultValueFactory = _ => "steady" };
    private static readonly Option<double?> Rate = new("--rate") { Description = "Visits a second where the curve is 1; the scenario's own otherwise.", HelpName = "R" };
    private static readonly Option<double?> Seconds = new("--seconds") { Description = "How long it is measured.", HelpName = "N" };
    private static readonly Option<double?> Warmup = new("--warmup") { Description = "Seconds before that.", HelpName = "N" };
    private static readonly Option<int> Seed = new("--seed") { Description = "What comes when follows from it.", HelpName = "S", DefaultValueFactory = _ => 1 };
    private static readonly Option<string?> Url = new("--url") { Description = "The server to load; without it the generator starts one of its own.", HelpName = "U" };
    private static readonly Option<string?> Key = new("--key") { Description = "An API key of that server with every role.", HelpName = "K" };
    private static readonly Option<int> Clients = new("--clients") { Description = "Processes that share the load.", HelpName = "N", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> Connections = new("--connections") { Description = "Of all clients together; half of them for decisions.", HelpName = "N", DefaultValueFactory = _ => 128 };
    private static readonly Option<double> Timeout = new("--timeout") { Description = "Seconds after which a call is given up.", HelpName = "N", DefaultValueFactory = _ => 10 };
    private static readonly Option<string?> Out = new("--out") { Description = "A folder for result.json, report.html and the .hgrm files; one below load-results otherwise.", HelpName = "DIR" };
    private static readonly Option<string?> BaselineFile = new("--baseline") { Description = "The result.json of an earlier run, to compare with.", HelpName = "FILE" };
    private static readonly Option<bool> Knee = new("--knee") { Description = "Search the highest rate that is held." };
    private static readonly Option<string?> World = new("--world") { Description = "Use the world that 'world --run ID' put into that server, and leave it there.", HelpName = "ID" };
    private static readonly Option<bool> Pin = new("--pin") { Description = "Give the generator's own server and the generator a core each." };
    private static readonly Option<bool> WithReference = new("--reference") { Description = "Ask a bare server beside it in the same seconds, and judge the longest against its longest." };
    private static readonly Option<int?> ServerProcessId = new("--process") { Description = "The id of that server's process on this machine, to look at its memory.", HelpName = "PID" };

    static RunCommand()
    {
        Rate.Within(0.1, MostRate);
        Seconds.Within(1, MostSeconds);
        Warmup.Within(0, MostSeconds);
        Seed.Within(0, int.MaxValue);
        Url.Refusing(TargetAddress.FaultOf);
        Clients.Within(1, MostClients);
        Connections.Within(1, MostConnections);
        Timeout.Within(0.1, MostSeconds);
        ServerProcessId.Within(1, int.MaxValue);
        World.Refusing(id => WorldIds.FaultOf(World.Name, id));
    }

    /// <summary>Gives the command its options and its action.</summary>
    public static void Fill(RootCommand command, TextWriter output, TextWriter error)
    {
        foreach (Option option in (Option[])[ScenarioName, Rate, Seconds, Warmup, Seed, Url, Key, World, Clients, Connections, Timeout, Out, BaselineFile, Knee, Pin, WithReference, ServerProcessId])
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, stop) => RunAsync(parsed, output, error, stop));
    }

    /// <summary>What is wrong with the options taken together, or with their scenario; a sentence each, beside what the parser finds.</summary>
    public static IEnumerable<string> FaultsOf(CommandResult given)
    {
        foreach (Option option in (Option[])[Key, World, ServerProcessId])
        {
            if (given.GetResult(option) is not null && given.GetResult(Url) is null)
            {
                yield return $"{option.Name} goes with --url alone.";
            }
        }

        foreach (Option<bool> option in (Option<bool>[])[Pin, WithReference])
        {
            if (given.GetValue(option) && given.GetResult(Url) is not null)
            {
                yield return $"{option.Name} goes without --url: it is about the generator's own server.";
            }
        }

        if (given.GetValue(Pin) && !Cores.ArePinned)
        {
            yield return $"{Pin.Name} takes a Linux machine with two cores and taskset (Debian: apt-get install util-linux).";
        }

        if (given.GetValue(WithReference) && given.GetValue(Knee))
        {
            yield return $"{WithReference.Name} goes without {Knee.Name}: a search for the knee judges no latencies.";
        }

        if (Sound(given, Connections) is { } connections && Sound(given, Clients) is { } clients && connections < clients)
        {
            yield return $"--connections {connections} are not one for each of --clients {clients}.";
        }

        string? fault = null;
        try
        {
            Scenario read = ScenarioFiles.Read(given.GetValue(ScenarioName)!);
            double seconds = Sound(given, Seconds) ?? read.Seconds;
            fault = read.Curve[^1].Second > seconds ? string.Create(CultureInfo.InvariantCulture, $"--seconds {seconds}: the curve of '{read.Name}' takes {read.Curve[^1].Second}.") : null;
        }
        catch (LoadFailureException failure)
        {
            fault = failure.Message;
        }

        if (fault is not null)
        {
            yield return fault;
        }
    }

    private static T? Sound<T>(CommandResult given, Option<T> option)
        where T : struct => given.GetResult(option) is { } result && !result.Errors.Any() ? given.GetValue(option) : null;

    private static double? Sound(CommandResult given, Option<double?> option) => given.GetResult(option) is { } result && !result.Errors.Any() ? given.GetValue(option) : null;

    private static async Task<int> RunAsync(ParseResult parsed, TextWriter output, TextWriter error, CancellationToken stop)
    {
        RunOptions options = OptionsOf(parsed);
        Baseline? baseline = parsed.GetValue(BaselineFile) is { } file ? Baseline.Read(file, options.Scenario.Name) : null;
        TerminalMeter meter = new(error, ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected);
        RunResult result = await new LoadRun(options, meter).RunAsync(stop);
        var verdict = Verdict.Of(result);
        IReadOnlyList<Comparison> comparisons = [.. baseline?.With(result) ?? []];
        new TextReport(output).Write(result, verdict, comparisons);
        string folder = parsed.GetValue(Out) ?? Path.Combine(ResultsFolder, $"{options.Scenario.Name}-{options.Run}");
        ReportFolder.Write(folder, result, verdict, comparisons);
        await output.WriteLineAsync($"The report is {Path.Combine(folder, "report.html")}");
        return result.Partial is not null ? ExitCodes.Partial : verdict.Held && result.Saturated is null ? ExitCodes.Done : ExitCodes.NotHeld;
    }

    private static RunOptions OptionsOf(ParseResult parsed)
    {
        Scenario read = ScenarioFiles.Read(parsed.GetValue(ScenarioName)!);
        return new RunOptions
        {
            Scenario = read with
            {
                Rate = parsed.GetValue(Rate) ?? read.Rate,
                Seconds = parsed.GetValue(Seconds) ?? read.Seconds,
                Warmup = parsed.GetValue(Warmup) ?? read.Warmup,
            },
            Url = parsed.GetValue(Url)?.TrimEnd('/'),
            Key = parsed.GetValue(Key),
            World = parsed.GetValue(World),
            Process = parsed.GetValue(ServerProcessId),
            Seed = parsed.GetValue(Seed),
            Clients = parsed.GetValue(Clients),
            Connections = parsed.GetValue(Connections),
            Timeout = parsed.GetValue(Timeout),
            Knee = parsed.GetValue(Knee),
            Pinned = parsed.GetValue(Pin),
            Reference = parsed.GetValue(WithReference),
            Run = RunIdOf(DateTimeOffset.UtcNow),
        };
    }

    /// <summary>An id that no other run has: the second in which it begins.</summary>
    private static string RunIdOf(DateTimeOffset now) => "ld" + now.ToUnixTimeSeconds().ToString("x", CultureInfo.InvariantCulture);
}
