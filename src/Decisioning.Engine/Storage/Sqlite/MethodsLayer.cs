using System.Runtime.InteropServices;

namespace Decisioning.Engine.Storage.Sqlite;

/// <summary>
/// Puts methods of one's own over some of those of open files. Files of one kind have one table below, so there is one table over each of those, which lives as long as
/// the process, as those do.
/// </summary>
/// <param name="replace">Sets what is to be one's own in a copy of the table below.</param>
internal sealed unsafe class MethodsLayer(MethodsLayer.Replace replace)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<nint, nint> _over = [];

    public delegate void Replace(FileMethods* methods);

    /// <summary>The methods that a file had before; it has this over it.</summary>
    public static FileMethods* Below(VfsFile* file) => ((Table*)file->Methods)->Below;

    public void PutOver(VfsFile* file)
    {
        FileMethods* below = file->Methods;
        lock (_gate)
        {
            if (!_over.TryGetValue((nint)below, out nint over))
            {
                var table = (Table*)NativeMemory.AllocZeroed((nuint)sizeof(Table));
                Buffer.MemoryCopy(below, table, FileMethods.Size, FileMethods.Size);
                table->Below = below;
                replace(&table->Methods);
                _over[(nint)below] = over = (nint)table;
            }

            file->Methods = (FileMethods*)over;
        }
    }

    /// <summary>A file's methods and, behind them, those below.</summary>
    [StructLayout(LayoutKind.Explicit)]
    private struct Table
    {
        [FieldOffset(0)]
        public FileMethods Methods;

        [FieldOffset(FileMethods.Size)]
        public FileMethods* Below;
    }
}
