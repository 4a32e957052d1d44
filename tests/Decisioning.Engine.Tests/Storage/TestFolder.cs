namespace Decisioning.Engine.Tests.Storage;

/// <summary>A folder for one test.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("decisioning-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Names of the files in which the bytes can be found.</summary>
    public string[] FilesWith(ReadOnlySpan<byte> bytes)
    {
        var found = new List<string>();
        foreach (string file in Directory.GetFiles(Path))
        {
            if (System.IO.File.ReadAllBytes(file).AsSpan().IndexOf(bytes) >= 0)
            {
                found.Add(System.IO.Path.GetFileName(file));
            }
        }

        return [.. found];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
