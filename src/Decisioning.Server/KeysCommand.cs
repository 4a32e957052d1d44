using System.Text.Encodings.Web;
using System.Text.Json;
using Decisioning.Api.Access;
using Decisioning.Server.Options;

namespace Decisioning.Server;

/// <summary><c>keys new</c>: makes a key, prints it once, and prints the configuration entry that admits it.</summary>
internal static class KeysCommand
{
    private static readonly string[] Known = ["--roles", "--brands", "--origins"];
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Runs the command; the program's exit code.</summary>
    /// <param name="args">What follows <c>keys</c>.</param>
    /// <param name="program">Whose usage is shown where the command cannot be read.</param>
    public static int Run(IReadOnlyList<string> args, HostProgram program, TextWriter output, TextWriter error)
    {
        List<string> faults = [];
        if (args.Count == 0 || args[0] != "new")
        {
            faults.Add("keys: the only command is \"keys new\".");
        }

        Dictionary<string, string[]> given = Read(args.Skip(1).ToList(), faults);
        Check(given, faults);
        if (faults.Count > 0)
        {
            faults.ForEach(error.WriteLine);
            error.WriteLine(CommandLine.Usage(program));
            return ExitCodes.BadOptions;
        }

        KeyText key = KeyText.Make();
        Dictionary<string, object> entry = new() { ["Id"] = key.Id, ["Hash"] = key.Hash, ["Roles"] = given["--roles"], ["Brands"] = given["--brands"] };
        if (given.TryGetValue("--origins", out string[]? origins))
        {
            entry["Origins"] = origins;
        }

        output.WriteLine("The key, shown this once:");
        output.WriteLine($"  {key.Text}");
        output.WriteLine("Its entry for Keys in appsettings.json:");
        output.WriteLine(JsonSerializer.Serialize(entry, Indented));
        return ExitCodes.Done;
    }

    private static Dictionary<string, string[]> Read(List<string> args, List<string> faults)
    {
        Dictionary<string, string[]> given = new(StringComparer.Ordinal);
        for (int i = 0; i < args.Count; i += 2)
        {
            string[] values = i + 1 < args.Count ? args[i + 1].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [];
            if (!Known.Contains(args[i]))
            {
                faults.Add($"{args[i]} is not an option of keys new. The options are {string.Join(", ", Known)}.");
            }
            else if (values.Length == 0)
            {
                faults.Add($"{args[i]} needs a value.");
            }
            else if (!given.TryAdd(args[i], values))
            {
                faults.Add($"{args[i]} is given twice.");
            }
        }

        return given;
    }

    private static void Check(Dictionary<string, string[]> given, List<string> faults)
    {
        foreach (string needed in Known.Take(2).Where(n => !given.ContainsKey(n)))
        {
            faults.Add($"{needed} is missing.");
        }

        foreach (string role in given.GetValueOrDefault("--roles", []).Where(r => !RoleNames.TryParse(r, out _)))
        {
            faults.Add($"{role} is not a role. The roles are {string.Join(", ", RoleNames.All)}.");
        }

        foreach (string origin in given.GetValueOrDefault("--origins", []).Where(o => !ConfigurationValues.IsOrigin(o)))
        {
            faults.Add($"{origin} is not an origin such as https://shop.example.");
        }
    }
}
