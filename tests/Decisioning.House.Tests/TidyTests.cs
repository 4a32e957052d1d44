using System.Text.RegularExpressions;

namespace Decisioning.House.Tests;

/// <summary>Style as a test: what a review would otherwise have to say again and again.</summary>
public sealed partial class TidyTests
{
    private const int MostLines = 450;

    private static readonly string[] Sources = ["src", "load", "tests"];

    [Fact]
    public void No_source_file_is_longer_than_one_idea_needs() => Assert.Empty(
        Sources.SelectMany(folder => House.Files(folder, "*.cs")).Concat(House.Files("src", "*.js"))
            .Where(file => House.Lines(file).Length > MostLines)
            .Select(file => $"{file} has {House.Lines(file).Length} lines."));

    [Fact]
    public void Nothing_is_left_for_later() => Assert.Empty(
        from file in Sources.SelectMany(folder => House.Files(folder, "*.cs"))
        where !file.EndsWith("TidyTests.cs", StringComparison.Ordinal)
        from line in House.Lines(file).Select((text, index) => (Text: text, Number: index + 1))
        where Unfinished().IsMatch(line.Text)
        select $"{file}:{line.Number} {line.Text.Trim()}");

    [Fact]
    public void No_type_is_named_for_nothing() =>
        Assert.DoesNotContain(House.Files("src", "*.cs").Concat(House.Files("load", "*.cs")), file => Vague().IsMatch(Path.GetFileNameWithoutExtension(file)));

    [Fact]
    public void The_maps_name_only_what_is_there()
    {
        List<string> missing = [];
        foreach (string map in new[] { "README.md", "src/README.md", "load/README.md" })
        {
            string folder = Path.GetDirectoryName(map)!;
            foreach (Match path in PathInText().Matches(House.Text(map)))
            {
                string named = path.Groups[1].Value.TrimEnd('/');
                if (!Exists(named) && !Exists(Path.Combine(folder, named)))
                {
                    missing.Add($"{map} names {named}.");
                }
            }
        }

        Assert.Empty(missing);

        static bool Exists(string path) => Path.Exists(Path.Combine(House.Root, path));
    }

    [GeneratedRegex(@"NotImplementedException|\bTODO\b|\bFIXME\b|\bHACK\b|Thread\.Sleep\(|Skip\s*=\s*""")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"(Manager|Helpers?|Utils?|Base|Impl)$")]
    private static partial Regex Vague();

    [GeneratedRegex(@"`((?:src|load|tests|Decisioning\.[A-Za-z]+|\.ci)/[A-Za-z0-9_./-]*)`")]
    private static partial Regex PathInText();
}
