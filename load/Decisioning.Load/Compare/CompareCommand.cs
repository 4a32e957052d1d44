using System.CommandLine;
using Decisioning.Load.Scenarios;

namespace Decisioning.Load.Compare;

/// <summary><c>compare</c>: a scenario's decisions against an endpoint that decides nothing, and against the usual way with Redis.</summary>
internal static class CompareCommand
{
    private static readonly Option<string> Name = new("--scenario")
    {
        Description = "A scenario's name or file: its world, visitors and decisions.",
        HelpName = "NAME|FILE",
        DefaultValueFactory = _ => "pages",
    };

    private static readonly Option<int> Rounds = new("--rounds") { Description = "How often each is measured.", HelpName = "N", DefaultValueFactory = _ => 20 };
    private static readonly Option<double> Seconds = new("--seconds") { Description = "How long a round is.", HelpName = "N", DefaultValueFactory = _ => 2 };

    private static readonly Option<double?> Rate =
        new("--rate") { Description = "Decisions a second of the open loop; without it half of what the slowest can answer.", HelpName = "R" };

    private static readonly Option<int> Connections = new("--connections") { Description = "To each.", HelpName = "N", DefaultValueFactory = _ => 64 };
    private static readonly Option<int> Seed = new("--seed") { Description = "Of visitors and histories.", HelpName = "N", DefaultValueFactory = _ => 1 };
    private static readonly Option<bool> Json = new("--json") { Description = "One JSON object on one line instead of the table." };

    static CompareCommand()
    {
        Rounds.Within(1, 1_000);
        Seconds.Within(0.1, 600);
        Connections.Within(1, 1_000);
        Seed.Within(0, 1_000_000);
        Rate.Within(1, 1_000_000);
    }

    /// <param name="output">The table, or its JSON.</param>
    /// <param name="error">How far it is.</param>
    public static Command Create(TextWriter output, TextWriter error)
    {
        Command command = new("compare", "Compares the engine with an endpoint that decides nothing and with Node.js and Redis, all started here.")
        {
            Name, Rounds, Seconds, Rate, Connections, Seed, Json,
        };
        command.SetAction(async (parsed, stop) =>
        {
            CompareOptions options = new()
            {
                Scenario = ScenarioFiles.Read(parsed.GetRequiredValue(Name)),
                Rounds = parsed.GetValue(Rounds),
                Seconds = parsed.GetValue(Seconds),
                Rate = parsed.GetValue(Rate),
                Connections = parsed.GetValue(Connections),
                Seed = parsed.GetValue(Seed),
            };
            Comparison result = await new CompareRun(options, error).RunAsync(stop);
            await output.WriteAsync(parsed.GetValue(Json) ? ComparisonJson.Of(result) + Environment.NewLine : ComparisonTable.Of(result));
            return result.Bare.FailedInAll + result.Redis.FailedInAll + result.Engine.FailedInAll == 0 ? ExitCodes.Done : ExitCodes.NotHeld;
        });
        return command;
    }
}
