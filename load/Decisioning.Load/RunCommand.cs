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
    private static readonly Option<int> Connections = new("--connections") { Description = "Of all clients together.", HelpName = "N", DefaultValueFactory = _ => 128 };
    private static readonly Option<double> Timeout = new("--timeout") { Description = "Seconds after which a call is given up.", HelpName = "N", DefaultValueFactory = _ => 10 };
    private static readonly Option<string?> Out = new("--out") { Description = "A folder for result.json, report.html and the .hgrm files; one below load-results otherwise.", HelpName = "DIR" };
    private static readonly Option<string?> BaselineFile = new("--baseline") { Description = "The result.json of an earlier run, to compare with.", HelpName = "FILE" };
    private static readonly Option<bool> Knee = new("--knee") { Description = "Search the highest rate that is held." };

    /// <summary>Gives the command its options and its action.</summary>
    public static void Fill(RootCommand command, TextWriter output, TextWriter error)
    {
        foreach (Option option in (Option[])[ScenarioName, Rate, Seconds, Warmup, Seed, Url, Key, Clients, Connections, Timeout, Out, BaselineFile, Knee])
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, stop) => RunAsync(parsed, output, error, stop));
    }

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

    /// <exception cref="LoadFailureException">Something is not as it should be; every fault is named.</exception>
    private static RunOptions OptionsOf(ParseResult parsed)
    {
        List<string> faults =
        [
            .. Outside(parsed.GetValue(Rate), Rate.Name, 0.1, MostRate),
            .. Outside(parsed.GetValue(Seconds), Seconds.Name, 1, MostSeconds),
            .. Outside(parsed.GetValue(Warmup), Warmup.Name, 0, MostSeconds),
            .. Outside(parsed.GetValue(Clients), Clients.Name, 1, MostClients),
            .. Outside(parsed.GetValue(Connections), Connections.Name, 1, MostConnections),
            .. Outside(parsed.GetValue(Timeout), Timeout.Name, 0.1, MostSeconds),
        ];
        string? url = parsed.GetValue(Url);
        if (url is not null && TargetAddress.FaultOf(url) is { } fault)
        {
            faults.Add(fault);
        }

        if (url is null && parsed.GetValue(Key) is not null)
        {
            faults.Add("--key goes with --url alone.");
        }

        if (parsed.GetValue(Connections) < parsed.GetValue(Clients))
        {
            faults.Add($"--connections {parsed.GetValue(Connections)} are not one for each of --clients {parsed.GetValue(Clients)}.");
        }

        Scenario? scenario = ScenarioOf(parsed, faults);
        return faults.Count == 0 ? new RunOptions
        {
            Scenario = scenario!,
            Url = url?.TrimEnd('/'),
            Key = parsed.GetValue(Key),
            Seed = parsed.GetValue(Seed),
            Clients = parsed.GetValue(Clients),
            Connections = parsed.GetValue(Connections),
            Timeout = parsed.GetValue(Timeout),
            Knee = parsed.GetValue(Knee),
            Run = RunIdOf(DateTimeOffset.UtcNow),
        }
        : throw new LoadFailureException(string.Join(Environment.NewLine, faults));
    }

    private static Scenario? ScenarioOf(ParseResult parsed, List<string> faults)
    {
        try
        {
            Scenario read = ScenarioFiles.Read(parsed.GetValue(ScenarioName)!);
            Scenario asked = read with
            {
                Rate = parsed.GetValue(Rate) ?? read.Rate,
                Seconds = parsed.GetValue(Seconds) ?? read.Seconds,
                Warmup = parsed.GetValue(Warmup) ?? read.Warmup,
            };
            if (asked.Curve[^1].Second > asked.Seconds)
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"--seconds {asked.Seconds}: the curve of '{asked.Name}' takes {asked.Curve[^1].Second}."));
            }

            return asked;
        }
        catch (LoadFailureException fault)
        {
            faults.Add(fault.Message);
            return null;
        }
    }

    private static IEnumerable<string> Outside(double? value, string option, double from, double to) =>
        value is { } given && !(given >= from && given <= to) ? [string.Create(CultureInfo.InvariantCulture, $"{option} {given} is none from {from} to {to}.")] : [];

    /// <summary>An id that no other run has: the second in which it begins.</summary>
    private static string RunIdOf(DateTimeOffset now) => "ld" + now.ToUnixTimeSeconds().ToString("x", CultureInfo.InvariantCulture);
}
