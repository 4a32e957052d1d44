namespace Decisioning.Api.Requests;

/// <summary>Reads <c>{ "events": [ … ] }</c>.</summary>
internal static class EventsRequestReader
{
    private static readonly MemberTable Members = new("events");

    public static EventBatch Read(ref JsonCursor json, RequestContext context)
    {
        EventBatch batch = new([]);
        if (!json.EnterObject())
        {
            return batch;
        }

        ulong seen = 0;
        int member = -1;
        bool given = false;
        while (json.NextMember(Members, ref seen, ref member))
        {
            given = true;
            EventReader.ReadAll(ref json, context, batch, RequestBounds.BatchEvents);
        }

        if (!given)
        {
            json.FaultAt("events", RequestFaultCodes.Missing, "events is missing.");
        }

        return batch;
    }
}
