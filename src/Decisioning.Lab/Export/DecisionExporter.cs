using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;
using Decisioning.Engine.Storage;

namespace Decisioning.Lab.Export;

/// <summary>A line for each creative drawn (ghosts of holdouts too), and one for each placement that stayed short, with its reason.</summary>
internal sealed class DecisionExporter(ExportSource source) : IExporter
{
    public bool NeedsParts => false;

    public void Add(in TurnRecord record, JsonLinesWriter lines)
    {
        string? consumer = ExportSource.ConsumerOf(record);
        PayloadReader.Read(record.Payload.Span, (_, _) => { }, (decision, reply) =>
        {
            foreach (RecordedDraw draw in decision.Draws)
            {
                WriteDraw(lines, consumer, decision, reply.At, draw);
            }

            for (int p = 0; p < reply.Placements.Length; p++)
            {
                if (reply.Placements[p].NoDecision is { } none)
                {
                    WriteNone(lines, consumer, decision, reply.At, p, none);
                }
            }
        });
    }

    public void EndPart(JsonLinesWriter lines)
    {
    }

    private void WriteDraw(JsonLinesWriter lines, string? consumer, RecordedTurnDecision decision, long at, in RecordedDraw draw)
    {
        RecordedDecision chosen = draw.Decision;
        Begin(lines, consumer, decision, at, draw.Placement);
        lines.Text("brand", source.BrandOf(chosen.Brand));
        lines.Text("campaign", source.CampaignOf(chosen.Brand, chosen.Campaign));
        lines.Text("storyline", source.StorylineOf(chosen.Brand, chosen.Step));
        lines.Text("step", source.StepOf(chosen.Brand, chosen.Step));
        lines.Text("creative", source.CreativeOf(chosen.Brand, chosen.Creative));
        lines.Text("stage", Names.Of(Names.Aipl(chosen.Stage)));
        lines.Text("deeplinkStage", Names.Of(chosen.Stage));
        lines.Fraction("intent", chosen.Intent);
        lines.Fraction("score", chosen.Score);
        lines.Fraction("propensity", chosen.Propensity);
        lines.Number("ordinal", (long)chosen.Ordinal);
        lines.Number("heldMicros", draw.HeldMicros);
        lines.Number("chargedMicros", draw.ChargedMicros);
        lines.Truth("ghost", draw.Ghost);
        lines.Truth("contextual", chosen.Contextual);
        lines.End();
    }

    private void WriteNone(JsonLinesWriter lines, string? consumer, RecordedTurnDecision decision, long at, int placement, NoDecision none)
    {
        Begin(lines, consumer, decision, at, placement);
        lines.Text("brand", decision.Request.Brands is [var only] ? source.BrandOf(only) : null);
        lines.Text("reason", NoDecisionReasons.Of(none.Reason));
        lines.Instant("retryAfter", none.RetryAt);
        lines.End();
    }

    private static void Begin(JsonLinesWriter lines, string? consumer, RecordedTurnDecision decision, long at, int placement)
    {
        PlacementCommand? asked = placement < decision.Request.Placements.Length ? decision.Request.Placements[placement] : null;
        lines.Begin();
        lines.Instant("at", at);
        lines.Text("consumerId", consumer);
        lines.Text("placement", asked?.Id);
        lines.Text("channel", asked?.Channel);
        lines.Text("device", decision.Request.Device);
        lines.Text("country", decision.Request.Country);
        lines.Text("catalogue", decision.CatalogueVersion);
    }
}
