using System.Runtime.InteropServices;

namespace Decisioning.Engine.Tests.Storage;

/// <summary>SQLite's <c>sqlite3_vfs</c>, as far as these tests use it; <see cref="Size"/> is the whole of it.</summary>
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

/// <summary>SQLite's <c>sqlite3_io_methods</c>, as far as these tests use it; <see cref="Size"/> is the whole of it.</summary>
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

internal static unsafe partial class SqliteNative
{
    public const int Ok = 0;
    public const int Full = 13;
    public const int IoErrorWrite = 10 | (3 << 8);
    public const int IoErrorFsync = 10 | (4 << 8);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_find")]
    public static partial VfsTable* FindVfs(byte* name);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_register")]
    public static partial int RegisterVfs(VfsTable* vfs, int makeDefault);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_unregister")]
    public static partial int UnregisterVfs(VfsTable* vfs);
}
