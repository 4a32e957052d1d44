using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
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
    private static readonly Option<double?> Speed = new("--speed")
    {
        Description = "Replay at so many times the stream's own pace; as fast as may be without it.",
        HelpName = "N",
        CustomParser = ReadSpeed,
    };

    private static readonly Option<string?> Catalogue = new("--catalogue") { Description = "The brand's document; without it a demo brand's, dated to the stream's end.", HelpName = "FILE" };
    private static readonly Option<string?> Key = new("--key") { Description = "The API key, for --url.", HelpName = "K" };

    public static Command Create(LabConsole console)
    {
        Format.Among(TaobaoFormat.Name, JsonLinesFormat.Name);
        Shift.Among("now");
        LabCommand command = new("replay", "Feeds a behaviour stream to the engine and asks for a decision at each view.", FaultsOf)
        {
            Events, Format, Brand, Url, Embedded, Shift, Speed, Catalogue, Key, CommonOptions.Json,
        };
        command.SetAction((parsed, stop) => RunAsync(parsed, console, stop));
        return command;
    }

    private static IEnumerable<string> FaultsOf(CommandResult given)
    {
        if (given.GetResult(Url) is null == given.GetResult(Embedded) is null)
        {
            yield return "Give one of --url and --embedded.";
        }

        if (given.Sound(Url) is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"))
        {
            yield return $"--url '{url}' is no http or https address.";
        }

        if (given.Sound(Brand) is { } brand && !Ids.IsValid(brand))
        {
            yield return $"--brand '{brand}' is no id of a brand: an id has {Ids.Rule}.";
        }

        if (given.GetResult(Key) is not null && given.GetResult(Url) is null)
        {
            yield return "--key goes with --url alone.";
        }

        if (given.Sound(Events) is { } events && !File.Exists(events))
        {
            yield return $"--events: there is no file '{events}'.";
        }

        if (given.Sound(Catalogue) is { } catalogue && !File.Exists(catalogue))
        {
            yield return $"--catalogue: there is no file '{catalogue}'.";
        }
    }

    private static double? ReadSpeed(ArgumentResult given)
    {
        if (double.TryParse(given.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double speed) && speed > 0 && double.IsFinite(speed))
        {
            return speed;
        }

        given.AddError($"--speed '{given.Tokens[0].Value}' is no number above 0.");
        return null;
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
