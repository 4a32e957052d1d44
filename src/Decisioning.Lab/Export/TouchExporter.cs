using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;
using Decisioning.Engine.Storage;

namespace Decisioning.Lab.Export;

/// <summary>
/// A line for each decision that was met with anything: one touch at its strongest interaction and, of several of that kind, at the first. From weakest to
/// strongest: impression, skip, dismiss (all of which say no more than that it was shown), viewable, watched, engage, click. A decision that counts as shown by
/// itself is an impression at its own instant. What was shown elsewhere is no decision and no touch.
/// </summary>
internal sealed class TouchExporter(ExportSource source) : IExporter
{
    private static readonly EventType[] ByStrength =
        [EventType.Impression, EventType.Skip, EventType.Dismiss, EventType.Viewable, EventType.Watched, EventType.Engage, EventType.Click];

    private readonly Dictionary<(string? Consumer, int Brand, long DecidedAt, uint Ordinal), Touch> _touches = [];

    public bool NeedsParts => true;

    public void Add(in TurnRecord record, JsonLinesWriter lines)
    {
        string? consumer = ExportSource.ConsumerOf(record);
        PayloadReader.Read(record.Payload.Span, (e, _) => AddEvent(consumer, e), (decision, reply) => AddDecision(consumer, decision, reply.At));
    }

    public void EndPart(JsonLinesWriter lines)
    {
        foreach (((string? consumer, int brand, long decidedAt, _), Touch touch) in _touches.OrderBy(t => t.Key.DecidedAt).ThenBy(t => t.Key.Ordinal))
        {
            if (touch.Interaction is { } interaction)
            {
                Write(lines, consumer, brand, decidedAt, touch, interaction);
            }
        }

        _touches.Clear();
    }

    private void AddDecision(string? consumer, RecordedTurnDecision decision, long at)
    {
        foreach (RecordedDraw draw in decision.Draws)
        {
            if (draw.Ghost)
            {
                continue;
            }

            PlacementCommand? asked = draw.Placement < decision.Request.Placements.Length ? decision.Request.Placements[draw.Placement] : null;
            Touch touch = Open(draw.Decision.Contextual ? null : consumer, draw.Decision.Brand, at, draw.Decision.Ordinal);
            touch.Name(draw.Decision.Campaign, draw.Decision.Step, draw.Decision.Creative);
            (touch.Placement, touch.Channel) = (asked?.Id, asked?.Channel);
            if (draw.Decision.ReserveSeconds == 0)
            {
                touch.Meet(EventType.Impression, at);
            }
        }
    }

    private void AddEvent(string? consumer, in ConsumerEvent e)
    {
        if (e.Type <= EventType.Dismiss && !e.Ad.Elsewhere)
        {
            Touch touch = Open(consumer, e.Brand, e.Ad.DecidedAt, e.Ad.Ordinal);
            touch.Name(e.Ad.Campaign, e.Ad.Step, e.Ad.Creative);
            touch.Meet(e.Type, e.OccurredAt);
        }
    }

    private Touch Open(string? consumer, int brand, long decidedAt, uint ordinal)
    {
        if (!_touches.TryGetValue((consumer, brand, decidedAt, ordinal), out Touch? touch))
        {
            _touches[(consumer, brand, decidedAt, ordinal)] = touch = new Touch();
        }

        return touch;
    }

    private void Write(JsonLinesWriter lines, string? consumer, int brand, long decidedAt, Touch touch, EventType interaction)
    {
        lines.Begin();
        lines.Text("consumerId", consumer);
        lines.Text("brand", source.BrandOf(brand));
        lines.Text("campaign", source.CampaignOf(brand, touch.Campaign));
        lines.Text("storyline", source.StorylineOf(brand, touch.Step));
        lines.Text("step", source.StepOf(brand, touch.Step));
        lines.Text("creative", source.CreativeOf(brand, touch.Creative));
        lines.Text("placement", touch.Placement);
        lines.Text("channel", touch.Channel);
        lines.Instant("decidedAt", decidedAt);
        lines.Text("interaction", Names.Of(interaction));
        lines.Instant("at", touch.At);
        lines.End();
    }

    private sealed class Touch
    {
        public int Campaign { get; private set; }

        public int Step { get; private set; }

        public int Creative { get; private set; }

        public string? Placement { get; set; }

        public string? Channel { get; set; }

        public EventType? Interaction { get; private set; }

        public long At { get; private set; }

        public void Name(int campaign, int step, int creative) => (Campaign, Step, Creative) = (campaign, step, creative);

        public void Meet(EventType type, long at)
        {
            int stronger = Interaction is { } had ? Array.IndexOf(ByStrength, type) - Array.IndexOf(ByStrength, had) : 1;
            if (stronger > 0 || (stronger == 0 && at < At))
            {
                (Interaction, At) = (type, at);
            }
        }
    }
}
