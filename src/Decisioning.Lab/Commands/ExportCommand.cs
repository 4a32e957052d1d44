using System.CommandLine;
using Decisioning.Lab.Export;
using Decisioning.Lab.Reports;

namespace Decisioning.Lab.Commands;

/// <summary><c>export</c>: what a data folder's journal holds, as JSON Lines.</summary>
internal static class ExportCommand
{
    private static readonly Option<string> What = new("--what") { Description = "What to write.", Required = true };
    private static readonly Option<string> Out = new("--out") { Description = "The file to write; it is overwritten.", Required = true, HelpName = "F" };

    public static Command Create(LabConsole console)
    {
        What.Among([.. ExportKinds.All.Keys]);
        LabCommand command = new("export", "Writes decisions, events or touches of the journal as JSON Lines for other tools.", CommonOptions.FolderFaults)
        {
            CommonOptions.Data, What, Out, CommonOptions.Json,
        };
        command.SetAction(async (parsed, stop) =>
        {
            (string folder, string what, string file) = (parsed.GetRequiredValue(CommonOptions.Data), parsed.GetRequiredValue(What), parsed.GetRequiredValue(Out));
            ExportReport report = await console.TrackAsync(meter => ExportRun.RunAsync(folder, ExportKinds.All[what], file, meter, stop));
            console.Report(report, parsed.GetValue(CommonOptions.Json));
            return ExitCodes.Done;
        });
        return command;
    }
}
