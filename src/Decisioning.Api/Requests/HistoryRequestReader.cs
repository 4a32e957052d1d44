using System.Text;
using Decisioning.Api.Replies;
using Decisioning.Api.Text;
using Decisioning.Api.Watch;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Catalogue.Reading;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Decisioning.Api.Requests;

/// <summary>Reads <c>?metric=&amp;from=&amp;to=&amp;by=hour|day</c>, naming every fault at once by the parameter.</summary>
internal static class HistoryRequestReader
{
    private const long Longest = WatchBounds.HistoryDays * Durations.Day;

    private static readonly string[] Known = [.. AllMetrics()];

    /// <summary>The query; null with the problem where it has faults.</summary>
    public static SeriesQuery? Read(IQueryCollection query, out Problem? problem)
    {
        List<Fault> faults = [];
        string? metric = ReadMetric(query, faults);
        long? from = ReadInstant(query, "from", faults);
        long? to = ReadInstant(query, "to", faults);
        bool byDay = ReadByDay(query, faults);
        if (from >= to)
        {
            faults.Add(new Fault("/to", RequestFaultCodes.OutOfRange, "to must be after from."));
        }
        else if (to - from > Longest)
        {
            faults.Add(new Fault("/to", RequestFaultCodes.OutOfRange, $"to must be at most {WatchBounds.HistoryDays} days after from."));
        }

        problem = faults.Count > 0 ? Problem.Invalid(faults) : null;
        return problem is null ? new SeriesQuery(metric!, from!.Value, to!.Value, byDay) : null;
    }

    private static string? ReadMetric(IQueryCollection query, List<Fault> faults)
    {
        if (ReadOne(query, "metric", faults) is not { } metric)
        {
            return null;
        }

        if (SeriesMetrics.IsKnown(metric))
        {
            return metric;
        }

        faults.Add(metric.Length > RequestBounds.TextBytes
            ? new Fault("/metric", RequestFaultCodes.TooLong, $"The text is longer than {RequestBounds.TextBytes} bytes.")
            : new Fault("/metric", RequestFaultCodes.UnknownValue, $"There is no metric \"{metric}\"{new Suggestions().For(metric, Known)}"));
        return null;
    }

    private static long? ReadInstant(IQueryCollection query, string name, List<Fault> faults)
    {
        if (ReadOne(query, name, faults) is not { } text)
        {
            return null;
        }

        if (text.Length <= RequestBounds.TextBytes && Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out long instant))
        {
            return instant;
        }

        faults.Add(new Fault(
            $"/{name}", RequestFaultCodes.BadFormat, "The time must be RFC 3339 with an offset, for example 2026-11-10T20:15:00Z; a + in it is sent as %2B."));
        return null;
    }

    private static bool ReadByDay(IQueryCollection query, List<Fault> faults)
    {
        string? by = query.ContainsKey("by") ? ReadOne(query, "by", faults) : "hour";
        if (by is not (null or "hour" or "day"))
        {
            faults.Add(new Fault("/by", RequestFaultCodes.UnknownValue, "by must be one of hour, day."));
        }

        return by == "day";
    }

    private static string? ReadOne(IQueryCollection query, string name, List<Fault> faults)
    {
        if (!query.TryGetValue(name, out StringValues values) || StringValues.IsNullOrEmpty(values))
        {
            faults.Add(new Fault($"/{name}", RequestFaultCodes.Missing, $"{name} is missing."));
            return null;
        }

        if (values.Count == 1)
        {
            return values[0];
        }

        faults.Add(new Fault($"/{name}", RequestFaultCodes.DuplicateMember, $"{name} is there twice."));
        return null;
    }

    private static IEnumerable<string> AllMetrics()
    {
        IEnumerable<string> flows =
            from source in Names.AllStages.Append("imported")
            from target in Names.AllStages.Append("erased")
            select $"{SeriesMetrics.FlowPrefix}{source}.{target}";
        return SeriesMetrics.Sums
            .Concat(Names.AllStages.Select(stage => SeriesMetrics.StagePrefix + stage))
            .Concat(Names.AllDeeplinkStages.Select(stage => SeriesMetrics.DeeplinkPrefix + stage))
            .Concat(NoDecisionReasons.All.Select(reason => SeriesMetrics.NoDecisionPrefix + reason))
            .Concat(flows)
            .Where(SeriesMetrics.IsKnown);
    }
}
