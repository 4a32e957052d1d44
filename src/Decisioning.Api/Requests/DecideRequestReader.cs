using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;

namespace Decisioning.Api.Requests;

/// <summary>Reads the body of <c>POST /v1/decisions</c> into the command the host takes.</summary>
internal static class DecideRequestReader
{
    private static readonly MemberTable Members = new(
        "requestId", "consumer", "placements", "context", "events", "brands", "tmaxMs", "explain", "test", "preview");

    private static readonly MemberTable ConsumerMembers = new("id", "aliases", "attributes", "consent");
    private static readonly MemberTable ContextMembers = new("device", "country", "keywords");

    public static DecideRequest Read(ref JsonCursor json, RequestContext context)
    {
        DecideRequest request = new();
        request.Command.Catalogue = context.Catalogue;
        if (!json.EnterObject())
        {
            return request;
        }

        ulong given = 0;
        ulong seen = 0;
        int member = -1;
        while (json.NextMember(Members, ref seen, ref member))
        {
            given |= 1ul << member;
            ReadMember(ref json, context, member, request);
        }

        if ((given & 1 << 1) == 0)
        {
            json.FaultAt("consumer", RequestFaultCodes.Missing, "consumer is missing; without an id it says \"consent\": false.");
        }

        if ((given & 1 << 2) == 0)
        {
            json.FaultAt("placements", RequestFaultCodes.Missing, "placements is missing.");
        }

        if ((given & 1 << 5) == 0)
        {
            request.Command.Brands = context.Caller.BrandsOf(context.Catalogue);
        }

        RefuseOtherConsumers(request);
        return request;
    }

    // The events are recorded in the turn of the request's consumer, so they can be no other's.
    private static void RefuseOtherConsumers(DecideRequest request)
    {
        if (request.Command.ConsumerId is { } consumer)
        {
            request.Events?.RefuseWhere(
                e => e.ConsumerId is not null && !string.Equals(e.ConsumerId, consumer, StringComparison.Ordinal),
                EventCodes.BadValue, "/consumerId: An event within a decision must be of the request's consumer.");
        }
    }

    private static void ReadMember(ref JsonCursor json, in RequestContext context, int member, DecideRequest request)
    {
        DecideCommand command = request.Command;
        switch (member)
        {
            case 0: command.RequestId = json.Text(RequestBounds.IdBytes); break;
            case 1: ReadConsumer(ref json, request); break;
            case 2: PlacementReader.ReadAll(ref json, command.Placements); break;
            case 3: ReadContext(ref json, command); break;
            case 4: EventReader.ReadAll(ref json, context, request.Events = new EventBatch(command.Events), RequestBounds.DecisionEvents); break;
            case 5: ReadBrands(ref json, context, request); break;
            case 6: command.Deadline = context.Now + json.Whole(1, RequestBounds.LongestTmaxMs); break;
            case 7: command.Explain = json.Truth() ?? false; break;
            case 8: command.Test = json.Truth() ?? false; break;
            default:
                json.SkipFilled();
                (request.Unsupported ??= []).Add("/preview");
                break;
        }
    }

    private static void ReadConsumer(ref JsonCursor json, DecideRequest request)
    {
        if (!json.EnterObject())
        {
            return;
        }

        DecideCommand command = request.Command;
        ulong seen = 0;
        int member = -1;
        bool named = false;
        while (json.NextMember(ConsumerMembers, ref seen, ref member))
        {
            switch (member)
            {
                case 0:
                    named = true;
                    command.ConsumerId = json.Text(RequestBounds.IdBytes);
                    break;
                case 1:
                    if (json.SkipFilled())
                    {
                        (request.Unsupported ??= []).Add("/consumer/aliases");
                    }

                    break;
                case 2: ReadAttributes(ref json, command.Attributes); break;
                default: command.Consent = json.Truth(); break;
            }
        }

        if (!named && command.Consent != false)
        {
            json.FaultAt("id", RequestFaultCodes.Missing, "A consumer needs an id unless consent is false.");
        }
    }

    private static void ReadAttributes(ref JsonCursor json, List<KeyValuePair<string, AttributeValue>> attributes)
    {
        if (!json.EnterObject())
        {
            return;
        }

        int count = 0;
        while (json.NextNamed(out string name))
        {
            count++;
            if (count > RequestBounds.Attributes)
            {
                json.Skip();
                continue;
            }

            CheckAttributeName(ref json, name, attributes);
            if (json.Attribute() is { } value)
            {
                attributes.Add(new(name, value));
            }
        }

        if (count > RequestBounds.Attributes)
        {
            json.Fault(RequestFaultCodes.TooMany, $"There are {count} attributes; at most {RequestBounds.Attributes} are taken.");
        }
    }

    private static void CheckAttributeName(ref JsonCursor json, string name, List<KeyValuePair<string, AttributeValue>> before)
    {
        if (name.Length == 0 || System.Text.Encoding.UTF8.GetByteCount(name) > RequestBounds.AttributeNameBytes)
        {
            json.Fault(name.Length == 0 ? RequestFaultCodes.Empty : RequestFaultCodes.TooLong, $"An attribute's name has 1 to {RequestBounds.AttributeNameBytes} bytes.");
        }

        foreach ((string other, AttributeValue _) in before)
        {
            if (string.Equals(other, name, StringComparison.Ordinal))
            {
                json.Fault(RequestFaultCodes.DuplicateMember, "The attribute is there twice.");
            }
        }
    }

    private static void ReadContext(ref JsonCursor json, DecideCommand command)
    {
        if (!json.EnterObject())
        {
            return;
        }

        ulong seen = 0;
        int member = -1;
        while (json.NextMember(ContextMembers, ref seen, ref member))
        {
            switch (member)
            {
                case 0: command.Device = json.Text(RequestBounds.TextBytes, recurring: true); break;
                case 1: command.Country = json.Text(RequestBounds.TextBytes, recurring: true); break;
                default: ReadKeywords(ref json, command.Keywords); break;
            }
        }
    }

    private static void ReadKeywords(ref JsonCursor json, List<string> keywords)
    {
        if (!json.EnterArray())
        {
            return;
        }

        int index = -1;
        while (json.NextElement(ref index, RequestBounds.Keywords))
        {
            if (json.Text(RequestBounds.TextBytes, recurring: true) is { } keyword)
            {
                keywords.Add(keyword);
            }
        }
    }

    private static void ReadBrands(ref JsonCursor json, in RequestContext context, DecideRequest request)
    {
        if (!json.EnterArray())
        {
            return;
        }

        List<BrandSnapshot> brands = [];
        int index = -1;
        while (json.NextElement(ref index, RequestBounds.Brands))
        {
            if (json.Text(RequestBounds.IdBytes, recurring: true) is not { } id)
            {
                continue;
            }

            if (!context.Caller.MayUse(id))
            {
                (request.Forbidden ??= []).Add(id);
            }
            else if (context.Catalogue.Find(id) is not { } brand)
            {
                json.Fault(RequestFaultCodes.UnknownBrand, $"The catalogue has no brand {id}.");
            }
            else if (brands.Contains(brand))
            {
                json.Fault(RequestFaultCodes.DuplicateValue, $"The brand {id} is named twice.");
            }
            else
            {
                brands.Add(brand);
            }
        }

        if (index < 0)
        {
            json.Fault(RequestFaultCodes.Empty, "Name at least one brand, or leave brands out for all that the key may use.");
        }

        request.Command.Brands = [.. brands];
    }
}
