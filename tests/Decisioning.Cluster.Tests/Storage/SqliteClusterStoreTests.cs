using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Storage.Sql;
using Decisioning.Engine.Storage;
using Microsoft.Data.Sqlite;

namespace Decisioning.Cluster.Tests.Storage;

public sealed class SqliteClusterStoreTests : ClusterStoreConformance
{
    private readonly string _folder = Directory.CreateTempSubdirectory("decisioning-").FullName;

    private string File => Path.Combine(_folder, "cluster.db");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Another_programs_file_is_refused()
    {
        string path = Path.Combine(_folder, "other.db");
        await using (var connection = new SqliteConnection($"Data Source={path};Pooling=false"))
        {
            connection.Open();
            await new SqliteCommand("CREATE TABLE notes(text)", connection).ExecuteNonQueryAsync(Cancellation);
        }

        await using var store = new SqliteClusterStore(path);
        Assert.Contains("some other program", (await Assert.ThrowsAsync<StorageException>(() => store.OpenAsync(Wire, Cancellation))).Message);
    }

    [Fact]
    public async Task A_file_that_is_no_database_and_a_folder_that_is_not_there_are_refused()
    {
        string path = Path.Combine(_folder, "text.db");
        await System.IO.File.WriteAllTextAsync(path, string.Concat(Enumerable.Repeat("no database at all. ", 200)), Cancellation);
        await using var text = new SqliteClusterStore(path);
        Assert.Contains(path, (await Assert.ThrowsAsync<StorageException>(() => text.OpenAsync(Wire, Cancellation))).Message);
        await using var nowhere = new SqliteClusterStore(Path.Combine(_folder, "no", "where.db"));
        await Assert.ThrowsAsync<StorageException>(() => nowhere.OpenAsync(Wire, Cancellation));
    }

    protected override Task<IClusterStore> ConnectAsync() => Task.FromResult<IClusterStore>(new SqliteClusterStore(File));

    /// <summary>In the file and in its log, deleted and overwritten places too.</summary>
    protected override async Task<IReadOnlyList<string>> FindAsync(byte[] bytes)
    {
        var found = new List<string>();
        foreach (string file in Directory.GetFiles(_folder))
        {
            byte[] content = await System.IO.File.ReadAllBytesAsync(file, Cancellation);
            found.AddRange(content.AsSpan().IndexOf(bytes) >= 0 ? [file] : []);
        }

        return found;
    }
}
