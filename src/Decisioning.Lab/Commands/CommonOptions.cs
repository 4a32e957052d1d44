using System.CommandLine;
using System.CommandLine.Parsing;

namespace Decisioning.Lab.Commands;

/// <summary>What several commands share.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json { get; } = new("--json") { Description = "Report one JSON object on standard output." };

    public static Option<string> Data { get; } = new("--data") { Description = "The data folder; no server may be running on it.", Required = true, HelpName = "DIR" };

    public static void CheckFile<T>(CommandResult given, Option<T> option)
    {
        if (given.GetValue(option) is string path && !File.Exists(path))
        {
            given.AddError($"{option.Name}: there is no file '{path}'.");
        }
    }

    public static void CheckFolder(CommandResult given)
    {
        if (given.GetValue(Data) is { } path && !Directory.Exists(path))
        {
            given.AddError($"--data: there is no folder '{path}'.");
        }
    }
}
