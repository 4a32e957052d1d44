using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Decisioning.Engine.Storage.Sqlite;

namespace Decisioning.Engine.Tests.Storage;

/// <summary>
/// A disk whose power can be cut. It stands between SQLite and the real file system under a name of its own and knows what was written since the last sync,
/// so that <see cref="PowerCut"/> can take it away again. Writes and syncs can be made to fail, and syncs to hang.
/// </summary>
internal sealed unsafe class UnsyncedVfs : IDisposable
{
    public const int DiskFull = 13;
    public const int WriteError = 10 | (3 << 8);
    public const int SyncError = 10 | (4 << 8);

    private static readonly ConcurrentDictionary<nint, UnsyncedVfs> Disks = new();
    private static readonly ConcurrentDictionary<nint, OpenFile> Open = new();
    private static int _count;

    private readonly VfsTable* _real;
    private readonly VfsTable* _own;
    private readonly Dictionary<nint, nint> _methods = [];
    private readonly object _gate = new();
    private readonly Dictionary<string, UnsyncedFile> _files = [];
    private readonly SemaphoreSlim _syncsHeld = new(0);
    private volatile ManualResetEventSlim? _syncGate;
    private volatile int _writeFault;
    private volatile int _syncFault;
    private int _cuts;

    public UnsyncedVfs()
    {
        SQLitePCL.Batteries_V2.Init();
        Name = $"unsynced-{Interlocked.Increment(ref _count)}";
        _real = SqliteNative.FindVfs(null);
        _own = (VfsTable*)NativeMemory.Alloc(VfsTable.Size);
        SqliteNative.CopyVfs(_real, Name, _own);
        _own->Open = &OnOpen;
        _own->Delete = &OnDelete;
        Disks[(nint)_own] = this;
        Assert.Equal(SqliteNative.Ok, SqliteNative.RegisterVfs(_own, 0));
    }

    /// <summary>To be given to SQLite when it opens a file.</summary>
    public string Name { get; }

    /// <summary>SQLite result code that every write gets; 0: writes succeed.</summary>
    public int WriteFault { set => _writeFault = value; }

    /// <summary>SQLite result code that every sync gets, and nothing is synced; 0: syncs succeed.</summary>
    public int SyncFault { set => _syncFault = value; }

    /// <summary>Makes syncs hang until the handle is disposed.</summary>
    public IDisposable HoldSyncs() => new SyncHold(this);

    /// <summary>Completes when a sync hangs that has not been waited for here yet.</summary>
    public Task SyncHeldAsync() => _syncsHeld.WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>
    /// Every file goes back to what was synced last. Files that are open fail from now on; open them anew. With a source of chance, each sector written since
    /// its last sync may have come through all the same.
    /// </summary>
    public void PowerCut(Random? survivors = null)
    {
        lock (_gate)
        {
            _cuts++;
            foreach ((string path, UnsyncedFile file) in _files)
            {
                file.RollBack(survivors);
                File.Delete(path + "-shm");
            }

            _files.Clear();
        }
    }

