using System.Runtime.Versioning;
using Decisioning.Api.Tests.Support;
using Decisioning.Api.Tokens;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record;

namespace Decisioning.Api.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class TokenKeyFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("decisioning-token-");

    private string FilePath => Path.Combine(_folder.FullName, TokenKeyFile.Name);

    [Fact]
    public void The_first_start_makes_a_secret_and_later_ones_keep_it()
    {
        using TokenRing first = TokenKeyFile.OpenOrCreate(_folder.FullName);
        string content = File.ReadAllText(FilePath);
        using TokenRing second = TokenKeyFile.OpenOrCreate(_folder.FullName);
        Assert.Equal(content, File.ReadAllText(FilePath));
        Assert.True(second.TryOpen(Seal(first), out _, out _));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public void Two_folders_have_two_secrets()
    {
        using TokenRing here = TokenKeyFile.OpenOrCreate(_folder.FullName);
        using TokenRing there = TokenKeyFile.OpenOrCreate(_folder.CreateSubdirectory("other").FullName);
        Assert.False(there.TryOpen(Seal(here), out _, out _));
    }

    [Fact]
    public void An_appended_line_rotates()
    {
        using TokenRing before = TokenKeyFile.OpenOrCreate(_folder.FullName);
        File.AppendAllText(FilePath, $"2 {new string('B', 42)}E\n");
        using TokenRing after = TokenKeyFile.OpenOrCreate(_folder.FullName);
        Assert.True(after.TryOpen(Seal(before), out _, out _));
        Assert.False(before.TryOpen(Seal(after), out _, out _));
    }

    [Fact]
    public void A_file_that_others_can_read_is_not_used()
    {
        TokenKeyFile.OpenOrCreate(_folder.FullName).Dispose();
        File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        InvalidDataException fault = Assert.Throws<InvalidDataException>(() => TokenKeyFile.OpenOrCreate(_folder.FullName));
        Assert.Contains("0600", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1 short")]
    [InlineData("256 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("x AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA more")]
    [InlineData("1 !!!!AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void A_garbled_file_is_not_used_and_not_replaced(string content)
    {
        TokenKeyFile.OpenOrCreate(_folder.FullName).Dispose();
        File.WriteAllText(FilePath, content);
        Assert.Throws<InvalidDataException>(() => TokenKeyFile.OpenOrCreate(_folder.FullName));
        Assert.Equal(content, File.ReadAllText(FilePath));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static byte[] Seal(TokenRing ring)
    {
        byte[] text = new byte[TokenRing.MaxTextBytes];
        DecisionRef decision = new("c", 1, 1, 1, 1, 1, ScriptedHost.Start, 1, PriceModel.None, 0);
        return text[..ring.Seal(DecisionFacts.Of(decision), TokenRealm.Live, text)];
    }
}
