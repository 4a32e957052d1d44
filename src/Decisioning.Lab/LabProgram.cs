using System.CommandLine;
using Decisioning.Engine.Storage;
using Decisioning.Lab.Commands;
using Decisioning.Lab.Reports;
using Decisioning.Lab.Streams;

namespace Decisioning.Lab;

/// <summary>The command line: says every fault of usage at once, runs the command, turns its failures into exit codes.</summary>
public static class LabProgram
{
    /// <summary>Runs the program.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="output">For results alone.</param>
    /// <param name="error">For everything else.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken stop)
    {
        var console = new LabConsole(output, error);
        RootCommand root = new("The lab: replays, checks and exports what the engine records.")
        {
            ReplayCommand.Create(console),
            VerifyCommand.Create(console),
            ExportCommand.Create(console),
        };
        ParseResult parsed = root.Parse(args);
        List<string> faults = FaultsOf(parsed);
        if (faults.Count == 0)
        {
            return await InvokeAsync(parsed, output, error, stop);
        }

        faults.ForEach(error.WriteLine);
        error.WriteLine("Try --help.");
        return ExitCodes.BadUsage;
    }

    private static List<string> FaultsOf(ParseResult parsed)
    {
        // Who asks for help or the version is helped.
        if (parsed.Action is not null and not System.CommandLine.Invocation.AsynchronousCommandLineAction && parsed.Errors.Count == 0)
        {
            return [];
        }

        IEnumerable<string> found = parsed.Errors.Select(e => e.Message);
        return [.. (parsed.CommandResult.Command is LabCommand command ? found.Concat(command.FaultsOf(parsed.CommandResult)) : found).Distinct(StringComparer.Ordinal)];
    }

    private static async Task<int> InvokeAsync(ParseResult parsed, TextWriter output, TextWriter error, CancellationToken stop)
    {
        try
        {
            var invocation = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(invocation, stop);
        }
        catch (BadDataException bad)
        {
            bad.WriteTo(error);
            return ExitCodes.BadData;
        }
        catch (Exception failure) when (failure is LabFailureException or StorageException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine(failure.Message);
            return ExitCodes.BadData;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            error.WriteLine("Stopped.");
            return ExitCodes.BadData;
        }
    }
}
