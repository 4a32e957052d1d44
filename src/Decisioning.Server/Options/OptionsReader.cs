using System.Globalization;
using System.Net;
using Decisioning.Api;
using Decisioning.Api.Access;
using Decisioning.Server.Traffic;

namespace Decisioning.Server.Options;

/// <summary>Puts command line and configuration together and names every fault at once.</summary>
internal sealed class OptionsReader
{
    private static readonly string[] Sections = ["Urls", "Data", "Demo", "PublicUrl", "Hosts", "Origins", "Keys", "Limits", "BatchThreads", "Telemetry"];
    private static readonly string[] LimitNames = ["RequestsPerSecond", "Burst", "Connections"];

    private readonly List<string> _faults = [];

    /// <summary>Reads the options; null with the faults where there are any.</summary>
    /// <param name="line">What was given on the command line; it wins.</param>
    /// <param name="configuration">Files and environment.</param>
    /// <param name="program">Whose options they are.</param>
    /// <param name="open">How its host is opened; null where there are faults.</param>
    /// <param name="faults">Every fault, a sentence each.</param>
    public static ServerOptions? Read(
        CommandLine line, IConfiguration configuration, HostProgram program, out OpenHost? open, out IReadOnlyList<string> faults)
    {
        OptionsReader reader = new();
        reader._faults.AddRange(line.Faults);
        ServerOptions options = reader.Read(line, configuration, program);
        open = program.Prepare(new HostSettings(program.Options, line, configuration.GetSection(HostSettings.Section)), reader._faults);
        reader.CheckReach(options, program);
        faults = reader._faults;
        if (faults.Count == 0)
        {
            return options;
        }

        open = null;
        return null;
    }

    private ServerOptions Read(CommandLine line, IConfiguration configuration, HostProgram program)
    {
        string[] sections = program.Options.Count == 0 ? Sections : [.. Sections, HostSettings.Section];
        foreach (IConfigurationSection section in configuration.GetChildren())
        {
            if (!sections.Contains(section.Key, StringComparer.OrdinalIgnoreCase))
            {
                _faults.Add($"The configuration has an unknown entry {section.Key}. The entries are {string.Join(", ", sections)}.");
            }
        }

        ConfigurationValues.RefuseUnknown(configuration.GetSection(HostSettings.Section), [.. program.Options.Select(o => o.Key)], _faults);

        LimitOptions limits = ReadLimits(configuration.GetSection("Limits"));
        bool demo = !line.NoDemo && ReadFlag(configuration.GetSection("Demo"), otherwise: true);
        return new ServerOptions
        {
            Urls = ReadUrls(line.Urls ?? configuration["Urls"] ?? ServerOptions.DefaultUrl),
            DataFolder = ReadDataFolder(line.Data ?? configuration["Data"], program.FolderName),
            Demo = demo,
            Traffic = ReadTraffic(line.Traffic, demo),
            PublicUrl = ReadPublicUrl(line.PublicUrl ?? configuration["PublicUrl"]),
            Hosts = ReadHosts(configuration.GetSection("Hosts")),
            Origins = ConfigurationValues.Origins(configuration.GetSection("Origins"), _faults),
            Keys = new KeyEntryReader(_faults, limits).ReadAll(configuration.GetSection("Keys")),
            Limits = limits,
            BatchThreads = ReadFlag(configuration.GetSection("BatchThreads"), otherwise: true),
            Telemetry = new TelemetryReader(_faults).Read(configuration.GetSection("Telemetry")),
        };
    }

    private List<ListenUrl> ReadUrls(string text)
    {
        List<ListenUrl> urls = [];
        foreach (string part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (ListenUrl.TryParse(part, out ListenUrl? url))
            {
                urls.Add(url);
            }
            else
            {
                _faults.Add($"urls: {part} is not of the form http://HOST:PORT. For https, put a proxy in front and say --public-url.");
            }
        }

        if (urls.Count == 0 && _faults.Count == 0)
        {
            _faults.Add("urls: there is no address to listen on.");
        }

        return urls;
    }

    private string ReadDataFolder(string? given, string usual)
    {
        try
        {
            if (!string.IsNullOrWhiteSpace(given))
            {
                return Path.GetFullPath(given);
            }

            string home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            if (home.Length > 0)
            {
                return Path.Combine(home, usual);
            }

            _faults.Add("data: this account has no folder for application data; name one with --data.");
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException or PathTooLongException)
        {
            _faults.Add($"data: {given} is not a folder's path.");
        }

        return "";
    }

    private TimeSpan? ReadTraffic(string? text, bool demo)
    {
        if (text is null)
        {
            return null;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) || seconds is < 1 or > DemoTraffic.LongestSeconds)
        {
            _faults.Add($"traffic: {text} is not a whole number of seconds from 1 to {DemoTraffic.LongestSeconds}.");
            return null;
        }

        if (!demo)
        {
            _faults.Add("traffic: the crowd visits the demo brands, and the server is to start without them.");
        }

        return TimeSpan.FromSeconds(seconds);
    }

    private string? ReadPublicUrl(string? text)
    {
        if (text is null)
        {
            return null;
        }

        bool sound = Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
            && uri.Query.Length == 0 && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0 && System.Text.Ascii.IsValid(text)
            && text.Length <= ApiParts.LongestPublicUrl;
        if (!sound)
        {
            _faults.Add($"public-url: {text} is not an http or https address of at most {ApiParts.LongestPublicUrl} ASCII characters without query.");
        }

        return text.TrimEnd('/');
    }

    private List<string> ReadHosts(IConfigurationSection section)
    {
        List<string> hosts = ConfigurationValues.Strings(section);
        foreach (string host in hosts)
        {
            if (Uri.CheckHostName(host.Trim('[', ']')) == UriHostNameType.Unknown || (host.Contains(':') && !host.StartsWith('[')))
            {
                _faults.Add($"Hosts: {host} is not a host name or address; leave ports out and put IPv6 into brackets.");
            }
        }

        return hosts;
    }

    private LimitOptions ReadLimits(IConfigurationSection section)
    {
        ConfigurationValues.RefuseUnknown(section, LimitNames, _faults);
        LimitOptions usual = LimitOptions.Default;
        return new LimitOptions(
            ConfigurationValues.Whole(section.GetSection("RequestsPerSecond"), usual.RequestsPerSecond, _faults),
            ConfigurationValues.Whole(section.GetSection("Burst"), usual.Burst, _faults),
            ConfigurationValues.Whole(section.GetSection("Connections"), usual.Connections, _faults));
    }

    private bool ReadFlag(IConfigurationSection section, bool otherwise)
    {
        if (section.Value is null)
        {
            return otherwise;
        }

        if (bool.TryParse(section.Value, out bool value))
        {
            return value;
        }

        _faults.Add($"{section.Path} must be true or false, not {section.Value}.");
        return otherwise;
    }

    private void CheckReach(ServerOptions options, HostProgram program)
    {
        ListenUrl? open = options.Keys.Count == 0 ? options.Urls.FirstOrDefault(u => !u.IsLoopback) : null;
        if (open is not null)
        {
            _faults.Add(
                $"urls: {open} can be reached from other machines, and the server has no keys. Make one with "
                + $"\"{program.Name} keys new --roles decide,ingest,consumer,watch,admin --brands all\", put the entry it prints under Keys in "
                + $"appsettings.json, and start again; or listen on {ServerOptions.DefaultUrl}.");
        }
    }
}
