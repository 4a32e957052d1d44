using System.Globalization;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Hosting;

namespace Decisioning.Engine.Books;

/// <summary>A brand's hours as links: how many are in each stage at an hour's end is how many were before it, and who came, less who went.</summary>
internal sealed class HourChain
{
    /// <summary>Faults told at most, the oldest.</summary>
    private const int MostFaults = 100;

    private const long HourMs = 3_600_000;
    private static readonly int Stages = Names.AllDeeplinkStages.Count;

    private readonly List<Link> _links = [];

    /// <summary>Copies what the books hold in memory.</summary>
    /// <param name="totals">With nothing folded meanwhile.</param>
    public HourChain(BrandTotals totals)
    {
        foreach (HourRow row in totals.Rows())
        {
            // A part has no moves.
            if (!row.IsPart)
            {
                _links.Add(LinkOf(row));
            }
        }
    }

    /// <summary>The first whole hour that was copied, counted from the Unix epoch: what is stored before it belongs to the chain.</summary>
    public int FirstHour => _links.Count == 0 ? int.MaxValue : (int)(_links[0].Hour / HourMs);

    /// <param name="stored">The hours before, oldest first.</param>
    /// <returns>Each names a stage and an hour: what the books hold at its end, and what follows from the hour before.</returns>
    public IReadOnlyList<RecountMismatch> Faults(IEnumerable<HourRow> stored)
    {
        List<RecountMismatch> faults = [];
        long[]? end = null;
        foreach (HourRow row in stored)
        {
            end = Follow(end, LinkOf(row), faults);
        }

        foreach (Link link in _links)
        {
            end = Follow(end, link, faults);
        }

        return faults;
    }

    private static long[] Follow(long[]? before, in Link link, List<RecountMismatch> faults)
    {
        for (int stage = 0; before is not null && stage < Stages && faults.Count < MostFaults; stage++)
        {
            long follows = before[stage] + link.Net[stage];
            if (link.End[stage] != follows)
            {
                string hour = DateTimeOffset.FromUnixTimeMilliseconds(link.Hour).ToString("yyyy-MM-ddTHH:mmZ", CultureInfo.InvariantCulture);
                faults.Add(new RecountMismatch($"{SeriesMetrics.DeeplinkPrefix}{Names.Of((DeeplinkStage)stage)} at the end of {hour}", link.End[stage], follows));
            }
        }

        return [.. link.End];
    }

    private static Link LinkOf(HourRow row)
    {
        long[] net = new long[Stages];
        net[(int)DeeplinkStage.None] = row.Value("known");
        foreach (HourFlow flow in row.Flows)
        {
            if ((int)flow.From < Stages)
            {
                net[(int)flow.From] -= flow.Count;
            }

            if ((int)flow.To < Stages)
            {
                net[(int)flow.To] += flow.Count;
            }
        }

        return new Link(row.Hour, row.Levels.ToArray(), net);
    }

    /// <param name="Hour">Its beginning, ms since the Unix epoch.</param>
    /// <param name="End">By stage, at its end.</param>
    /// <param name="Net">By stage: who came less who went.</param>
    private readonly record struct Link(long Hour, long[] End, long[] Net);
}
