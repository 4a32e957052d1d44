using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Decisioning.Engine.Storage.Sqlite;

/// <summary>
/// A thin layer over a file system of SQLite: pages are cleaned on their way into a database file (<see cref="CleanPages"/>), and write-ahead logs are flushed
/// without their times (<see cref="DataSync"/>).
/// </summary>
internal static unsafe class VfsLayer
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<(string Name, bool SyncsData), string> NameOver = [];

    /// <summary>The name of the layer over a registered file system.</summary>
    /// <param name="name">Null: the operating system's.</param>
    /// <param name="syncsData">Whether logs are flushed by <see cref="DataSync"/>: only over a file system that writes through to the operating system's.</param>
    /// <exception cref="StorageException">There is no such file system.</exception>
    public static string Over(string? name, bool syncsData)
    {
        lock (Gate)
        {
            if (!NameOver.TryGetValue((name ?? "", syncsData), out string? over))
            {
                over = $"decisioning{(syncsData ? "-data" : "")}-{name}";
                Register(name, over, syncsData);
                NameOver[(name ?? "", syncsData)] = over;
            }

            return over;
        }
    }

    private static void Register(string? name, string over, bool syncsData)
    {
        byte* nameBytes = (byte*)Marshal.StringToCoTaskMemUTF8(name);
        VfsTable* below = SqliteNative.FindVfs(nameBytes);
        Marshal.FreeCoTaskMem((nint)nameBytes);
        if (below is null)
        {
            throw new StorageException($"SQLite has no file system {name}");
        }

        // Lives as long as the process, like the file system below it.
        var layer = (Layer*)NativeMemory.AllocZeroed((nuint)sizeof(Layer));
        SqliteNative.CopyVfs(below, over, &layer->Vfs);
        layer->Vfs.Open = &OnOpen;
        layer->Vfs.Delete = &OnDelete;
        layer->Below = below;
        layer->SyncsData = syncsData;
        SqliteNative.RegisterVfs(&layer->Vfs, 0);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnOpen(VfsTable* vfs, byte* name, VfsFile* file, int flags, int* flagsOut)
    {
        var layer = (Layer*)vfs;
        int code = layer->Below->Open(layer->Below, name, file, flags, flagsOut);
        if (code != SqliteNative.Ok)
        {
            return code;
        }

        if ((flags & SQLitePCL.raw.SQLITE_OPEN_MAIN_DB) != 0)
        {
            CleanPages.PutOver(file);
        }
        else if (layer->SyncsData && IsWrittenLog(flags, flagsOut) && !DataSync.TryPutOver(file, name))
        {
            file->Methods->Close(file);
            file->Methods = null;
            return SQLitePCL.raw.SQLITE_CANTOPEN;
        }

        return SqliteNative.Ok;
    }

    // SQLite opens a log to write it, and where that is not allowed, to read it.
    private static bool IsWrittenLog(int asked, int* given) =>
        (asked & SQLitePCL.raw.SQLITE_OPEN_WAL) != 0 && (given is null || (*given & SQLitePCL.raw.SQLITE_OPEN_READONLY) == 0);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnDelete(VfsTable* vfs, byte* name, int syncFolder)
    {
        VfsTable* below = ((Layer*)vfs)->Below;
        return below->Delete(below, name, syncFolder);
    }

    /// <summary>A file system's table and, behind it, the one below.</summary>
    [StructLayout(LayoutKind.Explicit)]
    private struct Layer
    {
        [FieldOffset(0)]
        public VfsTable Vfs;

        [FieldOffset(VfsTable.Size)]
        public VfsTable* Below;

        [FieldOffset(VfsTable.Size + sizeof(long))]
        public bool SyncsData;
    }
}
