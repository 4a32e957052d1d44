using System.Globalization;

namespace Decisioning.Cluster.Benchmarks;

/// <summary>The processes of a PostgreSQL server, as /proc tells; where there is none, nothing is known of them.</summary>
internal static class PostgresUsage
{
    // A tick is 10 ms to every program, whatever the kernel's own is.
    private const double TickMs = 10;

    // Of what follows the process's name, as proc(5) counts them from 3.
    private const int Parent = 1;
    private const int UserTime = 11;
    private const int EndedChildrensSystemTime = 14;

    /// <summary>The server's first process and all that it started.</summary>
    public static IEnumerable<int> Processes(int first) => Stats(first).Select(static s => s.Id);

    /// <summary>Milliseconds of CPU that they have used, those that have ended too.</summary>
    public static double Cpu(int first) =>
        Stats(first).Sum(static s => s.Fields[UserTime..(EndedChildrensSystemTime + 1)].Sum(static f => long.Parse(f, CultureInfo.InvariantCulture))) * TickMs;

    private static IEnumerable<(int Id, string[] Fields)> Stats(int first)
    {
        string parent = first.ToString(CultureInfo.InvariantCulture);
        foreach (string folder in Directory.Exists("/proc") ? Directory.GetDirectories("/proc") : [])
        {
            if (int.TryParse(Path.GetFileName(folder), out int id) && Read(folder) is { } fields && (id == first || fields[Parent] == parent))
            {
                yield return (id, fields);
            }
        }
    }

    private static string[]? Read(string folder)
    {
        try
        {
            string text = File.ReadAllText(Path.Combine(folder, "stat"));
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return null;
        }
    }
}
