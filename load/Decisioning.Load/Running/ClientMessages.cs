using System.Text.Json;
using Decisioning.Load.Histograms;

namespace Decisioning.Load.Running;

/// <summary>What a client process is told, one JSON object a line; one member is set.</summary>
internal sealed record ToldClient
{
    /// <summary>The first line.</summary>
    public LoadPlan? Plan { get; init; }

    /// <summary>Runs a segment.</summary>
    public Segment? Segment { get; init; }

    /// <summary>Ends the segment that runs.</summary>
    public bool Stop { get; init; }

    /// <summary>Makes the checks that come after the load, and ends.</summary>
    public bool Finish { get; init; }
}

/// <summary>What a client process says, one JSON object a line; one member is set.</summary>
internal sealed record ClientSays
{
    /// <summary>Its connections are open.</summary>
    public bool Ready { get; init; }

    /// <summary>It cannot go on, and why.</summary>
    public string? Fault { get; init; }

    public Frame? Frame { get; init; }

    public SegmentEnd? End { get; init; }

    public IReadOnlyList<CheckResult>? Checks { get; init; }
}

/// <param name="Early">Why it ended before its time; null: it did not.</param>
/// <param name="Fresh">Numbers that were given to those who were never seen before, in all segments so far; null: it cannot say.</param>
internal sealed record SegmentEnd(string? Early, int? Fresh);

/// <summary>The lines between the coordinator and its clients.</summary>
internal static class ClientLine
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new HistogramConverter() } };

    public static string Of<T>(T message) => JsonSerializer.Serialize(message, Json);

    /// <exception cref="InvalidDataException">It is no such message.</exception>
    public static T Read<T>(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(line, Json) ?? throw new InvalidDataException("An empty message.");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"This is no message between the generator's processes: {fault.Message}", fault);
        }
    }
}
