using System.Globalization;
using Decisioning.Crash;

namespace Decisioning.Faults;

/// <summary>
/// The command line: <c>[--faults kill,pause,restart,crash,roll] [--lead SECONDS] [--after SECONDS] [--workers N] [--seed N] [--silo DLL]</c>. Three silos over a
/// PostgreSQL of their own are put under load and disturbed; whatever was acknowledged has to be there afterwards, once.
/// </summary>
internal static class FaultsProgram
{
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        FaultOptions options;
        try
        {
            options = Parse(args);
        }
        catch (FormatException bad)
        {
            await error.WriteLineAsync(bad.Message);
            return 2;
        }

        try
        {
            await FaultRun.RunAsync(options, output, CancellationToken.None);
            return 0;
        }
        catch (CrashFailureException failure)
        {
            await error.WriteLineAsync(failure.Message);
            return 1;
        }
    }

    private static FaultOptions Parse(string[] args)
    {
        FaultOptions options = new();
        for (int i = 0; i < args.Length; i += 2)
        {
            string value = i + 1 < args.Length ? args[i + 1] : throw new FormatException($"{args[i]} needs a value.");
            options = args[i] switch
            {
                "--faults" => options with { Faults = [.. value.Split(',').Select(Fault)] },
                "--lead" => options with { Lead = TimeSpan.FromSeconds(Number(args[i], value)) },
                "--after" => options with { After = TimeSpan.FromSeconds(Number(args[i], value)) },
                "--workers" => options with { Workers = Number(args[i], value) },
                "--seed" => options with { Seed = Number(args[i], value) },
                "--silo" => options with { Silo = value },
                _ => throw new FormatException($"{args[i]} is none of --faults, --lead, --after, --workers, --seed, --silo."),
            };
        }

        return options;
    }

    private static Fault Fault(string name) => name switch
    {
        "kill" => Faults.Fault.Kill,
        "pause" => Faults.Fault.Pause,
        "restart" => Faults.Fault.RestartDatabase,
        "crash" => Faults.Fault.CrashDatabase,
        "roll" => Faults.Fault.Roll,
        _ => throw new FormatException($"{name} is none of kill, pause, restart, crash, roll."),
    };

    private static int Number(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw new FormatException($"{name} '{value}' is no whole number above 0.");
}
