namespace Decisioning.Crash;

public sealed class CrashTests(ITestOutputHelper output)
{
    /// <summary>A few rounds; <c>dotnet run --project tests/Decisioning.Crash -c Release -- --rounds 200 --seed 1</c> runs many.</summary>
    [Fact]
    public async Task What_was_acknowledged_survives_kill_9_and_counts_once()
    {
        using StringWriter log = new();
        try
        {
            CrashResult result = await CrashRun.RunAsync(new CrashOptions { Rounds = 3, Seed = 20261122, VerifyEvery = 2 }, log, TestContext.Current.CancellationToken);
            Assert.True(result.Events > 0 && result.Decisions > 0 && result.Trackers > 0, result.ToString());
        }
        finally
        {
            output.WriteLine(log.ToString());
        }
    }
}
