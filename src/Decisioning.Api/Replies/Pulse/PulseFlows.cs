using System.Text.Json;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;

namespace Decisioning.Api.Replies.Pulse;

/// <summary>Writes hourly flows between AIPL stages; those that stay within one are left out.</summary>
internal static class PulseFlows
{
    // The AIPL stages, imported, erased.
    private const int Ends = 7;

    /// <param name="json">Where a value is due.</param>
    /// <param name="flows">Between fine stages, ordered by hour.</param>
    public static void Write(Utf8JsonWriter json, HourFlow[] flows)
    {
        Span<long> counts = stackalloc long[Ends * Ends];
        json.WriteStartArray();
        for (int i = 0; i < flows.Length;)
        {
            long hour = flows[i].Hour;
            counts.Clear();
            for (; i < flows.Length && flows[i].Hour == hour; i++)
            {
                counts[Coarse(flows[i].From) * Ends + Coarse(flows[i].To)] += flows[i].Count;
            }

            WriteHour(json, hour, counts);
        }

        json.WriteEndArray();
    }

    /// <summary>The AIPL name of a flow's end.</summary>
    public static string NameOf(FlowEnd end) => NameOf(Coarse(end));

    private static void WriteHour(Utf8JsonWriter json, long hour, ReadOnlySpan<long> counts)
    {
        for (int pair = 0; pair < counts.Length; pair++)
        {
            (int from, int to) = (pair / Ends, pair % Ends);
            if (from == to || counts[pair] == 0)
            {
                continue;
            }

            json.WriteStartObject();
            json.WriteInstant("hour", hour);
            json.WriteString("from", NameOf(from));
            json.WriteString("to", NameOf(to));
            json.WriteNumber("count", counts[pair]);
            json.WriteEndObject();
        }
    }

    private static int Coarse(FlowEnd end) => end switch
    {
        FlowEnd.Imported => Ends - 2,
        FlowEnd.Erased => Ends - 1,
        _ => (int)Names.Aipl((DeeplinkStage)end),
    };

    private static string NameOf(int coarse) => coarse switch
    {
        Ends - 2 => "imported",
        Ends - 1 => "erased",
        _ => Names.Of((Stage)coarse),
    };
}
