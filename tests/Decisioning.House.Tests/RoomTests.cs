using System.Text.RegularExpressions;

namespace Decisioning.House.Tests;

/// <summary>Data goes one way through the house: a room may use the types of the rooms before it, never of those after it.</summary>
public sealed partial class RoomTests
{
    /// <summary>Core's rooms in the order that data passes them; the port to the hosts stands at the end.</summary>
    private static readonly string[] Rooms = ["Catalogue", "Consumers", "Decide", "Record", "Aggregate", "Hosting"];

    /// <summary>The rooms of the load generator in the order that a run passes them.</summary>
    private static readonly string[] LoadRooms = ["Histograms", "Http", "Arrivals", "Scenarios", "World", "Running", "Checks", "Reports", "Compare"];

    /// <summary>Which of the house's projects each may reference; what is built only to be started as a process is none of them.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Decisioning.Core"] = [],
        ["Decisioning.Engine"] = ["Decisioning.Core"],
        ["Decisioning.Api"] = ["Decisioning.Core"],
        ["Decisioning.Server"] = ["Decisioning.Api", "Decisioning.Engine"],
        ["Decisioning.Cluster"] = ["Decisioning.Core", "Decisioning.Engine"],
        ["Decisioning.Silo"] = ["Decisioning.Server", "Decisioning.Cluster"],
        ["Decisioning.Cluster.Azure"] = ["Decisioning.Cluster"],
        ["Decisioning.Silo.Azure"] = ["Decisioning.Silo", "Decisioning.Cluster.Azure"],
        ["Decisioning.Lab"] = ["Decisioning.Core", "Decisioning.Engine"],
        ["Decisioning.Load"] = [],
        ["Decisioning.Load.Bare"] = ["Decisioning.Server"],
    };

    [Fact]
    public void A_room_of_Core_uses_only_rooms_before_it() => Assert.Empty(
        from file in House.Files("src/Decisioning.Core", "*.cs")
        from fault in UsesOf(file, Rooms, CoreNamespace())
        select fault);

    [Fact]
    public void A_room_of_the_load_generator_uses_only_rooms_before_it() => Assert.Empty(
        from file in House.Files("load/Decisioning.Load", "*.cs")
        where file.Count(c => c == '/') > 2
        from fault in UsesOf(file, LoadRooms, LoadNamespace())
        select fault);

    [Fact]
    public void A_project_references_only_what_comes_before_it()
    {
        foreach (string project in House.Files("src", "*.csproj").Concat(House.Files("load", "*.csproj")))
        {
            string name = Path.GetFileNameWithoutExtension(project);
            Assert.True(Allowed.ContainsKey(name), $"{name} has no place in the order of projects.");
            foreach (Match reference in Reference().Matches(House.Text(project)))
            {
                Assert.Contains(reference.Groups[1].Value, Allowed[name]);
            }
        }
    }

    [Fact]
    public void What_needs_Azures_packages_is_in_its_own_solution_alone()
    {
        string[] others = ["Decisioning.sln", "src/Decisioning.Cluster.slnx"];
        Assert.All(others, solution => Assert.DoesNotContain("Azure", House.Text(solution), StringComparison.Ordinal));
        foreach (string project in House.Files("src", "*.csproj").Concat(House.Files("tests", "*.csproj")))
        {
            bool needs = AzurePackage().IsMatch(House.Text(project));
            Assert.True(!needs || project.Contains(".Azure", StringComparison.Ordinal), $"{project} needs a package or a project of Azure's.");
            Assert.Equal(
                project.Contains(".Azure", StringComparison.Ordinal),
                House.Text("src/Decisioning.Cluster.Azure.slnx").Contains($"{Path.GetFileName(project)}", StringComparison.Ordinal) && needs);
        }
    }

    [Fact]
    public void Core_takes_no_package_no_clock_no_chance_no_thread_and_no_file()
    {
        Assert.DoesNotContain("PackageReference", House.Text("src/Decisioning.Core/Decisioning.Core.csproj"), StringComparison.Ordinal);
        List<string> faults = [];
        foreach (string file in House.Files("src/Decisioning.Core", "*.cs"))
        {
            string[] lines = House.Lines(file);
            for (int i = 0; i < lines.Length; i++)
            {
                if (!lines[i].TrimStart().StartsWith("//", StringComparison.Ordinal) && Impure().Match(lines[i]) is { Success: true } match)
                {
                    faults.Add($"{file}:{i + 1} uses {match.Value}.");
                }
            }
        }

        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("var x = DateTime.UtcNow;")]
    [InlineData("private static readonly Random R = new Random(1);")]
    [InlineData("File.ReadAllText(path);")]
    [InlineData("[ThreadStatic]")]
    [InlineData("lock (_gate)")]
    [InlineData("await Task.Delay(5);")]
    public void The_check_sees_what_is_impure(string line) => Assert.Matches(Impure(), line);

    private static IEnumerable<string> UsesOf(string file, string[] rooms, Regex namespaces)
    {
        int own = Array.IndexOf(rooms, file.Split('/')[2]);
        Assert.True(own >= 0, $"{file} stands in no room.");
        return from used in namespaces.Matches(House.Text(file))
               let room = Array.IndexOf(rooms, used.Groups[1].Value)
               where room > own
               select $"{file} uses {rooms[room]}, which comes after {rooms[own]}.";
    }

    [GeneratedRegex(@"Decisioning\.Core\.([A-Z][a-z]+)\b")]
    private static partial Regex CoreNamespace();

    [GeneratedRegex(@"Decisioning\.Load\.([A-Z][a-z]+)\b")]
    private static partial Regex LoadNamespace();

    [GeneratedRegex(@"ProjectReference Include="".*?/([A-Za-z.]+)\.csproj""(?! ReferenceOutputAssembly=""false"")")]
    private static partial Regex Reference();

    [GeneratedRegex(@"(Package|Project)Reference Include=""[^""]*Azure")]
    private static partial Regex AzurePackage();

    [GeneratedRegex(@"\b(DateTime\.(Utc)?Now|DateTimeOffset\.(Utc)?Now|TimeProvider|Stopwatch|Environment\.|Random\b|Guid\.|Task\.|Thread(Static|Local|Pool)?\b|Interlocked|Volatile|lock \(|File\.|Directory\.|FileStream|Console\.|HttpClient|Socket)")]
    private static partial Regex Impure();
}
