using System.Diagnostics;
using System.Text.Json;

namespace Decisioning.Load.Running;

/// <summary>The lab's <c>verify</c>: recounts the folder of a server that has ended from its journal, by brute force.</summary>
internal static class FolderRecount
{
    private const string Lab = "decisioning-lab";

    /// <summary>Recounts.</summary>
    /// <param name="folder">No server runs on it.</param>
    /// <param name="acknowledged">How many events the server said it had taken: the journal must have as many, and those of trackers beside.</param>
    /// <exception cref="LoadFailureException">The lab was not built, or could not recount.</exception>
    public static async Task<CheckResult> RunAsync(string folder, long acknowledged, CancellationToken stop)
    {
        ProcessStartInfo start = new("dotnet", [ServerProcess.Built("src/Decisioning.Lab", Lab), "verify", "--data", folder, "--json"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        await using CancellationTokenRegistration stopping = stop.Register(process.Kill);
        Task<string> output = process.StandardOutput.ReadToEndAsync(stop), error = process.StandardError.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        string told = await output, faults = await error;
        return told.Length == 0 ? throw new LoadFailureException($"{Lab} verify ended with {process.ExitCode}: {faults}") : ResultOf(told, faults, acknowledged);
    }

    /// <summary>Reads what <c>verify</c> said.</summary>
    /// <param name="told">Its JSON.</param>
    /// <param name="faults">Its mismatches, a line each.</param>
    /// <param name="acknowledged">As many events must be there.</param>
    public static CheckResult ResultOf(string told, string faults, long acknowledged)
    {
        using JsonDocument report = JsonDocument.Parse(told);
        long events = report.RootElement.GetProperty("events").GetInt64();
        long missing = Math.Max(0, acknowledged - events);
        List<string> examples = [.. faults.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(CheckResult.MostExamples)];
        if (missing > 0)
        {
            examples.Insert(0, $"The journal has {events} events of {acknowledged} that were acknowledged.");
        }

        return new CheckResult("verify: the journal recounted by brute force", report.RootElement.GetProperty("consumers").GetInt64(), report.RootElement.GetProperty("mismatches").GetInt64() + missing, examples);
    }
}
