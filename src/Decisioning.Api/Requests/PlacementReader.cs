using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;

namespace Decisioning.Api.Requests;

/// <summary>Reads the placements of a decision request.</summary>
internal static class PlacementReader
{
    private static readonly MemberTable Members = new("id", "channel", "formats", "size", "count", "confirm");
    private static readonly MemberTable Formats = new([.. Names.AllFormats]);
    private static readonly MemberTable Confirmations = new("impression", "decision");
    private static readonly int AllFormats = (1 << Names.AllFormats.Count) - 1;

    /// <summary>Reads the list the cursor stands on; an id given twice is a fault of its second placement.</summary>
    public static void ReadAll(ref JsonCursor json, List<PlacementCommand> placements)
    {
        if (!json.EnterArray())
        {
            return;
        }

        int index = -1;
        while (json.NextElement(ref index, RequestBounds.Placements))
        {
            if (ReadOne(ref json, placements) is { } placement)
            {
                placements.Add(placement);
            }
        }

        if (index < 0)
        {
            json.Fault(RequestFaultCodes.Empty, "At least one placement is needed.");
        }
    }

    private static PlacementCommand? ReadOne(ref JsonCursor json, List<PlacementCommand> before)
    {
        if (!json.EnterObject())
        {
            return null;
        }

        string? id = null, channel = null, size = null;
        int formats = AllFormats, count = 1, confirm = 0;
        ulong seen = 0;
        int member = -1;
        bool named = false;
        while (json.NextMember(Members, ref seen, ref member))
        {
            switch (member)
            {
                case 0:
                    named = true;
                    id = ReadId(ref json, before);
                    break;
                case 1: channel = json.Text(RequestBounds.TextBytes, recurring: true); break;
                case 2: formats = ReadFormats(ref json); break;
                case 3: size = json.Text(RequestBounds.TextBytes, recurring: true); break;
                case 4: count = (int)(json.Whole(1, RequestBounds.SlotsPerPlacement) ?? 1); break;
                default: confirm = json.OneOf(Confirmations); break;
            }
        }

        if (!named)
        {
            json.Fault(RequestFaultCodes.Missing, "The placement has no id.");
        }

        return id is null ? null : new PlacementCommand
        {
            Id = id,
            Channel = channel,
            Formats = formats,
            Size = size,
            Count = count,
            ConfirmAtDecision = confirm == 1,
        };
    }

    private static string? ReadId(ref JsonCursor json, List<PlacementCommand> before)
    {
        string? id = json.Text(RequestBounds.IdBytes, recurring: true);
        foreach (PlacementCommand other in before)
        {
            if (string.Equals(other.Id, id, StringComparison.Ordinal))
            {
                json.Fault(RequestFaultCodes.DuplicateValue, "Another placement of the request has this id.");
                return null;
            }
        }

        return id;
    }

    private static int ReadFormats(ref JsonCursor json)
    {
        if (!json.EnterArray())
        {
            return 0;
        }

        int formats = 0;
        int index = -1;
        while (json.NextElement(ref index, RequestBounds.Formats))
        {
            int format = json.OneOf(Formats);
            if (format >= 0)
            {
                formats |= 1 << format;
            }
        }

        if (index < 0)
        {
            json.Fault(RequestFaultCodes.Empty, "Name at least one format, or leave formats out for all.");
        }

        return formats;
    }
}
