namespace Decisioning.EndToEnd.Tests.Support;

/// <summary>The server's program as the build leaves it, in the tests' own configuration.</summary>
internal static class BuiltServer
{
    /// <summary>Path of <c>Decisioning.Server.dll</c>.</summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        DirectoryInfo output = new(AppContext.BaseDirectory.TrimEnd(System.IO.Path.DirectorySeparatorChar));
        (string framework, string configuration) = (output.Name, output.Parent!.Name);
        DirectoryInfo? root = output;
        while (root is not null && !File.Exists(System.IO.Path.Combine(root.FullName, "Decisioning.sln")))
        {
            root = root.Parent;
        }

        string path = System.IO.Path.Combine(
            root?.FullName ?? throw new InvalidOperationException("The tests do not lie below Decisioning.sln."),
            "src", "Decisioning.Server", "bin", configuration, framework, "Decisioning.Server.dll");
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is not built.");
    }
}
