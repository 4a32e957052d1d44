using Decisioning.Api.Access;
using Decisioning.Core.Catalogue;

namespace Decisioning.Api.Requests;

/// <summary>Reads <c>{ "brands"?: [ … ] }</c>.</summary>
internal static class WatchTicketRequestReader
{
    private static readonly MemberTable Members = new("brands");

    public static WatchTicketRequest Read(ref JsonCursor json, (CatalogueSnapshot Catalogue, ApiKey Caller) context)
    {
        WatchTicketRequest request = new();
        if (!json.EnterObject())
        {
            return request;
        }

        ulong seen = 0;
        int member = -1;
        while (json.NextMember(Members, ref seen, ref member))
        {
            ReadBrands(ref json, context.Catalogue, context.Caller, request);
        }

        return request;
    }

    private static void ReadBrands(ref JsonCursor json, CatalogueSnapshot catalogue, ApiKey caller, WatchTicketRequest request)
    {
        if (!json.EnterArray())
        {
            return;
        }

        List<string> brands = request.Brands = [];
        int index = -1;
        while (json.NextElement(ref index, RequestBounds.Brands))
        {
            if (json.Text(RequestBounds.IdBytes, recurring: true) is not { } id)
            {
                continue;
            }

            if (!caller.MayUse(id))
            {
                request.Forbidden.Add(id);
            }
            else if (catalogue.Find(id) is null)
            {
                json.Fault(RequestFaultCodes.UnknownBrand, $"The catalogue has no brand {id}.");
            }
            else if (brands.Contains(id))
            {
                json.Fault(RequestFaultCodes.DuplicateValue, $"The brand {id} is named twice.");
            }
            else
            {
                brands.Add(id);
            }
        }

        if (index < 0)
        {
            json.Fault(RequestFaultCodes.Empty, "Name at least one brand, or leave brands out for all that the key may use.");
        }
    }
}

internal sealed class WatchTicketRequest
{
    /// <summary>What the ticket is narrowed to; null: all that the key may use.</summary>
    public List<string>? Brands { get; set; }

    /// <summary>Brands that were named and the key may not use.</summary>
    public List<string> Forbidden { get; } = [];
}
