using Decisioning.Core.Catalogue;
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

    public required long ReservedUntil { get; init; }

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
    private readonly Dictionary<(long At, uint Ordinal), RecountedExposure> _places = [];
    private readonly long _t;

    public ExposureRecount(ConsumerBook book, long t)
    {
        _t = t;
        foreach ((RecordedDraw draw, long at) in book.Draws)
        {
            if (!draw.Ghost && !draw.Decision.Contextual)
            {
                Place(draw, at);
            }
        }

        foreach ((ConsumerEvent e, long at) in book.Events)
        {
            if (e.Type <= EventType.Dismiss && (!e.Ad.Elsewhere || e.Type == EventType.Impression))
            {
                Confirm(e, at);
            }
        }
    }

    /// <summary>Whether some may have been let go of because there were too many: then those that are kept are among these, and more cannot be said.</summary>
    public bool Crowded => _places.Count > RecountRules.Exposures;

    /// <summary>Whether some are so old that only counts of them are kept.</summary>
    public bool Aged => _places.Values.Any(p => p.Confirmed && IsAged(p));

    /// <summary>Confirmed ones that are kept one by one, and live reservations.</summary>
    public IEnumerable<RecountedExposure> Counting => _places.Values.Where(p => p.Confirmed ? !IsAged(p) : _t < p.ReservedUntil);

    /// <summary>What is kept leaves by whole UTC days.</summary>
    private bool IsAged(RecountedExposure place) => RecountRules.EndOfDay(place.At) < _t - RecountRules.Memory;

    private void Place(in RecordedDraw draw, long at) => _places[(at, draw.Decision.Ordinal)] = new RecountedExposure
    {
        Brand = draw.Decision.Brand,
        At = at,
        Campaign = draw.Decision.Campaign,
        Step = draw.Decision.Step,
        Creative = draw.Decision.Creative,
        ReservedUntil = at + draw.Decision.ReserveSeconds * 1000L,
        Confirmed = draw.Decision.ReserveSeconds == 0,
    };

    private void Confirm(in ConsumerEvent e, long at)
    {
        (long At, uint Ordinal) key = (e.Ad.DecidedAt, e.Ad.Ordinal);
        if (!_places.TryGetValue(key, out RecountedExposure? place))
        {
            _places[key] = place = new RecountedExposure
            {
                Brand = e.Brand,
                At = e.Ad.DecidedAt,
                Campaign = e.Ad.Campaign,
                Step = e.Ad.Step,
                Creative = e.Ad.Creative,
                ReservedUntil = e.Ad.DecidedAt + e.Ad.ReserveSeconds * 1000L,
                Confirmed = e.Ad.Elsewhere,
            };
        }

        if (!place.Confirmed)
        {
            place.Confirmed = true;
            place.Late = at >= place.ReservedUntil;
        }

        place.Interactions.Add(e.Type);
    }
}
