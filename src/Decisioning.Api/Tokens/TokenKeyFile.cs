using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Decisioning.Api.Tokens;

/// <summary>
/// The file that holds the token secrets: one line a key, <c>ID SECRET</c>, the id from 0 to 255 and the secret of 32 bytes in base64url, oldest first.
/// To rotate, append a line; to retire a key, remove its line once its tokens are of no more use.
/// </summary>
public static class TokenKeyFile
{
    /// <summary>The file's name in the data folder.</summary>
    public const string Name = "token.key";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens the ring of a data folder, making a first secret where there is none.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <exception cref="InvalidDataException">The file is readable by others than its owner, or a line is not a key.</exception>
    /// <exception cref="IOException">The file cannot be read or made.</exception>
    public static TokenRing OpenOrCreate(string folder)
    {
        string path = Path.Combine(folder, Name);
        if (!File.Exists(path))
        {
            Create(path);
        }

        RequireOwnerOnly(path);
        return Read(File.ReadAllText(path), Name);
    }

    /// <summary>A text with a first secret.</summary>
    public static string NewText() => $"1 {Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenKey.SecretBytes))}\n";

    /// <summary>Opens the ring of such a text, wherever it is kept.</summary>
    /// <param name="text">A line a key.</param>
    /// <param name="source">Where it is from, for the message.</param>
    /// <exception cref="InvalidDataException">A line is not a key.</exception>
    public static TokenRing Read(string text, string source)
    {
        string[] lines = text.Split('\n', StringSplitOptions.TrimEntries);
        List<(byte, byte[])> secrets = [];
        for (int i = 0; i < lines.Length; i++)
        {
            if (!string.IsNullOrWhiteSpace(lines[i]))
            {
                secrets.Add(Parse(lines[i], i + 1, source));
            }
        }

        try
        {
            return new TokenRing(secrets);
        }
        catch (ArgumentException fault)
        {
            throw new InvalidDataException($"{source} cannot be used: {fault.Message}", fault);
        }
    }

    private static void Create(string path)
    {
        string draft = path + ".new";
        File.Delete(draft);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (FileStream file = new(draft, options))
        {
            file.Write(Encoding.ASCII.GetBytes(NewText()));
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path);
    }

    private static void RequireOwnerOnly(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
        {
            throw new InvalidDataException($"{path} can be reached by others than its owner; set its mode to 0600.");
        }
    }

    private static (byte Id, byte[] Secret) Parse(string line, int number, string source)
    {
        string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        byte[] secret = new byte[TokenKey.SecretBytes];
        if (parts.Length != 2 || !byte.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out byte id)
            || !Base64Url.IsValid(parts[1], out int length) || length != secret.Length || !Base64Url.TryDecodeFromChars(parts[1], secret, out _))
        {
            throw new InvalidDataException(
                $"{source}, line {number}: expected a key id from 0 to 255 and a secret of {TokenKey.SecretBytes} bytes in base64url.");
        }

        return (id, secret);
    }
}
