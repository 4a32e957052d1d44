using Decisioning.Api.Access;
using Decisioning.Server.Options;
using Microsoft.Extensions.Configuration;

namespace Decisioning.Server.Tests;

public class OptionsTests
{
    private static readonly HostProgram Plain = HostProgram.Plain((_, _) => throw new InvalidOperationException("Nothing is opened."));

    private const string Hash = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    [Fact]
    public void Without_anything_said_it_listens_on_loopback_and_has_a_folder_of_its_own()
    {
        ServerOptions options = Read([])!;
        Assert.Equal(ServerOptions.DefaultUrl, Assert.Single(options.Urls).ToString());
        Assert.True(Path.IsPathFullyQualified(options.DataFolder));
        Assert.EndsWith("decisioning", options.DataFolder, StringComparison.Ordinal);
        Assert.True(options.Demo);
        Assert.Null(options.PublicUrl);
        Assert.Null(options.Traffic);
        Assert.Empty(options.Keys);
        Assert.Equal(LimitOptions.Default, options.Limits);
        Assert.True(options.BatchThreads);
        Assert.False(Read([], ("BatchThreads", "false"))!.BatchThreads);
    }

    [Fact]
    public void The_command_line_wins_over_the_configuration()
    {
        Assert.Equal(TimeSpan.FromMinutes(1), Read(["--traffic", "60"])!.Traffic);
        ServerOptions options = Read(
            ["--urls", "http://localhost:1;http://[::1]:2", "--data=here", "--no-demo", "--public-url", "https://ads.example/x/"],
            ("Urls", "http://127.0.0.1:9"), ("Data", "/there"), ("Demo", "true"), ("PublicUrl", "https://other.example"))!;
        Assert.Equal(["http://localhost:1", "http://[::1]:2"], options.Urls.Select(u => u.ToString()));
        Assert.Equal(Path.GetFullPath("here"), options.DataFolder);
        Assert.False(options.Demo);
        Assert.Equal("https://ads.example/x", options.PublicUrl);
    }

    [Fact]
    public void Keys_hosts_origins_and_limits_come_from_the_configuration()
    {
        ServerOptions options = Read(
            [], ("Hosts:0", "ads.example"), ("Hosts:1", "[fe80::1]"), ("Origins", "https://a.example, http://b.example:81"),
                ("Limits:RequestsPerSecond", "7"), ("Limits:Burst", "8"),
            ("Keys:0:Id", "k-1"), ("Keys:0:Hash", Hash), ("Keys:0:Roles:0", "decide"), ("Keys:0:Roles:1", "ingest"), ("Keys:0:Brands:0", "aurora"),
            ("Keys:0:Origins:0", "https://c.example"), ("Keys:0:Burst", "9"),
            ("Keys:1:Id", "k-2"), ("Keys:1:Hash", Hash.Replace('0', '1')), ("Keys:1:Roles", "admin,watch"), ("Keys:1:Brands", "all"))!;
        Assert.Equal(["ads.example", "[fe80::1]"], options.Hosts);
        Assert.Equal(["https://a.example", "http://b.example:81"], options.Origins);
        KeyEntry first = options.Keys[0];
        Assert.Equal(("k-1", Roles.Decide | Roles.Ingest, 7, 9), (first.Id, first.Roles, first.RequestsPerSecond, first.Burst));
        Assert.Equal(Hash, Convert.ToHexStringLower(first.Hash));
        Assert.Equal(["aurora"], first.Brands);
        Assert.Equal(["https://c.example"], first.Origins);
        Assert.Null(options.Keys[1].Brands);
        Assert.Equal(Roles.Admin | Roles.Watch, options.Keys[1].Roles);
    }

