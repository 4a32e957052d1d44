using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Decisioning.Engine.Storage.Sqlite;

/// <summary>
/// Flushes a write-ahead log by <c>fdatasync</c>. The SQLite that is packaged for .NET is built without it and calls <c>fsync</c>, which also writes the file's times, a
/// second write of the disk for every commit; the log is written over from its beginning again and again, so that nothing else of it changes. Where its length does
/// change, <c>fdatasync</c> writes that as well.
/// </summary>
internal static unsafe partial class DataSync
{
    private const int SyncFailed = SQLitePCL.raw.SQLITE_IOERR_FSYNC;
    private const int Interrupted = 4;

    private static readonly MethodsLayer Methods = new(static methods =>
    {
        methods->Close = &OnClose;
        methods->Sync = &OnSync;
    });
    private static readonly ConcurrentDictionary<nint, OpenLog> Logs = new();

    /// <summary>Whether the operating system has it.</summary>
    public static bool IsHere => OperatingSystem.IsLinux();

    /// <summary>Puts this over an open log. A second handle is opened on it, for what SQLite keeps of its own is SQLite's; locks are held on other files.</summary>
    /// <param name="path">In UTF-8, ended by a zero.</param>
    /// <returns>False where the second handle cannot be opened; the file is as it was.</returns>
    public static bool TryPutOver(VfsFile* file, byte* path)
    {
        SafeFileHandle handle;
        try
        {
            handle = File.OpenHandle(Marshal.PtrToStringUTF8((nint)path)!, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        Logs[(nint)file] = new OpenLog(handle);
        Methods.PutOver(file);
        return true;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnClose(VfsFile* file)
    {
        Logs.TryRemove((nint)file, out OpenLog? log);
        log!.Handle.Dispose();
        return MethodsLayer.Below(file)->Close(file);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnSync(VfsFile* file, int flags)
    {
        OpenLog log = Logs[(nint)file];

        // SQLite's own also flushes the folder's entry of a file that it has made.
        return log.IsEntered ? SyncData(log.Handle) : Enter(log, file, flags);
    }

    private static int Enter(OpenLog log, VfsFile* file, int flags)
    {
        int code = MethodsLayer.Below(file)->Sync(file, flags);
        log.IsEntered = code == SqliteNative.Ok;
        return code;
    }

    private static int SyncData(SafeFileHandle log)
    {
        int code;
        do
        {
            code = FDataSync(log);
        }
        while (code != 0 && Marshal.GetLastPInvokeError() == Interrupted);

        return code == 0 ? SqliteNative.Ok : SyncFailed;
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FDataSync(SafeFileHandle file);

    private sealed class OpenLog(SafeFileHandle handle)
    {
        public SafeFileHandle Handle => handle;

        /// <summary>Whether the file and its entry in the folder have been flushed since it was opened.</summary>
        public bool IsEntered { get; set; }
    }
}
