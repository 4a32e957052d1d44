using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Decisioning.Server.Options;
using Microsoft.Extensions.Configuration;

namespace Decisioning.Server.Tests;

public class KeysCommandTests
{
    private static readonly HostProgram NoHost = HostProgram.Plain((_, _) => throw new InvalidOperationException("No host is needed."));

    [Fact]
    public async Task A_key_is_shown_once_and_its_entry_admits_it()
    {
        StringWriter output = new();
        int exit = await ServerProgram.RunAsync(
            ["keys", "new", "--roles", "decide,ingest", "--brands", "aurora", "--origins", "https://shop.example"],
            NoHost, output, TextWriter.Null, CancellationToken.None);
        Assert.Equal(0, exit);
        string text = output.ToString();
        string key = Assert.Single(text.Split('\n'), l => l.StartsWith("  dk_", StringComparison.Ordinal)).Trim();
        string entry = text[text.IndexOf('{')..];
        Assert.DoesNotContain(key, entry, StringComparison.Ordinal);

        string file = $$"""{ "Keys": [ {{entry}} ] }""";
        IConfiguration configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(file))).Build();
        ServerOptions options = OptionsReader.Read(CommandLine.Parse([]), configuration, NoHost, out _, out _)!;
        KeyEntry read = Assert.Single(options.Keys);
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(key)), read.Hash);
        Assert.Equal(["aurora"], read.Brands);
        Assert.Equal(["https://shop.example"], read.Origins);
        Assert.Equal(["decide", "ingest"], JsonDocument.Parse(entry).RootElement.GetProperty("Roles").EnumerateArray().Select(r => r.GetString()));
    }

    [Theory]
    [InlineData("the only command is \"keys new\"", "keys")]
    [InlineData("the only command is \"keys new\"", "keys", "list")]
    [InlineData("--roles is missing.", "keys", "new", "--brands", "all")]
    [InlineData("--brands is missing.", "keys", "new", "--roles", "decide")]
    [InlineData("boss is not a role", "keys", "new", "--roles", "decide,boss", "--brands", "all")]
    [InlineData("--roles needs a value.", "keys", "new", "--roles")]
    [InlineData("--roles is given twice.", "keys", "new", "--roles", "decide", "--roles", "ingest", "--brands", "all")]
    [InlineData("--colour is not an option of keys new", "keys", "new", "--colour", "blue", "--roles", "decide", "--brands", "all")]
    [InlineData("shop is not an origin", "keys", "new", "--roles", "decide", "--brands", "all", "--origins", "shop")]
    public async Task A_wrong_command_makes_no_key_and_says_why(string fault, params string[] args)
    {
        StringWriter output = new();
        StringWriter error = new();
        Assert.Equal(2, await ServerProgram.RunAsync(args, NoHost, output, error, CancellationToken.None));
        Assert.Contains(fault, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(output.ToString());
    }
}
