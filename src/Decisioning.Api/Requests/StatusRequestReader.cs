namespace Decisioning.Api.Requests;

/// <summary>Reads <c>{ "status": "active" | "paused" }</c>.</summary>
internal static class StatusRequestReader
{
    private static readonly MemberTable Members = new("status");
    private static readonly MemberTable Statuses = new("active", "paused");

    public static StatusRequest Read(ref JsonCursor json, object? context)
    {
        int? status = null;
        ulong seen = 0;
        int member = -1;
        if (!json.EnterObject())
        {
            return new StatusRequest(false);
        }

        while (json.NextMember(Members, ref seen, ref member))
        {
            status = json.OneOf(Statuses);
        }

        if (status is null)
        {
            json.FaultAt("status", RequestFaultCodes.Missing, "status is missing; it is active or paused.");
        }

        return new StatusRequest(status == 1);
    }
}

internal sealed record StatusRequest(bool Paused);
