using System.Diagnostics;
using System.Globalization;
using Decisioning.Load.Running;

namespace Decisioning.Load.Compare;

/// <summary>The programs that the comparison with the Redis way starts, and what to do about those that are not there.</summary>
internal static class RedisPrograms
{
    private const int LeastNode = 20;

    /// <summary>What the machine lacks for the Redis way, a sentence each with how to get it; empty where nothing is missing.</summary>
    public static IReadOnlyList<string> Missing()
    {
        List<string> missing = [];
        if (Programs.Find("redis-server") is null)
        {
            missing.Add("There is no redis-server on this machine: install it (Debian: apt-get install redis-server).");
        }

        if (Programs.Find("npm") is null || NodeVersion() is not { } major || major < LeastNode)
        {
            missing.Add($"There is no Node.js {LeastNode} or newer with its npm on this machine: install them (Debian: apt-get install nodejs npm).");
        }

        return missing;
    }

    private static int? NodeVersion()
    {
        if (Programs.Find("node") is not { } node)
        {
            return null;
        }

        using Process process = Process.Start(new ProcessStartInfo(node, "--version") { RedirectStandardOutput = true })!;
        string version = process.StandardOutput.ReadToEnd().TrimStart('v');
        process.WaitForExit();
        return int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major) ? major : null;
    }
}
