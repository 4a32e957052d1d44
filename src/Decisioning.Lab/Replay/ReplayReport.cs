using System.Globalization;
using System.Text.Json;
using Decisioning.Core.Catalogue;
using Decisioning.Lab.Reports;

namespace Decisioning.Lab.Replay;

/// <summary>What a replay did.</summary>
/// <param name="Rejections">Rejected events by code.</param>
/// <param name="Decisions">Decisions asked for: one at each view.</param>
/// <param name="NoDecisions">Those of them that chose nothing, by reason.</param>
/// <param name="Seconds">From the opening of the target to the last answer.</param>
/// <param name="Stages">Consumers of the stream by their stage with the brand at the end.</param>
internal sealed record ReplayReport(
    long Events, long Accepted, long Duplicates, long Rejected, IReadOnlyDictionary<string, long> Rejections, long Decisions,
    IReadOnlyDictionary<string, long> NoDecisions, double Seconds, IReadOnlyDictionary<Stage, long> Stages) : IReport
{
    public void TellRejections(TextWriter error)
    {
        foreach ((string code, long count) in Rejections)
        {
            error.WriteLine($"{count} events were rejected: {code}");
        }
    }

    public void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteNumber("events", Events);
        json.WriteNumber("accepted", Accepted);
        json.WriteNumber("duplicates", Duplicates);
        json.WriteNumber("rejected", Rejected);
        json.WriteNumber("decisions", Decisions);
        WriteCounts(json, "noDecisions", NoDecisions);
        json.WriteNumber("seconds", Math.Round(Seconds, 3));
        WriteCounts(json, "stages", Stages.ToDictionary(s => Names.Of(s.Key), s => s.Value));
    }

    public void WriteText(TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"events       {Events:N0}: {Accepted:N0} accepted, {Duplicates:N0} duplicates, {Rejected:N0} rejected"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"decisions    {Decisions:N0} asked for, {Decisions - NoDecisions.Values.Sum():N0} chose something"));
        foreach ((string reason, long count) in NoDecisions)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {reason,-18} {count:N0}"));
        }

        output.WriteLine("consumers by stage at the end");
        foreach ((Stage stage, long count) in Stages)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {Names.Of(stage),-18} {count:N0}"));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seconds      {Seconds:F1}"));
    }

    private static void WriteCounts(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, long> counts)
    {
        json.WriteStartObject(name);
        foreach ((string key, long count) in counts)
        {
            json.WriteNumber(key, count);
        }

        json.WriteEndObject();
    }
}
