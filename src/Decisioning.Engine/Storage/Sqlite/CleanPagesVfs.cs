using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Decisioning.Engine.Storage.Sqlite;

/// <summary>
/// A thin layer over a file system of SQLite that zeroes the unallocated middle of every leaf page on its way into a database file. <c>secure_delete</c> zeroes
/// what is deleted, but when a page is split or merged, copies of rows that moved away stay in the middle of the old page, and a row deleted later lives on
/// there. In WAL mode a database file is written by checkpoints alone, so with this layer it never holds anything but live rows; the log is cut by
/// <see cref="SqliteDatabase.CheckpointTruncate"/>.
/// </summary>
internal static unsafe class CleanPagesVfs
{
    private const byte TableLeaf = 0x0D;
    private const byte IndexLeaf = 0x0A;
    private const int LeafHead = 8;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, string> NameOver = [];
    private static readonly Dictionary<nint, nint> MethodsOver = [];

    /// <summary>The name of the layer over a registered file system; null: over the operating system's.</summary>
    /// <exception cref="StorageException">There is no such file system.</exception>
    public static string Over(string? name)
    {
        lock (Gate)
        {
            if (!NameOver.TryGetValue(name ?? "", out string? over))
            {
                over = $"clean-pages-{name}";
                Register(name, over);
                NameOver[name ?? ""] = over;
            }

            return over;
        }
    }

    /// <summary>Zeroes what lies between the cell pointers and the cells of a leaf page. Whatever is not a leaf page is left alone.</summary>
    internal static void Clean(Span<byte> page)
    {
        // Overflow and free pages begin with a page number, whose first byte is a leaf's mark only in files of 600 GiB and more.
        if (page[0] is not (TableLeaf or IndexLeaf))
        {
            return;
        }

        int from = LeafHead + (2 * BinaryPrimitives.ReadUInt16BigEndian(page[3..]));
        int to = BinaryPrimitives.ReadUInt16BigEndian(page[5..]);
        if (from < to && to <= page.Length)
        {
            page[from..to].Clear();
        }
    }

    private static void Register(string? name, string over)
    {
        byte* nameBytes = (byte*)Marshal.StringToCoTaskMemUTF8(name);
        VfsTable* below = SqliteNative.FindVfs(nameBytes);
        Marshal.FreeCoTaskMem((nint)nameBytes);
        if (below is null)
        {
            throw new StorageException($"SQLite has no file system {name}");
        }

        // Lives as long as the process, like the file system below it.
        var layer = (LayerVfs*)NativeMemory.AllocZeroed((nuint)sizeof(LayerVfs));
        SqliteNative.CopyVfs(below, over, &layer->Vfs);
        layer->Vfs.Open = &OnOpen;
        layer->Vfs.Delete = &OnDelete;
        layer->Below = below;
        SqliteNative.RegisterVfs(&layer->Vfs, 0);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnOpen(VfsTable* vfs, byte* name, VfsFile* file, int flags, int* flagsOut)
    {
        VfsTable* below = ((LayerVfs*)vfs)->Below;
        int code = below->Open(below, name, file, flags, flagsOut);
        if (code == SqliteNative.Ok && (flags & SQLitePCL.raw.SQLITE_OPEN_MAIN_DB) != 0)
        {
            file->Methods = &LayerOver(file->Methods)->Methods;
        }

        return code;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnDelete(VfsTable* vfs, byte* name, int syncFolder)
    {
        VfsTable* below = ((LayerVfs*)vfs)->Below;
        return below->Delete(below, name, syncFolder);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnWrite(VfsFile* file, byte* from, int bytes, long offset)
    {
        // The first page begins with the file's head and holds the schema.
        if (offset >= bytes && bytes >= 512)
        {
            Clean(new Span<byte>(from, bytes));
        }

        return ((LayerMethods*)file->Methods)->Below->Write(file, from, bytes, offset);
    }

    private static LayerMethods* LayerOver(FileMethods* below)
    {
        lock (Gate)
        {
            if (!MethodsOver.TryGetValue((nint)below, out nint known))
            {
                var layer = (LayerMethods*)NativeMemory.AllocZeroed((nuint)sizeof(LayerMethods));
                Buffer.MemoryCopy(below, layer, FileMethods.Size, FileMethods.Size);
                layer->Methods.Write = &OnWrite;
                layer->Below = below;
                MethodsOver[(nint)below] = known = (nint)layer;
            }

            return (LayerMethods*)known;
        }
    }

    /// <summary>A file system's table and, behind it, the one below.</summary>
    [StructLayout(LayoutKind.Explicit)]
    private struct LayerVfs
    {
        [FieldOffset(0)]
        public VfsTable Vfs;

        [FieldOffset(VfsTable.Size)]
        public VfsTable* Below;
    }

    /// <summary>A file's methods and, behind them, those below.</summary>
    [StructLayout(LayoutKind.Explicit)]
    private struct LayerMethods
    {
        [FieldOffset(0)]
        public FileMethods Methods;

        [FieldOffset(FileMethods.Size)]
        public FileMethods* Below;
    }
}
