using System.Diagnostics;

namespace Decisioning.Server.Tests;

/// <summary>The page's pure functions, tested where they run: by node's own test runner, which building the page needs too.</summary>
public sealed class PageScriptTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static TheoryData<string> Files() =>
        [.. Directory.GetFiles(Folder, "*.test.mjs").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private static string Folder { get; } = FindFolder();

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Its_tests_pass(string file)
    {
        using Process node = Process.Start(new ProcessStartInfo("node", ["--test", "--test-reporter=tap", Path.Combine(Folder, file)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        Task<string> told = node.StandardOutput.ReadToEndAsync(patience.Token), faults = node.StandardError.ReadToEndAsync(patience.Token);
        await node.WaitForExitAsync(patience.Token);
        Assert.True(node.ExitCode == 0, $"{await told}{await faults}");
        Assert.Matches(@"(?m)^# pass [1-9]", await told);
    }

    private static string FindFolder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Decisioning.sln")))
            {
                return Path.Combine(folder.FullName, "tests", "Decisioning.Server.Tests", "Page");
            }
        }

        throw new InvalidOperationException("The tests must run below the solution's folder.");
    }
}