    [Theory]
    [InlineData("--colour is not an option. The options are --urls, --data, --public-url, --traffic, --no-demo, --help.", "--colour", "blue")]
    [InlineData("blue is not an option", "blue")]
    [InlineData("--data needs a value.", "--data")]
    [InlineData("--data needs a value.", "--data=")]
    [InlineData("--data needs a value.", "--data", "--no-demo")]
    [InlineData("--no-demo takes no value.", "--no-demo=1")]
    [InlineData("--data is given twice.", "--data", "a", "--data", "b")]
    [InlineData("traffic: soon is not a whole number of seconds from 1 to 86400.", "--traffic", "soon")]
    [InlineData("traffic: 0 is not a whole number", "--traffic", "0")]
    [InlineData("traffic: 86401 is not a whole number", "--traffic=86401")]
    [InlineData("traffic: the crowd visits the demo brands", "--traffic", "60", "--no-demo")]
    [InlineData("ftp://x is not of the form http://HOST:PORT", "--urls", "ftp://x")]
    [InlineData("https://localhost:1 is not of the form", "--urls", "https://localhost:1")]
    [InlineData("http://localhost:1/x is not of the form", "--urls", "http://localhost:1/x")]
    [InlineData("there is no address to listen on", "--urls", ";")]
    [InlineData("public-url: nonsense is not", "--public-url", "nonsense")]
    [InlineData("public-url: https://a.example/?q is not", "--public-url", "https://a.example/?q")]
    [InlineData("data: a\0b is not a folder's path", "--data", "a\0b")]
    public void A_wrong_option_is_named(string fault, params string[] args)
    {
        Assert.Null(OptionsReader.Read(CommandLine.Parse(args), Configuration(), Plain, out _, out IReadOnlyList<string> faults));
        Assert.Contains(faults, f => f.Contains(fault, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("unknown entry Colour", "Colour", "blue")]
    [InlineData("Demo must be true or false", "Demo", "maybe")]
    [InlineData("BatchThreads must be true or false", "BatchThreads", "2")]
    [InlineData("Limits:Burst must be a whole number of 1 or more", "Limits:Burst", "0")]
    [InlineData("Limits:Speed is unknown", "Limits:Speed", "1")]
    [InlineData("Hosts: a.example:80 is not", "Hosts:0", "a.example:80")]
    [InlineData("Hosts: http://a is not", "Hosts:0", "http://a")]
    [InlineData("Origins: a.example is not an origin", "Origins:0", "a.example")]
    [InlineData("Origins: https://a.example/ is not an origin", "Origins:0", "https://a.example/")]
    [InlineData("Id must be of 1 to 64 characters", "Keys:0:Roles", "decide")]
    [InlineData("Hash must be the key's SHA-256", "Keys:0:Hash", "abc")]
    [InlineData("boss is not a role", "Keys:0:Roles", "boss")]
    [InlineData("Roles must name at least one", "Keys:0:Id", "k")]
    [InlineData("Brands must name brands, or all", "Keys:0:Id", "k")]
    [InlineData("Keys:0:Name is unknown", "Keys:0:Name", "k")]
    [InlineData("unknown entry Cluster", "Cluster:Join", "x")]
    [InlineData("Telemetry:Otlp: collector is not an address", "Telemetry:Otlp", "collector")]
    [InlineData("Telemetry:Protocol must be one of grpc, http, not udp", "Telemetry:Protocol", "udp")]
    [InlineData("Telemetry:TracedShare must be from 0 to 1, not 2", "Telemetry:TracedShare", "2")]
    [InlineData("Telemetry:EverySeconds must be a whole number", "Telemetry:EverySeconds", "0")]
    [InlineData("Telemetry:Speed is unknown", "Telemetry:Speed", "1")]
    public void A_wrong_setting_is_named(string fault, string name, string value)
    {
        Assert.Null(OptionsReader.Read(CommandLine.Parse([]), Configuration((name, value)), Plain, out _, out IReadOnlyList<string> faults));
        Assert.Contains(faults, f => f.Contains(fault, StringComparison.Ordinal));
    }

    [Fact]
    public void All_faults_are_named_at_once()
    {
        Assert.Null(OptionsReader.Read(
            CommandLine.Parse(["--colour", "--urls", "x", "--public-url", "y"]), Configuration(("Demo", "z"), ("Keys:0:Id", "")),
                Plain, out _, out IReadOnlyList<string> faults));
        Assert.Equal(8, faults.Count);
    }

    [Fact]
    public void Two_keys_cannot_have_one_id_or_one_hash()
    {
        (string, string)[] Entry(int i, string id, string hash) =>
            [($"Keys:{i}:Id", id), ($"Keys:{i}:Hash", hash), ($"Keys:{i}:Roles", "decide"), ($"Keys:{i}:Brands", "all")];
        Assert.Null(OptionsReader.Read(
            CommandLine.Parse([]), Configuration([.. Entry(0, "k", Hash), .. Entry(1, "k", Hash.ToUpperInvariant())]), Plain, out _, out IReadOnlyList<string> faults));
        Assert.Equal(["Keys: the id k is there twice.", "Keys: k and k have the same hash."], faults);
    }

    [Theory]
    [InlineData("http://0.0.0.0:5080")]
    [InlineData("http://*:5080")]
    [InlineData("http://+:5080")]
    [InlineData("http://[::]:5080")]
    [InlineData("http://192.168.1.5:5080")]
    [InlineData("http://ads.example:5080")]
    [InlineData("http://127.0.0.1:5080;http://0.0.0.0:5081")]
    public void Without_keys_no_other_machine_may_reach_it(string urls)
    {
        Assert.Null(OptionsReader.Read(CommandLine.Parse(["--urls", urls]), Configuration(), Plain, out _, out IReadOnlyList<string> faults));
        string fault = Assert.Single(faults);
        Assert.Contains("has no keys", fault, StringComparison.Ordinal);
        Assert.Contains("keys new", fault, StringComparison.Ordinal);
        Assert.NotNull(Read(["--urls", urls], ("Keys:0:Id", "k"), ("Keys:0:Hash", Hash), ("Keys:0:Roles", "decide"), ("Keys:0:Brands", "all")));
    }

    [Theory]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://127.9.9.9:1")]
    [InlineData("http://LOCALHOST:1")]
    [InlineData("http://[::1]:1")]
    public void Loopback_needs_no_keys(string url) => Assert.NotNull(Read(["--urls", url]));

    private static ServerOptions? Read(string[] args, params (string Name, string Value)[] settings)
    {
        ServerOptions? options = OptionsReader.Read(CommandLine.Parse(args), Configuration(settings), Plain, out _, out IReadOnlyList<string> faults);
        Assert.Empty(faults);
        return options;
    }

    private static IConfiguration Configuration(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Name, s => (string?)s.Value)).Build();

    [Fact]
    public void A_hosts_own_options_come_from_the_command_line_and_else_from_its_section()
    {
        HostSettings? read = null;
        HostProgram program = Plain with
        {
            Options = [new HostOption("--join", "Join", "TEXT", ""), new HostOption("--silo-port", "SiloPort", "PORT", "")],
            Prepare = (settings, faults) =>
            {
                read = settings;
                faults.Add("It is prepared before anything is opened.");
                return (_, _) => throw new InvalidOperationException("Opened.");
            },
        };
        CommandLine line = CommandLine.Parse(["--join", "near"], program.Options);
        IConfiguration configuration = Configuration(("Cluster:Join", "far"), ("Cluster:SiloPort", "7"), ("Cluster:Speed", "1"));
        Assert.Null(OptionsReader.Read(line, configuration, program, out OpenHost? open, out IReadOnlyList<string> faults));
        Assert.Null(open);
        Assert.Equal(["Cluster:Speed is unknown. The entries are Join, SiloPort.", "It is prepared before anything is opened."], faults);
        Assert.Equal(("near", "7", null), (read!["Join"], read["SiloPort"], read["Speed"]));
        Assert.Contains("  --silo-port PORT", CommandLine.Usage(program), StringComparison.Ordinal);
    }

    [Fact]
    public void Telemetry_goes_nowhere_unless_it_is_told_where()
    {
        Assert.Null(Read([])!.Telemetry);
        TelemetryOptions telemetry = Read([], ("Telemetry:Otlp", "http://collector:4318"), ("Telemetry:Protocol", "http"), ("Telemetry:TracedShare", "0.5"))!.Telemetry!;
        Assert.Equal(new TelemetryOptions(new Uri("http://collector:4318"), OverHttp: true, 0.5, 10), telemetry);
    }
}
