using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Decisioning.House.Tests;

/// <summary>What cannot be run in a test is at least read: the deployment's files parse, and say of the code only what is so.</summary>
public sealed partial class DeployTests
{
    private const string Reference = "deploy/README.md";

    /// <summary>Where options are read.</summary>
    private static readonly string[] OptionSources =
    [
        "src/Decisioning.Server/Options/CommandLine.cs", "src/Decisioning.Server/Options/OptionsReader.cs", "src/Decisioning.Server/Options/TelemetryReader.cs",
        "src/Decisioning.Server/Options/KeyEntryReader.cs", "src/Decisioning.Silo/SiloOptions.cs",
    ];

    [Fact]
    public void The_reference_names_every_option_of_the_command_line()
    {
        string[] options = [.. OptionSources.SelectMany(file => LineOption().Matches(House.Text(file))).Select(m => m.Groups[1].Value).Distinct()];
        Assert.Contains("--silo-port", options);
        Assert.Contains("--traffic", options);
        Assert.DoesNotContain(options, option => !House.Text(Reference).Contains($"`{option}`", StringComparison.Ordinal));
    }

    [Fact]
    public void The_reference_names_every_entry_of_the_configuration()
    {
        string[] entries = [.. Entries()];
        Assert.Contains("Telemetry:Otlp", entries);
        Assert.Contains("Cluster:Join", entries);
        Assert.Contains("Limits:Burst", entries);
        Assert.DoesNotContain(entries, entry => !House.Text(Reference).Contains($"`{entry}`", StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_infrastructure_sets_is_an_entry_of_the_configuration()
    {
        HashSet<string> known = [.. Entries(), "Keys:Id", "Keys:Hash", "Keys:Roles", "Keys:Brands"];
        string[] files = [.. House.Files("deploy", "*.bicep"), "deploy/Dockerfile"];
        string[] set = [.. files.SelectMany(f => Variable().Matches(House.Text(f))).Select(m => IndexPart().Replace(m.Groups[1].Value, "").Replace("__", ":", StringComparison.Ordinal))];
        Assert.Contains("Cluster:Join", set);
        Assert.DoesNotContain(set, entry => !known.Contains(entry));
    }

    [Fact]
    public void Every_parameter_without_a_default_is_given()
    {
        using JsonDocument given = JsonDocument.Parse(House.Text("deploy/infra/main.parameters.json"));
        HashSet<string> names = [.. given.RootElement.GetProperty("parameters").EnumerateObject().Select(p => p.Name)];
        string main = House.Text("deploy/infra/main.bicep");
        Assert.DoesNotContain(Parameter().Matches(main).Where(m => !m.Groups[2].Success).Select(m => m.Groups[1].Value), p => !names.Contains(p));
        Assert.DoesNotContain(names, n => !Regex.IsMatch(main, $@"^param {n} ", RegexOptions.Multiline));
    }

    [Fact]
    public void Every_module_is_there_and_is_given_its_parameters()
    {
        string main = House.Text("deploy/infra/main.bicep");
        foreach (Match module in Module().Matches(main))
        {
            string file = $"deploy/infra/{module.Groups[1].Value}";
            string given = module.Groups[2].Value;
            Assert.All(
                Parameter().Matches(House.Text(file)).Where(m => !m.Groups[2].Success),
                p => Assert.Matches($@"\b{p.Groups[1].Value}:", given));
        }

        Assert.Equal(House.Files("deploy/infra", "*.bicep").Count() - 1, Module().Count(main));
    }

    /// <summary>The sandbox is open to the machine itself: a proxy there has to say that it speaks for others.</summary>
    [Fact]
    public void Every_proxy_says_for_whom_it_speaks()
    {
        string[] places = House.Text("deploy/nginx/decisioning.conf").Split("location /")[1..];
        Assert.Equal(2, places.Length);
        Assert.All(places, place => Assert.Contains("proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;", place, StringComparison.Ordinal));
        YamlStream envoy = [];
        envoy.Load(new StringReader(House.Text("deploy/envoy/decisioning.yaml")));
        YamlNode filter = envoy.Documents[0].RootNode["static_resources"]["listeners"][0]["filter_chains"][0]["filters"][0];
        Assert.Equal("true", filter["typed_config"]["use_remote_address"].ToString());
    }

    [Fact]
    public void Every_yaml_and_json_file_parses()
    {
        string[] yaml = ["azure.yaml", .. House.Files("deploy", "*.yaml")];
        Assert.All(yaml, file =>
        {
            YamlStream stream = [];
            stream.Load(new StringReader(House.Text(file)));
            Assert.IsType<YamlMappingNode>(Assert.Single(stream.Documents).RootNode);
        });
        Assert.All(House.Files("deploy", "*.json"), file => JsonDocument.Parse(House.Text(file)).Dispose());
    }

    [Fact]
    public void Azd_finds_what_it_builds_and_deploys()
    {
        YamlStream stream = [];
        stream.Load(new StringReader(House.Text("azure.yaml")));
        YamlNode root = stream.Documents[0].RootNode;
        Assert.True(File.Exists(Path.Combine(House.Root, root["infra"]["path"].ToString(), $"{root["infra"]["module"]}.bicep")));
        YamlNode silo = root["services"]["silo"];
        Assert.True(File.Exists(Path.Combine(House.Root, silo["docker"]["path"].ToString())));
        Assert.Equal("HOST=Decisioning.Silo.Azure", silo["docker"]["buildArgs"][0].ToString());
        Assert.Contains("'azd-service-name': 'silo'", House.Text("deploy/infra/silo.bicep"), StringComparison.Ordinal);
    }

    [Fact]
    public void One_setting_chooses_what_silos_share_and_a_database_alone_needs_a_password()
    {
        string main = House.Text("deploy/infra/main.bicep"), program = House.Text("src/Decisioning.Silo.Azure/AzureSilo.cs");
        Assert.Contains("@allowed(['postgres', 'tables'])", main, StringComparison.Ordinal);
        Assert.Contains("PostgresPlace.Kind", program, StringComparison.Ordinal);
        Assert.Contains("AzurePlace.At", program, StringComparison.Ordinal);
        Assert.Contains("module database 'database.bicep' = if (shares == 'postgres')", main, StringComparison.Ordinal);
        Assert.Contains("param databasePassword string = ''\n", main, StringComparison.Ordinal);
        Assert.Contains("@secure()\n@minLength(16)\nparam password string\n", House.Text("deploy/infra/database.bicep"), StringComparison.Ordinal);
        using JsonDocument given = JsonDocument.Parse(House.Text("deploy/infra/main.parameters.json"));
        Assert.Equal("${DECISIONING_DATABASE_PASSWORD=}", given.RootElement.GetProperty("parameters").GetProperty("databasePassword").GetProperty("value").GetString());
    }

    [Fact]
    public void The_dashboard_and_the_reference_name_only_instruments_that_there_are()
    {
        string[] instruments = [.. House.Files("src", "*.cs").SelectMany(f => Instrument().Matches(House.Text(f))).Select(m => m.Groups[1].Value).Distinct()];
        Assert.True(instruments.Length > 10);
        HashSet<string> exported = [.. instruments.Select(i => i.Replace('.', '_'))];
        Assert.Empty(
            from Match shown in Shown().Matches(House.Text("deploy/telemetry/dashboard.json"))
            let name = Suffix().Replace(shown.Value, "")
            where !exported.Contains(name)
            select name);
        Assert.DoesNotContain(instruments, i => !House.Text(Reference).Contains($"`{i}`", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Entries()
    {
        string reader = House.Text("src/Decisioning.Server/Options/OptionsReader.cs");
        IEnumerable<string> sections = Names(reader, "Sections").Where(s => s is not ("Limits" or "Telemetry"));
        IEnumerable<string> limits = Names(reader, "LimitNames").Select(n => $"Limits:{n}");
        IEnumerable<string> telemetry = Names(House.Text("src/Decisioning.Server/Options/TelemetryReader.cs"), "Names").Select(n => $"Telemetry:{n}");
        IEnumerable<string> cluster = SiloKey().Matches(House.Text("src/Decisioning.Silo/SiloOptions.cs")).Select(m => $"Cluster:{m.Groups[1].Value}");
        return sections.Concat(limits).Concat(telemetry).Concat(cluster);
    }

    private static IEnumerable<string> Names(string code, string field) =>
        Quoted().Matches(Regex.Match(code, $@"string\[\] {field} = \[(.*?)\];").Groups[1].Value).Select(m => m.Groups[1].Value);

    [GeneratedRegex(@"""(--[a-z-]+)""")]
    private static partial Regex LineOption();

    [GeneratedRegex(@"new\(""--[a-z-]+"", nameof\((\w+)\)")]
    private static partial Regex SiloKey();

    [GeneratedRegex(@"""([A-Za-z]+)""")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"DECISIONING__((?:[A-Za-z]|__|\d|\$\{i\})+)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"__(?:\d+|\$\{i\})")]
    private static partial Regex IndexPart();

    [GeneratedRegex(@"^param (\w+) \w+( =)?", RegexOptions.Multiline)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^module \w+ '([^']+)' = (?:if \([^)]*\) )?\{(.*?)^\}", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Module();

    [GeneratedRegex(@"Create\w+(?:<\w+>)?\(\s*""(decisioning\.[a-z.]+)""")]
    private static partial Regex Instrument();

    [GeneratedRegex(@"\bdecisioning_[a-z_]+")]
    private static partial Regex Shown();

    [GeneratedRegex("(_seconds)?(_bucket|_total)?$")]
    private static partial Regex Suffix();
}
