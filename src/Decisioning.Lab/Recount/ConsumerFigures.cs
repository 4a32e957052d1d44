using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Record;

namespace Decisioning.Lab.Recount;

/// <summary>
/// Adds up what takes a consumer's whole book to tell, step by step as it came: who became known, what was shown and whether late, who saw a brand, a campaign
/// or a step for the first time, what shares touched decisions have in behaviours and purchases, how campaigns' trials stand, and how long stages lasted.
/// </summary>
/// <param name="catalogue">Every brand, deleted ones too.</param>
/// <param name="dwellSince">From when on leavings of stages count, ms since the Unix epoch.</param>
internal sealed class ConsumerFigures(CatalogueSnapshot catalogue, FigureSums sums, long dwellSince)
{
    private readonly HashSet<int> _crowded = [];

    /// <summary>Arms of campaigns' trials, of campaigns that hold nobody out too.</summary>
    public Dictionary<RecountedArm, TrialArm> Trials { get; } = [];

    /// <summary>Times spent in stages.</summary>
    public DwellRecount Dwell { get; } = new(dwellSince);

    /// <summary>Brands of which a consumer has more exposures or orders than are kept: what was let go of decides about figures that are derived.</summary>
    public IReadOnlySet<int> Crowded => _crowded;

    public void Add(ConsumerBook book)
    {
        var exposures = new ExposureRecount();
        var trials = new TrialRecount();
        var credits = new CreditRecount(exposures, trials, sums);
        HashSet<int> met = [];
        HashSet<(int Brand, FigureScope Scope, int Symbol)> seen = [];
        foreach (BookedStep step in book.Steps)
        {
            long at = step.IsDraw ? book.Draws[step.Index].At : book.Events[step.Index].At;
            RecountedExposure? shown;
            if (step.IsDraw)
            {
                BookedDraw drawn = book.Draws[step.Index];
                if (!drawn.Draw.Ghost && !drawn.Draw.Decision.Contextual)
                {
                    Meet(book, met, drawn.Draw.Decision.Brand, at);
                }

                trials.Draw(drawn);
                shown = exposures.Place(drawn);
            }
            else
            {
                BookedEvent booked = book.Events[step.Index];
                Meet(book, met, booked.Event.Brand, booked.Imported ? null : at);
                credits.Add(booked, catalogue.Find(booked.Event.Brand));
                shown = exposures.Interact(booked);
            }

            if (shown is not null)
            {
                Show(shown, at, atDecision: step.IsDraw);
                See(book, seen, shown, at);
            }
        }

        if (exposures.All.Count(p => p.Confirmed) > 0 && exposures.Crowded)
        {
            _crowded.UnionWith(exposures.All.Select(p => p.Brand));
        }

        _crowded.UnionWith(credits.Crowded);
        _crowded.UnionWith(trials.Crowded ? catalogue.Brands.Select(b => b.Symbol) : []);
        trials.AddTo(Trials);
        Dwell.Add(book);
    }

    /// <param name="at">Null: by imported history, which counts as a flow.</param>
    private void Meet(ConsumerBook book, HashSet<int> met, int brand, long? at)
    {
        if (met.Add(brand) && at is { } instant && !book.IsMark)
        {
            sums.AddHour(brand, instant, FigureNames.Known, 1);
        }
    }

    private void Show(RecountedExposure shown, long at, bool atDecision)
    {
        if (shown.Elsewhere || (!shown.IsReserved && !atDecision))
        {
            return;
        }

        var of = new Delivered(shown.Brand, shown.Campaign, shown.Step, shown.Creative, shown.ChannelMark);
        sums.AddDelivery(of, FigureNames.Rendered, 1);
        sums.AddHour(shown.Brand, at, FigureNames.Rendered, 1);
        if (shown.Late)
        {
            sums.AddDelivery(of, FigureNames.Late, 1);
            sums.AddHour(shown.Brand, at, FigureNames.Late, 1);
        }
    }

    private void See(ConsumerBook book, HashSet<(int Brand, FigureScope Scope, int Symbol)> seen, RecountedExposure shown, long at)
    {
        if (book.IsMark)
        {
            return;
        }

        if (seen.Add((shown.Brand, FigureScope.Brand, 0)))
        {
            sums.AddHour(shown.Brand, at, FigureNames.Exposed, 1);
        }

        if (shown.Campaign != 0 && seen.Add((shown.Brand, FigureScope.Campaign, shown.Campaign)))
        {
            sums.Add(new Figure(shown.Brand, FigureScope.Campaign, shown.Campaign, FigureNames.Exposed), 1);
        }

        if (shown.Step != 0 && seen.Add((shown.Brand, FigureScope.Step, shown.Step)))
        {
            sums.Add(new Figure(shown.Brand, FigureScope.Step, shown.Step, FigureNames.Reached), 1);
        }
    }
}
