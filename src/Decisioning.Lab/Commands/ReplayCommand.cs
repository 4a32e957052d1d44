using System.CommandLine;
using System.CommandLine.Parsing;
using Decisioning.Core.Catalogue;
using Decisioning.Lab.Replay;
using Decisioning.Lab.Reports;
using Decisioning.Lab.Streams;

namespace Decisioning.Lab.Commands;

/// <summary><c>replay</c>: feeds a behaviour stream to an engine and asks for a decision at each view.</summary>
internal static class ReplayCommand
{
    private static readonly Option<string> Events = new("--events") { Description = "The stream's file.", Required = true, HelpName = "F" };
    private static readonly Option<string> Format = new("--format") { Description = "Format of the stream.", Required = true };
    private static readonly Option<string> Brand = new("--brand") { Description = "The brand the consumers met.", Required = true, HelpName = "B" };
    private static readonly Option<string?> Url = new("--url") { Description = "Replay through the server at this address.", HelpName = "U" };
    private static readonly Option<string?> Embedded = new("--embedded") { Description = "Replay into an engine of its own on this data folder.", HelpName = "DIR" };
    private static readonly Option<string?> Shift = new("--shift") { Description = "now: move the last event to the start of the run (always with --url)." };
    private static readonly Option<double?> Speed = new("--speed") { Description = "Replay at so many times the stream's own pace; as fast as may be without it.", HelpName = "N" };
    private static readonly Option<string?> Catalogue = new("--catalogue") { Description = "The brand's document; without it a demo brand's, dated to the stream's end.", HelpName = "FILE" };
    private static readonly Option<string?> Key = new("--key") { Description = "The API key, for --url.", HelpName = "K" };

    public static Command Create(LabConsole console)
    {
        Format.AcceptOnlyFromAmong(TaobaoFormat.Name, JsonLinesFormat.Name);
        Shift.AcceptOnlyFromAmong("now");
        Command command = new("replay", "Feeds a behaviour stream to the engine and asks for a decision at each view.")
        {
            Events, Format, Brand, Url, Embedded, Shift, Speed, Catalogue, Key, CommonOptions.Json,
        };
        command.Validators.Add(Check);
        command.SetAction((parsed, stop) => RunAsync(parsed, console, stop));
        return command;
    }

    private static void Check(CommandResult given)
    {
        if (given.GetValue(Url) is null == given.GetValue(Embedded) is null)
        {
            given.AddError("Give one of --url and --embedded.");
        }

        if (given.GetValue(Url) is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"))
        {
            given.AddError($"--url '{url}' is no http or https address.");
        }

        if (given.GetResult(Speed)?.Errors.Any() == false && given.GetValue(Speed) is not (null or > 0 and < double.PositiveInfinity))
        {
            given.AddError("--speed must be above 0.");
        }

        if (given.GetValue(Brand) is { } brand && !Ids.IsValid(brand))
        {
            given.AddError($"--brand '{brand}' is no id of a brand: an id has {Ids.Rule}.");
        }

        if (given.GetValue(Key) is not null && given.GetValue(Url) is null)
        {
            given.AddError("--key goes with --url alone.");
        }

        CommonOptions.CheckFile(given, Events);
        CommonOptions.CheckFile(given, Catalogue);
    }

    private static async Task<int> RunAsync(ParseResult parsed, LabConsole console, CancellationToken stop)
    {
        IEventFormat format = parsed.GetValue(Format) == TaobaoFormat.Name ? new TaobaoFormat() : new JsonLinesFormat();
        var plan = new ReplayPlan
        {
            Stream = new EventStream(parsed.GetRequiredValue(Events), format),
            Brand = parsed.GetRequiredValue(Brand),
            Catalogue = parsed.GetValue(Catalogue),
            ShiftToNow = parsed.GetValue(Shift) is not null || parsed.GetValue(Url) is not null,
            Speed = parsed.GetValue(Speed),
        };
        IReplayTarget target = parsed.GetValue(Url) is { } url ? new ServerTarget(new Uri(url), parsed.GetValue(Key)) : new EmbeddedTarget(parsed.GetValue(Embedded)!);
        ReplayReport report = await console.TrackAsync(meter => ReplayRun.RunAsync(plan, target, TimeProvider.System, meter, stop));
        report.TellRejections(console.Error);
        console.Report(report, parsed.GetValue(CommonOptions.Json));
        return ExitCodes.Done;
    }
}
