using System.Buffers.Binary;
using System.Security.Cryptography;
using Decisioning.Core.Consumers;

namespace Decisioning.Engine.Identity;

/// <summary>The installation's secret: the keys that hash ids, and the seed of draws. Lost or changed, no stored consumer is found again.</summary>
/// <param name="Consumers">Key of the hash of consumers' ids.</param>
/// <param name="Contextual">Key of the hash of contextual decisions' marks.</param>
/// <param name="Seed">Seeds draws.</param>
internal sealed record EngineSecret(SipHash Consumers, SipHash Contextual, ulong Seed)
{
    public const string FileName = "engine.secret";

    private const int Size = 5 * sizeof(ulong);

    /// <summary>A secret of random bytes.</summary>
    public static EngineSecret Create() => Read(CreateBytes());

    /// <summary>Random bytes for a secret that is kept elsewhere.</summary>
    public static byte[] CreateBytes() => RandomNumberGenerator.GetBytes(Size);

    /// <summary>Reads the secret in the folder; makes one, readable by its owner alone, where there is none yet.</summary>
    /// <exception cref="InvalidDataException">The file is not a secret.</exception>
    public static EngineSecret Open(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            Write(path, CreateBytes());
        }

        return Of(File.ReadAllBytes(path), path);
    }

    /// <param name="bytes">What <see cref="CreateBytes"/> made.</param>
    /// <param name="source">Where they are from, for the message.</param>
    /// <exception cref="InvalidDataException">They are not a secret.</exception>
    public static EngineSecret Of(ReadOnlySpan<byte> bytes, string source) => bytes.Length == Size
        ? Read(bytes)
        : throw new InvalidDataException($"{source} must be {Size} bytes and is {bytes.Length}. Restore it from a backup: without it no stored consumer is found.");

    private static EngineSecret Read(ReadOnlySpan<byte> bytes) => new(
        new SipHash(Word(bytes, 0), Word(bytes, 1)), new SipHash(Word(bytes, 2), Word(bytes, 3)), Word(bytes, 4));

    private static ulong Word(ReadOnlySpan<byte> bytes, int index) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[(index * sizeof(ulong))..]);

    // Whole under another name first: a crash leaves a secret or none, never half of one.
    private static void Write(string path, byte[] bytes)
    {
        string draft = path + ".new";
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (FileStream file = new(draft, options))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: false);
    }
}
