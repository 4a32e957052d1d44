using Decisioning.Load.Running;

namespace Decisioning.Load.Compare;

/// <summary>The Redis way's own program beside this one, with the packages that its lock file names.</summary>
internal static class RedisWayFolder
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(100);

    /// <summary>The folder, its packages installed: once for each lock file, by one process at a time.</summary>
    /// <exception cref="LoadFailureException">npm fails; the message has what it said.</exception>
    public static async Task<string> PrepareAsync(CancellationToken stop)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "redis-way");
        await using FileStream alone = await EnterAsync(Path.Combine(folder, "install.lock"), stop);

        // npm writes the first of these last.
        string installed = Path.Combine(folder, "node_modules", ".package-lock.json"), wanted = Path.Combine(folder, "package-lock.json");
        if (!File.Exists(installed) || File.GetLastWriteTimeUtc(installed) < File.GetLastWriteTimeUtc(wanted))
        {
            await Programs.RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], folder, stop);
            File.SetLastWriteTimeUtc(installed, DateTime.UtcNow);
        }

        return folder;
    }

    private static async Task<FileStream> EnterAsync(string path, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(AskAgain, stop);
            }
        }
    }
}
