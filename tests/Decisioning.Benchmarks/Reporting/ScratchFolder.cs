namespace Decisioning.Benchmarks.Reporting;

/// <summary>A folder of its own for one measurement, under the system's temporary folder, deleted at the end.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("decisioning-benchmark-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
