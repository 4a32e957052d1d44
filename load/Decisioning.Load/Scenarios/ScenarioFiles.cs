namespace Decisioning.Load.Scenarios;

/// <summary>The scenarios that come with the program, and those of the user.</summary>
internal static class ScenarioFiles
{
    private const int NearEnough = 3;

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "scenarios");

    /// <summary>Names of those that come with the program.</summary>
    public static IReadOnlyList<string> Names => [.. Directory.EnumerateFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    /// <summary>Reads a scenario.</summary>
    /// <param name="nameOrFile">The name of one that comes with the program, or the path of a file.</param>
    /// <exception cref="LoadFailureException">There is none, or it has faults.</exception>
    public static Scenario Read(string nameOrFile)
    {
        string own = Path.Combine(Folder, nameOrFile + ".json");
        string file = Names.Contains(nameOrFile, StringComparer.Ordinal) ? own : nameOrFile;
        try
        {
            return File.Exists(file)
                ? ScenarioReader.Read(Path.GetFileNameWithoutExtension(file), File.ReadAllText(file))
                : throw new LoadFailureException($"--scenario '{nameOrFile}' is neither a file nor one of {string.Join(", ", Names)}{Suggestion.For(nameOrFile, Names, NearEnough)}.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new LoadFailureException($"--scenario '{nameOrFile}' cannot be read: {fault.Message}");
        }
    }
}
