using Decisioning.Core.Catalogue;

namespace Decisioning.Api.Requests;

/// <summary>Reads <c>{ "advance": "3d" }</c>.</summary>
internal static class ClockRequestReader
{
    private const long Furthest = 3_650 * Durations.Day;

    private static readonly MemberTable Members = new("advance");

    public static ClockRequest Read(ref JsonCursor json, object? context)
    {
        long? advance = null;
        ulong seen = 0;
        int member = -1;
        if (!json.EnterObject())
        {
            return new ClockRequest(0);
        }

        while (json.NextMember(Members, ref seen, ref member))
        {
            advance = 0;
            if (json.AnyText() is not { } text)
            {
                continue;
            }

            if (Durations.TryParse(text, out long milliseconds) && milliseconds is > 0 and <= Furthest)
            {
                advance = milliseconds;
            }
            else
            {
                json.Fault(RequestFaultCodes.BadFormat, "The duration must be a whole number and a unit, from 1s to 3650d: 30s, 15m, 4h, 15d.");
            }
        }

        if (advance is null)
        {
            json.FaultAt("advance", RequestFaultCodes.Missing, "advance is missing, for example \"3d\".");
        }

        return new ClockRequest(advance ?? 0);
    }
}

/// <param name="AdvanceMs">Milliseconds, 1,000 or more.</param>
internal sealed record ClockRequest(long AdvanceMs);
