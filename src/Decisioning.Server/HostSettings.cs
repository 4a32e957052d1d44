using Decisioning.Server.Options;

namespace Decisioning.Server;

/// <summary>What was given for a host's own options: the command line wins over the configuration.</summary>
public sealed class HostSettings
{
    /// <summary>The configuration's section for them.</summary>
    public const string Section = "Cluster";

    private readonly Dictionary<string, string> _given = new(StringComparer.OrdinalIgnoreCase);

    internal HostSettings(IReadOnlyList<HostOption> options, CommandLine line, IConfigurationSection section)
    {
        foreach (HostOption option in options)
        {
            if ((line.Own(option.Name) ?? section[option.Key]) is { Length: > 0 } value)
            {
                _given.Add(option.Key, value);
            }
        }
    }

    /// <summary>As text; null where it was not given.</summary>
    public string? this[string key] => _given.GetValueOrDefault(key);
}
