using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;

namespace Decisioning.Lab.Recount;

/// <summary>What figures of the books are called, the same in every scope.</summary>
internal static class FigureNames
{
    public const string Requests = "requests";
    public const string Won = "won";
    public const string Ghosts = "ghosts";
    public const string Rendered = "rendered";
    public const string Late = "late";
    public const string Conversions = "conversions";
    public const string Revenue = "revenue";
    public const string Refunds = "refunds";
    public const string Spend = "spend";
    public const string Fees = "fees";
    public const string Events = "events";
    public const string Decisions = "decisions";
    public const string Exposed = "exposed";
    public const string Reached = "reached";
    public const string Credits = "credits";
    public const string Organic = "organic";
    public const string LateTouches = "late_touches";
    public const string Known = "known";

    /// <summary>How far campaigns came, each step a part of the one before.</summary>
    public static IReadOnlyList<string> Funnel { get; } = ["funnel requests", "funnel targeted", "funnel stepped", "funnel uncapped", "funnel paced"];

    /// <summary>What an interaction with a decision is counted as; null where it is not.</summary>
    public static string? Of(EventType interaction) => interaction switch
    {
        EventType.Viewable => "viewable",
        EventType.Watched => "watched",
        EventType.Skip => "skips",
        EventType.Click => "clicks",
        EventType.Engage => "engagements",
        EventType.Dismiss => "dismissals",
        _ => null,
    };

    public static string NoDecision(string reason) => SeriesMetrics.NoDecisionPrefix + reason;

    public static string Flow(FlowEnd from, FlowEnd to) => Flows[(int)from, (int)to];

    private const string FlowPrefix = "flow from ";

    private static readonly string[,] Flows = AllFlows();

    /// <summary>
    /// Figures that take more than one record to tell: of what was trimmed away, or of consumers with more than is kept, nothing can be said about them.
    /// </summary>
    public static bool IsDerived(string name) => name is Rendered or Late or Conversions or Revenue or Exposed or Reached or Credits or Organic or Known;

    /// <summary>Figures that levels follow from: of a turn that comes late they may be booked in a later hour than its own.</summary>
    public static bool IsMove(string name) => name == Known || name.StartsWith(FlowPrefix, StringComparison.Ordinal);

    private static string[,] AllFlows()
    {
        FlowEnd[] ends = Enum.GetValues<FlowEnd>();
        string[,] flows = new string[ends.Length, ends.Length];
        foreach (FlowEnd from in ends)
        {
            foreach (FlowEnd to in ends)
            {
                flows[(int)from, (int)to] = $"{FlowPrefix}{from.ToString().ToLowerInvariant()} to {to.ToString().ToLowerInvariant()}";
            }
        }

        return flows;
    }
}
