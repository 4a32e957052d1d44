using System.CommandLine;
using Decisioning.Load.Checks;
using Decisioning.Load.Compare;
using Decisioning.Load.Running;
using Decisioning.Load.World;

namespace Decisioning.Load;

/// <summary>The command line: says every fault of usage at once, runs the command, turns its failures into exit codes.</summary>
internal static class LoadProgram
{
    /// <summary>Runs the program.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="output">For results alone.</param>
    /// <param name="error">For everything else.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken stop)
    {
        RootCommand root = new("Loads a Decisioning server, open loop, and says truly how it did.")
        {
            WorldCommand.Create(output, error), CompareCommand.Create(output, error), ClientCommand(),
        };
        RunCommand.Fill(root, output, error);
        ParseResult parsed = root.Parse(args);
        List<string> faults = FaultsOf(parsed, root);
        if (faults.Count > 0)
        {
            faults.ForEach(error.WriteLine);
            await error.WriteLineAsync("Try --help.");
            return ExitCodes.BadUsage;
        }

        try
        {
            InvocationConfiguration invocation = new() { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(invocation, stop);
        }
        catch (LoadFailureException failure)
        {
            await error.WriteLineAsync(failure.Message);
            return ExitCodes.BadUsage;
        }
    }

    private static List<string> FaultsOf(ParseResult parsed, RootCommand root)
    {
        // Who asks for help or the version is helped.
        bool runs = parsed.CommandResult.Command == root && (parsed.Errors.Count > 0 || parsed.Action is System.CommandLine.Invocation.AsynchronousCommandLineAction);
        IEnumerable<string> found = parsed.Errors.Select(e => e.Message);
        return [.. (runs ? found.Concat(RunCommand.FaultsOf(parsed.CommandResult)) : found).Distinct(StringComparer.Ordinal)];
    }

    private static Command ClientCommand()
    {
        Command command = new(ClientProcess.Command, "A client process of a run.") { Hidden = true };
        command.SetAction((_, _) => ClientProcess.RunAsync(Console.In, Console.Out, ChecksOf));
        return command;
    }

    private static AnswerChecks ChecksOf(LoadPlan plan) => new(plan.Ids, plan.Scenario.World.Brands, new WorldTarget(new Uri(plan.Url), plan.Key), plan.Seed);
}