    public void Dispose()
    {
        SqliteNative.UnregisterVfs(_own);
        Disks.TryRemove((nint)_own, out _);
        Marshal.FreeCoTaskMem(_own->Name);
        NativeMemory.Free(_own);
        foreach (nint methods in _methods.Values)
        {
            NativeMemory.Free((void*)methods);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnOpen(VfsTable* vfs, byte* name, VfsFile* file, int flags, int* flagsOut)
    {
        UnsyncedVfs disk = Disks[(nint)vfs];
        int code = disk._real->Open(disk._real, name, file, flags, flagsOut);
        if (code == SqliteNative.Ok && name is not null)
        {
            disk.Adopt(file, Marshal.PtrToStringUTF8((nint)name)!);
        }

        return code;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnDelete(VfsTable* vfs, byte* name, int syncFolder)
    {
        UnsyncedVfs disk = Disks[(nint)vfs];
        lock (disk._gate)
        {
            disk._files.Remove(Marshal.PtrToStringUTF8((nint)name)!);
            return disk._real->Delete(disk._real, name, syncFolder);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnClose(VfsFile* file)
    {
        Open.TryRemove((nint)file, out OpenFile? open);
        return open!.Real->Close(file);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnWrite(VfsFile* file, byte* from, int bytes, long offset)
    {
        OpenFile open = Open[(nint)file];
        UnsyncedVfs disk = open.Disk;
        lock (disk._gate)
        {
            if (disk._writeFault != SqliteNative.Ok || open.Cuts != disk._cuts)
            {
                return disk._writeFault != SqliteNative.Ok ? disk._writeFault : WriteError;
            }

            open.Content.Note(offset, open.Read(file, offset, bytes), bytes);
            return open.Real->Write(file, from, bytes, offset);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnTruncate(VfsFile* file, long size)
    {
        OpenFile open = Open[(nint)file];
        lock (open.Disk._gate)
        {
            if (open.Cuts != open.Disk._cuts)
            {
                return WriteError;
            }

            open.Content.Note(size, open.Read(file, size, int.MaxValue), 0);
            return open.Real->Truncate(file, size);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnSync(VfsFile* file, int flags)
    {
        OpenFile open = Open[(nint)file];
        UnsyncedVfs disk = open.Disk;
        if (disk._syncGate is { } gate)
        {
            disk._syncsHeld.Release();
            gate.Wait();
        }

        lock (disk._gate)
        {
            if (disk._syncFault != SqliteNative.Ok || open.Cuts != disk._cuts)
            {
                return SyncError;
            }

            int code = open.Real->Sync(file, flags);
            open.Content.Synced(open.SizeOf(file));
            return code;
        }
    }

    /// <summary>Lets the file keep its real methods but those that change or sync it.</summary>
    private void Adopt(VfsFile* file, string path)
    {
        FileMethods* real = file->Methods;
        lock (_gate)
        {
            if (!_files.TryGetValue(path, out UnsyncedFile? content))
            {
                _files[path] = content = new UnsyncedFile(path, new OpenFile(this, real, null!, 0).SizeOf(file));
            }

            Open[(nint)file] = new OpenFile(this, real, content, _cuts);
            file->Methods = OwnMethods(real);
        }
    }

    /// <summary>Databases and logs have different real methods: shared memory is for databases only.</summary>
    private FileMethods* OwnMethods(FileMethods* real)
    {
        if (_methods.TryGetValue((nint)real, out nint known))
        {
            return (FileMethods*)known;
        }

        var own = (FileMethods*)NativeMemory.Alloc(FileMethods.Size);
        Buffer.MemoryCopy(real, own, FileMethods.Size, FileMethods.Size);
        own->Close = &OnClose;
        own->Write = &OnWrite;
        own->Truncate = &OnTruncate;
        own->Sync = &OnSync;
        _methods[(nint)real] = (nint)own;
        return own;
    }

    private sealed class OpenFile(UnsyncedVfs disk, FileMethods* real, UnsyncedFile content, int cuts)
    {
        public UnsyncedVfs Disk => disk;

        public FileMethods* Real => real;

        public UnsyncedFile Content => content;

        /// <summary>Power cuts before it was opened: after another one it is dead.</summary>
        public int Cuts => cuts;

        public long SizeOf(VfsFile* file)
        {
            long size;
            real->FileSize(file, &size);
            return size;
        }

        public byte[] Read(VfsFile* file, long offset, int most)
        {
            byte[] content = new byte[Math.Clamp(SizeOf(file) - offset, 0, most)];
            fixed (byte* into = content)
            {
                return content.Length == 0 || real->Read(file, into, content.Length, offset) == SqliteNative.Ok ? content : [];
            }
        }
    }

    private sealed class SyncHold : IDisposable
    {
        private readonly UnsyncedVfs _disk;
        private readonly ManualResetEventSlim _gate = new();

        public SyncHold(UnsyncedVfs disk)
        {
            _disk = disk;
            disk._syncGate = _gate;
        }

        public void Dispose()
        {
            _disk._syncGate = null;
            _gate.Set();
        }
    }
}
