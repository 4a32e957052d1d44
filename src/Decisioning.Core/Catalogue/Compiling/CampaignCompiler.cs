using Decisioning.Core.Catalogue.Reading;

namespace Decisioning.Core.Catalogue.Compiling;

/// <summary>Compiles one entry of <c>campaigns</c>.</summary>
internal sealed class CampaignCompiler(
    FieldReader fields, BrandCalendar calendar, BrandSymbols symbols, References<StorylineSnapshot> storylines, References<Audience> audiences)
{
    public static readonly string[] Known =
    [
        "like", "objective", "storyline", "priority", "from", "to", "price", "budget", "targeting", "caps", "holdout", "goal", "status",
    ];

    private static readonly string[] Objectives = ["acquire", "warm", "convert", "recall", "launch", "test"];
    private static readonly string[] KnownTargeting = ["audiences", "not", "channels", "countries"];
    private static readonly string[] KnownGoal = ["date", .. Names.AllStages.Where(s => s != Names.Of(Stage.None))];

    private readonly BudgetCompiler _budgets = new(fields, calendar);

    /// <summary>The campaign as part of its brand; null where its storyline cannot be had.</summary>
    public CampaignSnapshot? Compile(Entry entry, BrandSnapshot brand)
    {
        ObjectView view = entry.View;
        fields.CheckMembers(view.Node, Known);
        Flight flight = FlightOf(view);
        (PriceModel model, long price, long unit) = PriceCompiler.Compile(fields, view.Find("price"));
        StorylineSnapshot? storyline = storylines.Resolve(fields.Require(view, "storyline", "the id of the story it tells"), fields);
        int? objective = fields.Choice(view.Find("objective"), Objectives);
        Priority priority = (Priority)(fields.Choice(view.Find("priority"), Names.AllPriorities) ?? (int)Priority.Standard);
        BudgetSnapshot? budget = _budgets.Compile(view.Find("budget"), flight);
        if (model == PriceModel.Flat)
        {
            PriceCompiler.CheckFlat(fields, view.Find("price"), price, flight, budget);
        }

        TargetingSnapshot targeting = Targeting(view.Find("targeting"));
        CapRule[] caps = fields.Caps(view.Find("caps"));
        double holdout = fields.Number(view.Find("holdout"), 0, 1) ?? 0;
        GoalSnapshot? goal = Goal(view.Find("goal"));
        bool paused = fields.IsPaused(view);
        return storyline is null ? null : new CampaignSnapshot
        {
            Brand = brand,
            Id = entry.Id,
            Symbol = symbols.Find(SymbolKind.Campaign, entry.Id),
            Objective = objective is { } index ? Objectives[index] : null,
            Storyline = storyline,
            Priority = priority,
            From = flight.From is { } first ? StartOf(first) : long.MinValue,
            Until = flight.To is { } last ? EndOf(last) : long.MaxValue,
            Paused = paused,
            PriceModel = model,
            PriceMicros = price,
            UnitPriceMicros = unit,
            Budget = budget,
            Targeting = targeting,
            Caps = caps,
            Holdout = holdout,
            Goal = goal,
        };
    }

    private long StartOf(DateOnly date) => calendar.StartOf(BrandCalendar.DayNumberOf(date));

    private long EndOf(DateOnly date) => calendar.StartOf(BrandCalendar.DayNumberOf(date) + 1);

    private Flight FlightOf(ObjectView view)
    {
        DateOnly? from = fields.Date(view.Find("from"));
        DateOnly? to = fields.Date(view.Find("to"));
        if (to < from)
        {
            fields.Faults.Add(view.Find("to")!, FaultCodes.BadOrder, $"The campaign ends on {to:yyyy-MM-dd}, before it begins on {from:yyyy-MM-dd}.");
            return default;
        }

        return new Flight(from, to);
    }

    private TargetingSnapshot Targeting(Node? node)
    {
        if (fields.Object(node, KnownTargeting) is not { } view)
        {
            return TargetingSnapshot.Everyone;
        }

        return new TargetingSnapshot
        {
            Include = [.. audiences.ResolveAll(fields.Items(view.Find("audiences")), fields)],
            Exclude = [.. audiences.ResolveAll(fields.Items(view.Find("not")), fields)],
            Channels = fields.Channels(view.Find("channels")),
            Countries = fields.Countries(view.Find("countries")),
        };
    }

    private GoalSnapshot? Goal(Node? node)
    {
        if (fields.Object(node, KnownGoal) is not { } view)
        {
            return null;
        }

        DateOnly? date = fields.Date(fields.Require(view, "date", "the day by which it is to be reached"));
        Dictionary<Stage, long> counts = [];
        foreach (Stage stage in Enum.GetValues<Stage>())
        {
            if (stage != Stage.None && fields.Integer(view.Find(Names.Of(stage)), 0, long.MaxValue) is { } count)
            {
                counts[stage] = count;
            }
        }

        return date is { } day ? new GoalSnapshot(day, EndOf(day), counts) : null;
    }
}

/// <summary>The days a campaign runs, both inclusive; null: open.</summary>
internal readonly record struct Flight(DateOnly? From, DateOnly? To);
