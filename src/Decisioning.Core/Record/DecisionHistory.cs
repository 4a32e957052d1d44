using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;

namespace Decisioning.Core.Record;

/// <summary>The decisions in a consumer's journalled payloads, with their reasons.</summary>
internal static class DecisionHistory
{
    /// <summary>Adds the decisions of one payload to each brand's list, newest first, up to <see cref="ConsumerViews.Decisions"/>.</summary>
    public static void Collect(long at, ReadOnlySpan<byte> payload, CatalogueSnapshot catalogue, Dictionary<int, List<DecisionView>> into)
    {
        PayloadReader.Read(payload, (_, _) => { }, (decision, reply) =>
        {
            for (int p = reply.Placements.Length - 1; p >= 0; p--)
            {
                string placement = p < decision.Request.Placements.Length ? decision.Request.Placements[p].Id : "";
                if (reply.Placements[p].NoDecision is { } none)
                {
                    foreach (int brand in decision.Request.Brands)
                    {
                        Add(brand, new DecisionView(at, placement, null, null, null, null, null, NoDecisionReasons.Of(none.Reason), false));
                    }
                }
            }

            for (int d = decision.Draws.Length - 1; d >= 0; d--)
            {
                RecordedDraw draw = decision.Draws[d];
                if (!draw.Decision.Contextual && catalogue.Find(draw.Decision.Brand) is { } brand)
                {
                    Add(brand.Symbol, new DecisionView(
                        at, draw.Placement < decision.Request.Placements.Length ? decision.Request.Placements[draw.Placement].Id : "",
                        brand.Symbols.NameOf(SymbolKind.Campaign, draw.Decision.Campaign), ConsumerViews.StepName(brand, draw.Decision.Step).Step,
                        brand.Symbols.NameOf(SymbolKind.Creative, draw.Decision.Creative), draw.Decision.Score, draw.Decision.Propensity,
                        draw.Ghost ? NoDecisionReasons.Of(NoDecisionReason.Holdout) : null, draw.Ghost));
                }
            }
        });

        void Add(int brand, DecisionView view)
        {
            if (!into.TryGetValue(brand, out List<DecisionView>? list))
            {
                into[brand] = list = [];
            }

            if (list.Count < ConsumerViews.Decisions)
            {
                list.Add(view);
            }
        }
    }
}
