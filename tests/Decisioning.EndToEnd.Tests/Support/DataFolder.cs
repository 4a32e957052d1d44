using System.Text;

namespace Decisioning.EndToEnd.Tests.Support;

/// <summary>Looks at a server's files as they lie on disk.</summary>
internal static class DataFolder
{
    /// <summary>Whether any file of the folder holds the text's bytes, write-ahead logs included.</summary>
    public static bool Holds(string folder, string text)
    {
        byte[] sought = Encoding.UTF8.GetBytes(text);
        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any(file => Read(file).AsSpan().IndexOf(sought) >= 0);
    }

    private static byte[] Read(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using MemoryStream copy = new();
        file.CopyTo(copy);
        return copy.ToArray();
    }
}
