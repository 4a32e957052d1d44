using System.Globalization;

namespace Decisioning.Crash;

/// <summary>The command line: <c>--rounds N --seed S [--verify-every N] [--server DLL] [--data DIR]</c>.</summary>
internal static class CrashProgram
{
    public static async Task<int> RunAsync(string[] args)
    {
        CrashOptions options;
        try
        {
            options = Parse(args);
        }
        catch (FormatException bad)
        {
            await Console.Error.WriteLineAsync(bad.Message);
            return 2;
        }

        try
        {
            CrashResult result = await CrashRun.RunAsync(options, Console.Out, CancellationToken.None);
            await Console.Out.WriteLineAsync(result.ToString());
            return 0;
        }
        catch (CrashFailureException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
    }

    private static CrashOptions Parse(string[] args)
    {
        var options = new CrashOptions();
        for (int i = 0; i < args.Length; i += 2)
        {
            string value = i + 1 < args.Length ? args[i + 1] : throw new FormatException($"{args[i]} needs a value.");
            options = args[i] switch
            {
                "--rounds" => options with { Rounds = Number(args[i], value) },
                "--seed" => options with { Seed = Number(args[i], value) },
                "--verify-every" => options with { VerifyEvery = Math.Max(1, Number(args[i], value)) },
                "--server" => options with { Server = value },
                "--data" => options with { DataFolder = value },
                _ => throw new FormatException($"{args[i]} is none of --rounds, --seed, --verify-every, --server, --data."),
            };
        }

        return options;
    }

    private static int Number(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw new FormatException($"{name} '{value}' is no whole number.");
}
