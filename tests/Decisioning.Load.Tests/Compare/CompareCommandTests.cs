using System.Diagnostics;

namespace Decisioning.Load.Tests.Compare;

/// <summary>The command as it is called, in a process of its own: it pins itself to a core.</summary>
public sealed class CompareCommandTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_short_comparison_ends_with_the_ratios_and_without_a_failure()
    {
        Contenders.RequireRedis();
        (int code, string output, string error) = await RunAsync("compare", "--rounds", "1", "--seconds", "0.2", "--connections", "8", "--rate", "50");
        Assert.True(code == ExitCodes.Done, error + output);
        Assert.Matches(@"(?m)^ +bare endpoint +bare, batch +Redis way +engine$", output);
        Assert.Matches(@"(?m)^requests that failed +0 +0 +0 +0$", output);
        Assert.Matches(@"(?m)^replies with a decision, % +100\.0 +100\.0 +100\.0 +100\.0$", output);
        Assert.Matches(@"(?m)^throughput +\d+\.\d\d +\d+\.\d\d +\d+\.\d\d$", output);
    }

    [Fact]
    public async Task Bad_usage_is_told_with_every_fault()
    {
        (int code, _, string error) = await RunAsync("compare", "--rounds", "0", "--seconds", "never", "--rate", "-1", "--connections", "5000");
        Assert.Equal(ExitCodes.BadUsage, code);
        Assert.Contains("--rounds '0' is not from 1 to 1000.", error, StringComparison.Ordinal);
        Assert.Contains("--seconds", error, StringComparison.Ordinal);
        Assert.Contains("--rate", error, StringComparison.Ordinal);
        Assert.Contains("--connections '5000' is not from 1 to 1000.", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "decisioning-load.dll");
        ProcessStartInfo start = new("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(Stop), error = process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, await output, await error);
    }
}
