using Decisioning.Load.Histograms;
using Decisioning.Load.Running;

namespace Decisioning.Load.Reports;

/// <summary>A run's files: <c>result.json</c>, <c>report.html</c>, and a <c>.hgrm</c> for each kind of call whose latencies are not withheld.</summary>
internal static class ReportFolder
{
    /// <summary>Writes them into a folder, which is made where there is none.</summary>
    /// <exception cref="LoadFailureException">It cannot be written.</exception>
    public static void Write(string folder, RunResult result, Verdict verdict, IReadOnlyList<Comparison> comparisons)
    {
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(Path.Combine(folder, "result.json"), ResultJson.Of(result, verdict, comparisons));
            File.WriteAllText(Path.Combine(folder, "report.html"), HtmlReport.Of(result, verdict, comparisons));
            foreach (CallKind kind in Enum.GetValues<CallKind>().Where(k => result.Latency(k) is not null))
            {
                using StreamWriter file = new(Path.Combine(folder, $"{ResultJson.NameOf(kind)}.hgrm"));
                HgrmWriter.Write(file, result.Total.Series[(int)kind].Latency);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new LoadFailureException($"--out '{folder}' cannot be written: {fault.Message}");
        }
    }
}
