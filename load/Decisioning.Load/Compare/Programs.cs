using System.Diagnostics;
using System.Globalization;

namespace Decisioning.Load.Compare;

/// <summary>The programs that the comparison starts, found on the search path, and what to do about those that are not there.</summary>
internal static class Programs
{
    private const int LeastNode = 20;

    /// <summary>What the machine lacks for the Redis way, a sentence each with how to get it; empty where nothing is missing.</summary>
    public static IReadOnlyList<string> MissingForRedis()
    {
        List<string> missing = [];
        if (Find("redis-server") is null)
        {
            missing.Add("There is no redis-server on this machine: install it (Debian: apt-get install redis-server).");
        }

        if (Find("npm") is null || NodeVersion() is not { } major || major < LeastNode)
        {
            missing.Add($"There is no Node.js {LeastNode} or newer with its npm on this machine: install them (Debian: apt-get install nodejs npm).");
        }

        return missing;
    }

    /// <summary>Where a program is on the search path; null: nowhere.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="LoadFailureException">It fails; the message has what it said.</exception>
    public static async Task RunAsync(string program, IEnumerable<string> arguments, string folder, CancellationToken stop)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(stop), error = process.StandardError.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        if (process.ExitCode != 0)
        {
            throw new LoadFailureException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await output}{await error}");
        }
    }

    private static int? NodeVersion()
    {
        if (Find("node") is not { } node)
        {
            return null;
        }

        using Process process = Process.Start(new ProcessStartInfo(node, "--version") { RedirectStandardOutput = true })!;
        string version = process.StandardOutput.ReadToEnd().TrimStart('v');
        process.WaitForExit();
        return int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major) ? major : null;
    }
}
