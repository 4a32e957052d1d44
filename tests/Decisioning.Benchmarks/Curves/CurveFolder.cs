using System.Globalization;
using System.Text.Json;
using Decisioning.Load.Reports;

namespace Decisioning.Benchmarks.Curves;

/// <summary>The folder <c>capacity</c> below the current one: <c>curves.json</c> with every curve as it was measured last, and a chart of each.</summary>
internal static class CurveFolder
{
    private const string Folder = "capacity";
    private static readonly string Json = Path.Combine(Folder, "curves.json");
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Keeps a curve in the place of an earlier one of the same name.</summary>
    public static void Keep(Curve curve)
    {
        Directory.CreateDirectory(Folder);
        Curve[] before = File.Exists(Json) ? JsonSerializer.Deserialize<Curve[]>(File.ReadAllBytes(Json), Readable)! : [];
        Curve[] now = [.. before.Where(c => c.Name != curve.Name).Append(curve).OrderBy(c => c.Name, StringComparer.Ordinal)];
        File.WriteAllText(Json, JsonSerializer.Serialize(now, Readable) + Environment.NewLine);
        foreach (Curve kept in now)
        {
            File.WriteAllText(Path.Combine(Folder, $"{kept.Name}.svg"), Draw(kept));
        }
    }

    // Points go by powers: each has the same room.
    private static string Draw(Curve curve) =>
        new Chart(curve.Title, "times the first point's", curve.Across)
        {
            Marks = [.. curve.Points.Select((p, place) => ((double)place, p.At.ToString("N0", CultureInfo.InvariantCulture)))],
        }.DrawFile(
            new ChartLine("time of a decision", 1, [.. curve.Points.Select((p, place) => ((double)place, (double?)p.TimeRatio))]),
            new ChartLine("server's CPU of a decision", 2, [.. curve.Points.Select((p, place) => ((double)place, (double?)p.CpuRatio))]));
}
