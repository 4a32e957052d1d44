using System.CommandLine;
using Decisioning.Lab.Reports;
using Decisioning.Lab.Verify;

namespace Decisioning.Lab.Commands;

/// <summary><c>verify</c>: recounts a data folder by brute force and compares.</summary>
internal static class VerifyCommand
{
    public static Command Create(LabConsole console)
    {
        LabCommand command = new("verify", "Recounts everything from the journal by brute force, at its last instant, and compares with what the engine holds.", CommonOptions.FolderFaults)
        {
            CommonOptions.Data, CommonOptions.Json,
        };
        command.SetAction(async (parsed, stop) =>
        {
            string folder = parsed.GetRequiredValue(CommonOptions.Data);
            VerifyReport report = await console.TrackAsync(meter => VerifyRun.RunAsync(folder, meter, stop));
            report.TellMismatches(console.Error);
            console.Report(report, parsed.GetValue(CommonOptions.Json));
            return report.Ok ? ExitCodes.Done : ExitCodes.BadData;
        });
        return command;
    }
}
