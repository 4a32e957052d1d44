using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Decisioning.Engine.Storage.Sqlite;

/// <summary>
/// Zeroes the unallocated middle of every leaf page on its way into a database file. <c>secure_delete</c> zeroes what is deleted, but when a page is split or
/// merged, copies of rows that moved away stay in the middle of the old page, and a row deleted later lives on there. In WAL mode a database file is written by
/// checkpoints alone, so with this over it it never holds anything but live rows; the log is cut by <see cref="SqliteDatabase.CheckpointTruncate"/>.
/// </summary>
internal static unsafe class CleanPages
{
    private const byte TableLeaf = 0x0D;
    private const byte IndexLeaf = 0x0A;
    private const int LeafHead = 8;

    private static readonly MethodsLayer Methods = new(static methods => methods->Write = &OnWrite);

    /// <summary>Zeroes what lies between the cell pointers and the cells of a leaf page. Whatever is not a leaf page is left alone.</summary>
    public static void Clean(Span<byte> page)
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

    /// <summary>Puts this over an open database file.</summary>
    public static void PutOver(VfsFile* file) => Methods.PutOver(file);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnWrite(VfsFile* file, byte* from, int bytes, long offset)
    {
        // The first page begins with the file's head and holds the schema.
        if (offset >= bytes && bytes >= 512)
        {
            Clean(new Span<byte>(from, bytes));
        }

        return MethodsLayer.Below(file)->Write(file, from, bytes, offset);
    }
}
