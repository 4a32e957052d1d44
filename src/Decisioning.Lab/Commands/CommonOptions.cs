using System.CommandLine;
using System.CommandLine.Parsing;

namespace Decisioning.Lab.Commands;

/// <summary>What several commands share.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json { get; } = new("--json") { Description = "Report one JSON object on standard output." };

    public static Option<string> Data { get; } = new("--data") { Description = "The data folder; no server may be running on it.", Required = true, HelpName = "DIR" };

    /// <summary>Lets the option be one of these words alone.</summary>
    public static void Among<T>(this Option<T> option, params string[] words)
    {
        option.CompletionSources.Add(words);
        option.HelpName ??= string.Join('|', words);
        option.Validators.Add(given =>
        {
            foreach (Token token in given.Tokens.Where(t => !words.Contains(t.Value, StringComparer.Ordinal)))
            {
                given.AddError($"{option.Name} '{token.Value}' is none of {string.Join(", ", words)}.");
            }
        });
    }

    /// <summary>The value of an option that is there and could be read; nothing otherwise.</summary>
    public static T? Sound<T>(this CommandResult given, Option<T> option) =>
        given.GetResult(option) is { } result && !result.Errors.Any() ? given.GetValue(option) : default;

    /// <summary>What is wrong with the data folder.</summary>
    public static IEnumerable<string> FolderFaults(CommandResult given)
    {
        if (given.Sound(Data) is { } path && !Directory.Exists(path))
        {
            yield return $"--data: there is no folder '{path}'.";
        }
    }
}
