using Decisioning.Core.Catalogue;

namespace Decisioning.Api.Replies;

/// <summary>Why a request was refused: what an <c>application/problem+json</c> answer says.</summary>
/// <param name="Status">The HTTP status, 400 to 599.</param>
/// <param name="Code">One of <see cref="ProblemCodes"/>.</param>
/// <param name="Detail">A sentence for people; names no secret.</param>
public sealed record Problem(int Status, string Code, string Detail)
{
    /// <summary>Every fault of the input, by JSON pointer; empty where the refusal is not about the input's members.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>Line of a syntax error, from 1; null elsewhere.</summary>
    public long? Line { get; init; }

    /// <summary>Byte of the line, from 1; null elsewhere.</summary>
    public long? Position { get; init; }

    /// <summary>When trying again may help; written as <c>Retry-After</c> in whole seconds, rounded up.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The version that stands, where a change was refused because it was made against another.</summary>
    public string? CurrentVersion { get; init; }

    /// <summary>A body that is not JSON.</summary>
    public static Problem Malformed(string detail, long line, long position) =>
        new(400, ProblemCodes.Malformed, detail) { Line = line, Position = position };

    /// <summary>A request that can be read but is not what is asked for.</summary>
    public static Problem Invalid(IReadOnlyList<Fault> faults) => Invalid(faults, faults.Count);

    /// <summary>The same, where there are more faults than are listed.</summary>
    public static Problem Invalid(IReadOnlyList<Fault> listed, int count)
    {
        string detail = count == 1 ? listed[0].Detail
            : count == listed.Count ? $"The request has {count} faults."
            : $"The request has {count} faults; the first {listed.Count} are listed.";
        return new Problem(400, ProblemCodes.Invalid, detail) { Faults = listed };
    }

    public static Problem TooLarge(int limit) => new(413, ProblemCodes.TooLarge, $"The body is larger than {limit} bytes.");

    public static Problem Forbidden(string detail) => new(403, ProblemCodes.Forbidden, detail);

    public static Problem UnknownConsumer { get; } = new(404, ProblemCodes.UnknownConsumer, "No event or decision of this consumer was ever recorded.");

    public static Problem UnknownBrand { get; } = new(404, ProblemCodes.UnknownBrand, "The catalogue has no such brand.");

    public static Problem BadToken { get; } = new(404, ProblemCodes.UnknownToken, "The token is not one of this server's; nothing was recorded.");
}
