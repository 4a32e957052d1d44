using Decisioning.Load.Running;

namespace Decisioning.Load.Tests.Running;

public sealed class ServerProcessTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_that_ends_before_it_serves_is_told_with_what_it_said()
    {
        LoadFailureException fault = await Assert.ThrowsAsync<LoadFailureException>(
            () => ServerProcess.StartAsync(["sh", "-c", "echo no port is free >&2; exit 3"], ServerProcess.NoVariables, _ => false, Stop));
        Assert.Contains("ended before it served: no port is free", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_ends_with_its_input_or_at_the_signal_is_gone_when_it_is_disposed()
    {
        foreach (string program in new[] { "echo $0 ready $NAME; cat", "echo $0 ready $NAME; exec tail -f /dev/null" })
        {
            ServerProcess server = await ServerProcess.StartAsync(
                ["sh", "-c", program], new Dictionary<string, string> { ["NAME"] = "here" }, line => line.Contains("ready", StringComparison.Ordinal), Stop);
            Assert.Equal("sh ready here", server.ReadyLine);
            Assert.True(server.Cpu >= TimeSpan.Zero);
            await server.DisposeAsync();
            Assert.Throws<InvalidOperationException>(() => server.HasExited);
        }
    }

    [Fact]
    public void A_program_that_was_not_built_is_named() => Assert.Contains(
        "build Decisioning.Nothing first", Assert.Throws<LoadFailureException>(() => ServerProcess.Built("load/Decisioning.Nothing")).Message, StringComparison.Ordinal);
}
