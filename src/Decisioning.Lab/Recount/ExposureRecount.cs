using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;

namespace Decisioning.Lab.Recount;

/// <summary>One decision's place, put together from its draw and its interactions.</summary>
internal sealed class RecountedExposure
{
    public required int Brand { get; init; }

    /// <summary>Instant of the decision.</summary>
    public required long At { get; init; }

    public required int Campaign { get; init; }

    public required int Step { get; init; }

    public required int Creative { get; init; }

    /// <summary>Mark of the channel that the decision was made for.</summary>
    public required ushort ChannelMark { get; init; }

    public required long ReservedUntil { get; init; }

    /// <summary>Shown elsewhere: no decision of this server.</summary>
    public bool Elsewhere { get; init; }

    /// <summary>Without a reservation the decision itself is the showing.</summary>
    public bool IsReserved => ReservedUntil > At;

    public bool Confirmed { get; set; }

    public bool Late { get; set; }

    public SortedSet<EventType> Interactions { get; } = [];
}

/// <summary>
/// A decision reserves; an interaction confirms, late where it came at or after the reservation's end; a reservation that nothing confirmed is gone at its end.
/// Interactions of a decision that is not in the journal (it was lost in a crash) stand for it. Impressions shown elsewhere are exposures of their own.
/// </summary>
internal sealed class ExposureRecount
{
    private readonly SortedDictionary<(long At, uint Ordinal), RecountedExposure> _places = [];

    /// <summary>Whether some may have been let go of because there were too many: then those that are kept are among these, and more cannot be said.</summary>
    public bool Crowded => _places.Count > RecountRules.Exposures;

    /// <summary>All of them, oldest first.</summary>
    public IReadOnlyCollection<RecountedExposure> All => _places.Values;

    /// <summary>Everything a consumer's book has.</summary>
    public static ExposureRecount Of(ConsumerBook book)
    {
        var recount = new ExposureRecount();
        foreach (BookedStep step in book.Steps)
        {
            if (step.IsDraw)
            {
                recount.Place(book.Draws[step.Index]);
            }
            else
            {
                recount.Interact(book.Events[step.Index]);
            }
        }

        return recount;
    }

    /// <summary>Whether some are so old that only counts of them are kept.</summary>
    public bool AgedAt(long t) => _places.Values.Any(p => p.Confirmed && IsAged(p, t));

    /// <summary>Confirmed ones that are kept one by one, and live reservations.</summary>
    public IEnumerable<RecountedExposure> CountingAt(long t) => _places.Values.Where(p => p.Confirmed ? !IsAged(p, t) : t < p.ReservedUntil);

    /// <summary>What is kept leaves by whole UTC days.</summary>
    public static bool IsAged(RecountedExposure place, long t) => RecountRules.EndOfDay(place.At) < t - RecountRules.Memory;

    /// <summary>Takes in the next draw.</summary>
    /// <returns>The exposure where the draw itself is the showing; null where it is not, or where there is none.</returns>
    public RecountedExposure? Place(in BookedDraw booked)
    {
        RecordedDecision drawn = booked.Draw.Decision;
        if (booked.Draw.Ghost || drawn.Contextual)
        {
            return null;
        }

        var place = new RecountedExposure
        {
            Brand = drawn.Brand,
            At = booked.At,
            Campaign = drawn.Campaign,
            Step = drawn.Step,
            Creative = drawn.Creative,
            ChannelMark = drawn.ChannelMark,
            ReservedUntil = booked.At + drawn.ReserveSeconds * 1000L,
            Confirmed = drawn.ReserveSeconds == 0,
        };
        _places[(booked.At, drawn.Ordinal)] = place;
        return place.Confirmed ? place : null;
    }

    /// <summary>Takes in the next event, where it is an ad interaction; one that came as history is evidence alone.</summary>
    /// <returns>The exposure, where the event is what makes certain that it was shown; else null.</returns>
    public RecountedExposure? Interact(in BookedEvent booked)
    {
        (ConsumerEvent e, long at, bool imported) = booked;
        if (imported || e.Type > EventType.Dismiss || (e.Ad.Elsewhere && e.Type != EventType.Impression))
        {
            return null;
        }

        (long At, uint Ordinal) key = (e.Ad.DecidedAt, e.Ad.Ordinal);
        if (!_places.TryGetValue(key, out RecountedExposure? place))
        {
            _places[key] = place = OfToken(e);
        }

        bool shown = !place.Confirmed;
        if (shown)
        {
            place.Confirmed = true;
            place.Late = !place.Elsewhere && at >= place.ReservedUntil;
        }

        place.Interactions.Add(e.Type);
        return shown ? place : null;
    }

    private static RecountedExposure OfToken(in ConsumerEvent e) => new()
    {
        Brand = e.Brand,
        At = e.Ad.DecidedAt,
        Campaign = e.Ad.Campaign,
        Step = e.Ad.Step,
        Creative = e.Ad.Creative,
        ChannelMark = e.Ad.ChannelMark,
        ReservedUntil = e.Ad.DecidedAt + e.Ad.ReserveSeconds * 1000L,
        Elsewhere = e.Ad.Elsewhere,
    };
}
