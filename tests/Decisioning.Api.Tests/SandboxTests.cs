using Decisioning.Api.Tests.Support;
using Decisioning.Api.Tokens;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;

namespace Decisioning.Api.Tests;

public class SandboxTests
{
    [Fact]
    public async Task Its_clock_is_read_and_moved()
    {
        await using TestApi api = await TestApi.StartAsync();
        Assert.Equal("""{"now":"2026-11-10T20:15:00.000Z"}""", (await api.GetAsync("/v1/sandbox/clock")).Text);
        Assert.Equal("""{"now":"2026-11-13T20:15:00.000Z"}""", (await api.PostAsync("/v1/sandbox/clock", """{"advance":"3d"}""")).Text);
        Assert.Equal(ScriptedHost.Start, api.Host.Now);
    }

    [Theory]
    [InlineData("{}", "/advance missing")]
    [InlineData("""{"advance":null}""", "/advance missing")]
    [InlineData("[]", " wrong_type")]
    [InlineData("""{"advance":3}""", "/advance wrong_type")]
    [InlineData("""{"advance":"-3d"}""", "/advance bad_format")]
    [InlineData("""{"advance":"0d"}""", "/advance bad_format")]
    [InlineData("""{"advance":"9999d"}""", "/advance bad_format")]
    public async Task It_does_not_move_by_anything_else(string body, string fault)
    {
        await using TestApi api = await TestApi.StartAsync();
        Assert.Equal([fault], (await api.PostAsync("/v1/sandbox/clock", body)).Faults);
        Assert.Equal(ScriptedHost.Start, api.Sandbox.Host.Now);
    }

    [Fact]
    public async Task Decisions_events_and_consumers_are_its_own()
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Sandbox.Host.Consumer = new ConsumerView("c-42", []);
        api.Sandbox.Host.Receipt = new ErasureReceipt("c-42", 0, [], 0);
        TestAnswer decided = await api.PostAsync("/v1/sandbox/decisions", Bodies.Decide.Insert(1, $"\"tmaxMs\":7,\"events\":[{Bodies.Event}],"));
        await api.PostAsync("/v1/sandbox/events", Bodies.Events(Bodies.Event));
        Assert.Equal(200, (int)(await api.GetAsync("/v1/sandbox/consumers/c-42")).Status);
        Assert.Equal(200, (int)(await api.SendAsync("DELETE", "/v1/sandbox/consumers/c-42", null)).Status);
        Assert.Equal("consumer.unknown", (await api.GetAsync("/v1/consumers/c-42")).Code);

        Assert.Equal(ScriptedHost.Start + 7, Assert.Single(api.Sandbox.Host.Decided).Deadline);
        Assert.Single(api.Sandbox.Host.Recorded);
        Assert.True(api.Host.IsUntouched);
        string token = decided.Json.GetProperty("placements")[0].GetProperty("decisions")[0].GetProperty("decisionId").GetString()!;
        Assert.True(api.Tokens.TryOpen(System.Text.Encoding.ASCII.GetBytes(token), out _, out TokenRealm realm));
        Assert.Equal(TokenRealm.Sandbox, realm);
    }
}
