namespace Decisioning.Server.Options;

/// <summary>The options given on the command line, as text; every fault in them.</summary>
internal sealed class CommandLine
{
    private static readonly string[] WithValue = ["--urls", "--data", "--public-url", "--traffic"];
    private static readonly string[] Flags = ["--no-demo", "--help"];

    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal);
    private readonly string[] _withValue;

    private CommandLine(IEnumerable<HostOption> own) => _withValue = [.. WithValue, .. own.Select(o => o.Name)];

    public List<string> Faults { get; } = [];

    public string? Urls => _given.GetValueOrDefault("--urls");

    public string? Data => _given.GetValueOrDefault("--data");

    public string? PublicUrl => _given.GetValueOrDefault("--public-url");

    public string? Traffic => _given.GetValueOrDefault("--traffic");

    public bool NoDemo => _given.ContainsKey("--no-demo");

    public bool Help => _given.ContainsKey("--help");

    /// <summary>An option of the host's own; null where it was not given.</summary>
    public string? Own(string name) => _given.GetValueOrDefault(name);

    /// <summary>The options that a program knows, with what they take.</summary>
    public static string Usage(HostProgram program)
    {
        IEnumerable<string> own = program.Options.Select(o => $"  {$"{o.Name} {o.Takes}",-22}{o.Help}\n");
        return $"""
            {program.Name} [options]
              --urls URL[;URL]      addresses to listen on (default http://127.0.0.1:5080)
              --data DIR            folder for everything that is kept
              --no-demo             start without the demo brands
              --traffic SECONDS     let a demo crowd visit the demo brands for a while
              --public-url URL      what tracker URLs start with
            {string.Concat(own)}  --help                show this
            {program.Name} keys new --roles ROLE[,ROLE] --brands BRAND[,BRAND]|all [--origins ORIGIN[,ORIGIN]]
            {program.Name} health URL   asks a running server's /healthz or /readyz; ends with 0 where it answers 200, else with 1
            Everything else is configured in appsettings.json beside the program, or by DECISIONING__ environment variables.
            """;
    }

    /// <summary>Reads arguments of the forms <c>--name value</c> and <c>--name=value</c>.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="own">The host's own options.</param>
    public static CommandLine Parse(IReadOnlyList<string> args, IEnumerable<HostOption>? own = null)
    {
        CommandLine line = new(own ?? []);
        for (int i = 0; i < args.Count; i++)
        {
            int equals = args[i].IndexOf('=');
            string name = equals < 0 ? args[i] : args[i][..equals];
            string? value = equals < 0 ? null : args[i][(equals + 1)..];
            if (line._withValue.Contains(name) && value is null && i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                value = args[++i];
            }

            line.Take(name, value);
        }

        return line;
    }

    private void Take(string name, string? value)
    {
        bool takesValue = _withValue.Contains(name);
        if (!takesValue && !Flags.Contains(name))
        {
            Faults.Add($"{name} is not an option. The options are {string.Join(", ", _withValue.Concat(Flags))}.");
        }
        else if (takesValue && string.IsNullOrEmpty(value))
        {
            Faults.Add($"{name} needs a value.");
        }
        else if (!takesValue && value is not null)
        {
            Faults.Add($"{name} takes no value.");
        }
        else if (!_given.TryAdd(name, value ?? ""))
        {
            Faults.Add($"{name} is given twice.");
        }
    }
}
