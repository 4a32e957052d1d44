using System.Globalization;
using System.Text;

namespace Decisioning.Engine.Storage;

/// <summary>Holds a data folder for one process: the operating system lets go of it when the process ends, however it ends.</summary>
public sealed class DataFolderLock : IDisposable
{
    public const string FileName = "decisioning.lock";

    private readonly FileStream _file;

    private DataFolderLock(FileStream file) => _file = file;

    /// <summary>Takes the folder, making it if it is not there; the id of this process is written into the lock file.</summary>
    /// <exception cref="StorageException">Another holder has it, or the folder cannot be written.</exception>
    public static DataFolderLock Acquire(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            Directory.CreateDirectory(folder);
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            file.SetLength(0);
            file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));
            file.Flush();
            return new DataFolderLock(file);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new StorageException($"The data folder {folder} is in use by another process, whose id is in {path} ({e.Message})");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"The data folder {folder} cannot be used: {e.Message}");
        }
    }

    public void Dispose() => _file.Dispose();
}
