using System.Runtime.InteropServices;

namespace Decisioning.Engine.Storage.Sqlite;

/// <summary>SQLite's <c>sqlite3_vfs</c>, as far as it is used here; <see cref="Size"/> is the whole of it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VfsTable
{
    /// <summary>Bytes of version 3 on 64 bits.</summary>
    public const int Size = 168;

    public int Version;
    public int FileSize;
    public int MaxPathname;
    public nint Next;
    public nint Name;
    public nint AppData;
    public delegate* unmanaged[Cdecl]<VfsTable*, byte*, VfsFile*, int, int*, int> Open;
    public delegate* unmanaged[Cdecl]<VfsTable*, byte*, int, int> Delete;
}

/// <summary>The beginning of every open file: its methods. What follows is the file system's own.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VfsFile
{
    public FileMethods* Methods;
}

/// <summary>SQLite's <c>sqlite3_io_methods</c>, as far as it is used here; <see cref="Size"/> is the whole of it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FileMethods
{
    /// <summary>Bytes of version 3 on 64 bits.</summary>
    public const int Size = 152;

    public int Version;
    public delegate* unmanaged[Cdecl]<VfsFile*, int> Close;
    public delegate* unmanaged[Cdecl]<VfsFile*, byte*, int, long, int> Read;
    public delegate* unmanaged[Cdecl]<VfsFile*, byte*, int, long, int> Write;
    public delegate* unmanaged[Cdecl]<VfsFile*, long, int> Truncate;
    public delegate* unmanaged[Cdecl]<VfsFile*, int, int> Sync;
    public delegate* unmanaged[Cdecl]<VfsFile*, long*, int> FileSize;
}

/// <summary>The functions of SQLite that the managed layer does not pass on: those about its file systems.</summary>
internal static unsafe partial class SqliteNative
{
    public const int Ok = 0;

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_find")]
    public static partial VfsTable* FindVfs(byte* name);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_register")]
    public static partial int RegisterVfs(VfsTable* vfs, int makeDefault);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_unregister")]
    public static partial int UnregisterVfs(VfsTable* vfs);

    /// <summary>Copies a file system's table under another name, whose bytes are the caller's to free.</summary>
    /// <param name="into"><see cref="VfsTable.Size"/> bytes.</param>
    public static void CopyVfs(VfsTable* vfs, string name, VfsTable* into)
    {
        Buffer.MemoryCopy(vfs, into, VfsTable.Size, VfsTable.Size);
        into->Name = Marshal.StringToCoTaskMemUTF8(name);
    }
}
