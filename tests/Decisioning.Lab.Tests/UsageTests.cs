using Decisioning.Lab.Tests.Support;

namespace Decisioning.Lab.Tests;

public sealed class UsageTests
{
    [Fact]
    public async Task Every_fault_of_usage_is_named_at_once()
    {
        LabCall call = await LabCall.RunAsync(
            "replay", "--events", "/nowhere/at/all", "--format", "xml", "--brand", "A!", "--speed", "-1", "--shift", "then", "--key", "k", "--catalogue", "/nowhere/else");

        Assert.Equal(ExitCodes.BadUsage, call.Code);
        Assert.Empty(call.Output);
        string[] named = ["one of --url and --embedded", "--format 'xml'", "--brand 'A!'", "--speed '-1'", "--shift 'then'", "--key goes", "/nowhere/at/all", "/nowhere/else"];
        Assert.All(named, n => Assert.Contains(n, call.Error));
    }

    [Theory]
    [InlineData("replay", new[] { "--events", "--format", "--brand", "--embedded" })]
    [InlineData("verify", new[] { "--data" })]
    [InlineData("export", new[] { "--data", "--what", "--out" })]
    public async Task Options_that_are_missing_are_all_named(string command, string[] options)
    {
        LabCall call = await LabCall.RunAsync(command);

        Assert.Equal(ExitCodes.BadUsage, call.Code);
        Assert.All(options, o => Assert.Contains(o, call.Error));
    }

    [Theory]
    [InlineData("--url", "ftp://x", "--url 'ftp://x'")]
    [InlineData("--speed", "NaN", "--speed 'NaN'")]
    public async Task Values_that_make_no_sense_are_refused(string option, string value, string named)
    {
        LabCall call = await LabCall.RunAsync("replay", "--events", "x", "--format", "taobao", "--brand", "b", option, value);

        Assert.Equal(ExitCodes.BadUsage, call.Code);
        Assert.Contains(named, call.Error);
    }

    [Fact]
    public async Task No_command_and_unknown_ones_are_bad_usage()
    {
        Assert.Equal(ExitCodes.BadUsage, (await LabCall.RunAsync()).Code);
        Assert.Equal(ExitCodes.BadUsage, (await LabCall.RunAsync("prophesy")).Code);
    }

    [Fact]
    public async Task Who_asks_for_help_gets_it()
    {
        LabCall call = await LabCall.RunAsync("replay", "--help");

        Assert.Equal(ExitCodes.Done, call.Code);
        Assert.Contains("--embedded", call.Output);
    }
}
