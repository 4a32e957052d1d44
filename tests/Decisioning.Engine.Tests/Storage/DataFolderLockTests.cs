using System.Globalization;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Tests.Storage;

public sealed class DataFolderLockTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_has_one_holder_at_a_time()
    {
        string folder = Path.Combine(_folder.Path, "not", "there", "yet");
        using (DataFolderLock.Acquire(folder))
        {
            StorageException refused = Assert.Throws<StorageException>(() => DataFolderLock.Acquire(folder));
            Assert.Contains(folder, refused.Message, StringComparison.Ordinal);
            Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
        }

        string holder = File.ReadAllText(Path.Combine(folder, DataFolderLock.FileName)).Trim();
        Assert.Equal(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), holder);
        DataFolderLock.Acquire(folder).Dispose();
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_refused()
    {
        string file = _folder.File("file");
        File.WriteAllText(file, "");
        Assert.Contains("cannot be used", Assert.Throws<StorageException>(() => DataFolderLock.Acquire(Path.Combine(file, "folder"))).Message, StringComparison.Ordinal);
    }
}
