namespace Decisioning.Lab.Tests.Support;

/// <summary>Real data that is not part of the project: in the folder that DECISIONING_DATA names, else in <c>shared/data</c> beside a folder above.</summary>
internal static class SharedData
{
    public const string Missing = "The shared data is not there: set DECISIONING_DATA to its folder.";

    /// <summary>The file, or null where it is not there.</summary>
    public static string? Find(string file) => Folders().Select(f => Path.Combine(f, file)).FirstOrDefault(File.Exists);

    private static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable("DECISIONING_DATA") is { Length: > 0 } named)
        {
            yield return named;
            yield break;
        }

        for (DirectoryInfo? above = new(AppContext.BaseDirectory); above is not null; above = above.Parent)
        {
            yield return Path.Combine(above.FullName, "shared", "data");
        }
    }
}
