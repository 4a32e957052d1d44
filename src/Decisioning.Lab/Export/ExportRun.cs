using Decisioning.Engine.Storage;
using Decisioning.Lab.Folder;
using Decisioning.Lab.Reports;

namespace Decisioning.Lab.Export;

/// <summary>Reads a data folder's journal and writes what it holds. Consumers that were erased are left out, however much of them is still there.</summary>
internal static class ExportRun
{
    /// <exception cref="LabFailureException">There is no engine's data in the folder.</exception>
    /// <exception cref="StorageException">The folder is in use or damaged.</exception>
    public static async Task<ExportReport> RunAsync(string path, Func<ExportSource, IExporter> make, string file, IProgressMeter meter, CancellationToken stop)
    {
        await using DataFolder folder = await DataFolder.OpenAsync(path);
        JournalSurvey survey = JournalSurvey.Of(folder, stop);
        IExporter exporter = make(new ExportSource(folder));
        using var lines = new JsonLinesWriter(file);
        int parts = exporter.NeedsParts ? survey.Parts : 1;
        meter.Begin("Exporting", survey.Records * parts);
        for (int part = 0; part < parts; part++)
        {
            foreach (TurnRecord record in folder.Log.ReadAfter(0))
            {
                stop.ThrowIfCancellationRequested();
                meter.Advance(1);
                bool wanted = record.Head.Kind == TurnKind.Contextual || (record.Head.Kind == TurnKind.Turn && !survey.Erasures.Cover(record));
                if (wanted && (parts == 1 || survey.PartOf(PartKeyOf(record)) == part))
                {
                    exporter.Add(record, lines);
                }
            }

            exporter.EndPart(lines);
        }

        return new ExportReport(lines.Rows);
    }

    // A contextual decision and the mark of its interactions have different keys, and make one touch: both are of the first part.
    private static ulong PartKeyOf(in TurnRecord record) => ExportSource.ConsumerOf(record) is null ? 0 : record.Head.Consumer;
}
