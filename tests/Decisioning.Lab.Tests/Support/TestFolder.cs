namespace Decisioning.Lab.Tests.Support;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("decisioning-lab-").FullName;

    public string Data => Path.Combine(_path, "data");

    public string File(string name) => Path.Combine(_path, name);

    public string Write(string name, params string[] lines)
    {
        System.IO.File.WriteAllText(File(name), string.Concat(lines.Select(l => l + "\n")));
        return File(name);
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
