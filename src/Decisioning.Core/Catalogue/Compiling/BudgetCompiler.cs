using System.Globalization;
using Decisioning.Core.Catalogue.Reading;

namespace Decisioning.Core.Catalogue.Compiling;

/// <summary>Compiles <c>budget</c>: money, pacing and the phases of a calendar.</summary>
internal sealed class BudgetCompiler(FieldReader fields, BrandCalendar calendar)
{
    private const double ShareTolerance = 1e-9;

    private static readonly string[] Known = ["total", "daily", "pacing", "phases"];
    private static readonly string[] KnownPhase = ["name", "to", "share"];
    private static readonly string[] PacingNames = ["even", "front", "asap", "calendar"];

    /// <summary>Null: unlimited.</summary>
    public BudgetSnapshot? Compile(Node? node, Flight flight)
    {
        if (fields.Object(node, Known) is not { } view)
        {
            return null;
        }

        return new BudgetSnapshot(
            fields.Amount(view.Find("total")), fields.Amount(view.Find("daily")), PacingOf(view.Find("pacing")), Phases(view.Find("phases"), flight));
    }

    private Pacing PacingOf(Node? node)
    {
        Pacing pacing = (Pacing)(fields.Choice(node, PacingNames) ?? (int)Pacing.Even);
        if (pacing is Pacing.Calendar or Pacing.Front)
        {
            fields.Faults.Warn(node!, FaultCodes.PacedAsEven, $"Pacing {Quote.Of(node!.Text)} is kept, and paced as \"even\" for now.");
            return Pacing.Even;
        }

        return pacing;
    }

    private BudgetPhase[] Phases(Node? node, Flight flight)
    {
        List<BudgetPhase> phases = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        DateOnly? before = null;
        double sum = 0;
        IReadOnlyList<Node> items = fields.Items(node);
        foreach (Node item in items)
        {
            if (fields.Object(item, KnownPhase) is not { } view)
            {
                continue;
            }

            string? name = fields.Text(fields.Require(view, "name", "what the phase is called"));
            if (name is not null && !names.Add(name))
            {
                fields.Faults.Add(view.Find("name")!, FaultCodes.Repeated, $"There is a phase {Quote.Of(name)} already.");
            }

            DateOnly? to = fields.Date(fields.Require(view, "to", "the phase's last day"));
            double? share = fields.Number(fields.Require(view, "share", "its part of the total, 0 to 1"), 0, 1);
            if (to is { } last)
            {
                CheckDate(view.Find("to")!, last, before, flight);
                before = last;
            }

            sum += share ?? double.NaN;
            phases.Add(new BudgetPhase(name ?? "", to is { } day ? calendar.StartOf(BrandCalendar.DayNumberOf(day) + 1) : 0, share ?? 0));
        }

        // Shares that could not be read make the sum NaN, which is no fault of its own.
        if (phases.Count == items.Count && items.Count > 0 && Math.Abs(sum - 1) > ShareTolerance)
        {
            string total = sum.ToString("0.##########", CultureInfo.InvariantCulture);
            fields.Faults.Add(node!, FaultCodes.BadSum, $"The phases' shares must sum to 1; these sum to {total}.");
        }

        return [.. phases];
    }

    private void CheckDate(Node node, DateOnly to, DateOnly? before, Flight flight)
    {
        if (to <= before)
        {
            fields.Faults.Add(node, FaultCodes.BadOrder, $"Phases stand in the order of their dates: this one ends no later than the one before, {Day(before)}.");
        }

        if (to < flight.From || to > flight.To)
        {
            fields.Faults.Add(node, FaultCodes.BadOrder, $"The phase ends outside the campaign's days, {Day(flight.From)} to {Day(flight.To)}.");
        }
    }

    private static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "open";
}
