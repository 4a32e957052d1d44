using System.Text.Json;
using Decisioning.Load.Arrivals;

namespace Decisioning.Load.Scenarios;

/// <summary>Reads a scenario's file: every member checked, every fault named at once.</summary>
internal static class ScenarioReader
{
    private const double MostRate = 10_000_000;
    private const double MostSeconds = 86_400;

    private static readonly JsonDocumentOptions Readable = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly string[] EventTypes =
    [
        "view", "content_engage", "shop_visit", "follow", "brand_search", "favorite", "coupon_claim", "cart",
        "search", "sample_claim", "unfollow", "unfavorite", "remove_from_cart", "purchase", "join_member", "leave_member",
    ];

    /// <summary>Reads a scenario.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="json">Its file's text.</param>
    /// <exception cref="LoadFailureException">It is not JSON, or has faults.</exception>
    public static Scenario Read(string name, string json)
    {
        List<string> faults = [];
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Readable);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new LoadFailureException($"The scenario '{name}' is no JSON object.");
            }

            Scenario scenario = Read(name, new ScenarioNode(document.RootElement, "", faults));
            return faults.Count == 0 ? scenario : throw new LoadFailureException(string.Join(Environment.NewLine, faults.Select(f => $"scenario '{name}' {f}")));
        }
        catch (JsonException fault)
        {
            throw new LoadFailureException($"The scenario '{name}' is not JSON: {fault.Message}");
        }
    }

    private static Scenario Read(string name, ScenarioNode root)
    {
        double seconds = root.Number("seconds", 1, MostSeconds);
        Scenario scenario = new()
        {
            Name = name,
            About = root.Text("about", required: true) ?? "",
            World = WorldOf(root.Object("world", required: true)),
            Rate = root.Number("rate", 0.1, MostRate),
            Seconds = seconds,
            Warmup = root.Number("warmup", 0, MostSeconds, 5),
            Curve = CurveOf(root, seconds),
            Mix = MixOf(root.Object("mix")),
            Decisions = DecisionsOf(root.Object("decisions")),
            Events = EventsOf(root.Object("events")),
            FollowUps = FollowUpsOf(root.Object("followUps")),
            Visitors = VisitorsOf(root.Object("visitors")),
            ChangeEvery = root.OptionalNumber("changeEvery", 0.1, MostSeconds),
            Watchers = root.Whole("watchers", 0, 10_000, 0),
            ColdServer = root.Flag("coldServer"),
            ServerHeap = root.OptionalWhole("serverHeap", 64, 1_000_000),
            Verify = root.Flag("verify"),
            Thresholds = ThresholdsOf(root.Object("thresholds")),
        };
        if (scenario.Visitors.Once && scenario.World.Known == 0)
        {
            root.Fault("visitors/once", "nobody is known who could come: world/known is 0.");
        }

        root.Close();
        return scenario;
    }

    private static WorldShape WorldOf(ScenarioNode node)
    {
        int consumers = node.Whole("consumers", 1, WorldIds.MostConsumers / 2);
        WorldShape shape = new()
        {
            Brands = node.Whole("brands", 1, 1_000),
            Creatives = node.Whole("creatives", 4, 5_000),
            Consumers = consumers,
            Known = node.Whole("known", 0, WorldIds.MostConsumers / 2, 0),
            Zipf = node.Number("zipf", 0, 2, 0),
        };
        if (shape.Known > consumers)
        {
            node.Fault("known", $"{shape.Known} are more than the {consumers} consumers.");
        }

        node.Close();
        return shape;
    }

    private static IReadOnlyList<CurvePoint> CurveOf(ScenarioNode root, double seconds)
    {
        List<CurvePoint> points = [];
        foreach (JsonElement element in root.Array("curve") ?? [])
        {
            double[] pair = element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Number).Select(e => e.GetDouble())] : [];
            double last = points.Count == 0 ? 0 : points[^1].Second;
            if (pair.Length != 2 || element.GetArrayLength() != 2 || pair[1] is < 0 or > 1_000_000 || (points.Count == 0 ? pair[0] != 0 : pair[0] <= last) || pair[0] > seconds)
            {
                root.Fault($"curve/{points.Count}", $"{element.GetRawText()} is no [second, times the rate]: seconds begin at 0, go forward and end with the run's {seconds}, and no rate is below 0.");
                return [new CurvePoint(0, 1)];
            }

            points.Add(new CurvePoint(pair[0], pair[1]));
        }

        if (points.Count > 0 && points.All(p => p.Rate == 0))
        {
            root.Fault("curve", "nobody ever comes.");
        }

        return points.Count > 0 ? points : [new CurvePoint(0, 1)];
    }

    private static VisitMix MixOf(ScenarioNode node)
    {
        VisitMix mix = node.IsAbsent ? new VisitMix(1, 0, 0) : new VisitMix(node.Number("decisions", 0, 1e6, 0), node.Number("events", 0, 1e6, 0), node.Number("bad", 0, 1e6, 0));
        node.Close();
        if (mix.Decisions + mix.Events + mix.Bad <= 0)
        {
            node.Fault("", "every weight is 0.");
        }

        return mix;
    }

    private static DecisionShape DecisionsOf(ScenarioNode node)
    {
        List<string> formats = [];
        foreach (JsonElement element in node.Array("formats") ?? [])
        {
            if (element.ValueKind == JsonValueKind.String && element.GetString() is "video" or "image" or "html" or "native")
            {
                formats.Add(element.GetString()!);
            }
            else
            {
                node.Fault($"formats/{formats.Count}", $"{element.GetRawText()} is none of video, image, html, native.");
                break;
            }
        }

        DecisionShape shape = new(
            node.Whole("placements", 1, 30, 1), node.Whole("count", 1, 20, 1), formats.Count > 0 ? formats : ["video", "image", "html"], node.Text("size", required: false), node.Number("oneBrand", 0, 1, 0));
        node.Close();
        return shape;
    }

    private static EventShape EventsOf(ScenarioNode node)
    {
        int batch = node.Whole("batch", 1, 50, 1);
        ScenarioNode types = node.Object("types");
        Dictionary<string, double> weights = EventTypes.Select(t => (Type: t, Weight: types.Number(t, 0, 1e6, 0))).Where(t => t.Weight > 0).ToDictionary(t => t.Type, t => t.Weight);
        types.Close();
        node.Close();
        return new EventShape(batch, weights.Count > 0 ? weights : new Dictionary<string, double> { ["view"] = 1 });
    }

    private static FollowUpRates FollowUpsOf(ScenarioNode node)
    {
        FollowUpRates rates = new()
        {
            Impression = FollowUpOf(node.Object("impression")),
            Viewable = FollowUpOf(node.Object("viewable")),
            Click = FollowUpOf(node.Object("click")),
            Conversion = FollowUpOf(node.Object("conversion")),
            Retry = FollowUpOf(node.Object("retry")),
            Repeat = FollowUpOf(node.Object("repeat")),
            Lost = node.Number("lost", 0, 1, 0),
        };
        node.Close();
        return rates;
    }

    private static FollowUp FollowUpOf(ScenarioNode node)
    {
        FollowUp followUp = node.IsAbsent ? new FollowUp(0, 0) : new FollowUp(node.Number("share", 0, 1), node.Number("delay", 0, 3_600, 0));
        node.Close();
        return followUp;
    }

    private static VisitorShape VisitorsOf(ScenarioNode node)
    {
        VisitorShape shape = new(node.Number("fresh", 0, 1, 0), node.Number("hotConsumer", 0, 1, 0), node.Number("hotBrand", 0, 1, 0), node.Flag("once"));
        node.Close();
        if (shape.Fresh + shape.HotConsumer > 1)
        {
            node.Fault("", $"fresh and hotConsumer are shares of the same visits, and together {shape.Fresh + shape.HotConsumer}: more than 1.");
        }

        return shape;
    }

    private static ThresholdSet ThresholdsOf(ScenarioNode node)
    {
        const double Most = 3_600_000;
        ThresholdSet set = new(
            node.OptionalNumber("decisionP99", 0, Most), node.OptionalNumber("decisionP999", 0, Most), node.OptionalNumber("eventsP99", 0, Most), node.OptionalNumber("eventsMax", 0, Most),
            node.OptionalNumber("decisionsBeyond", 0, Most), node.OptionalNumber("eventsBeyond", 0, Most),
            node.Number("refused", 0, 1, 0), node.OptionalNumber("calmAfter", 0, MostSeconds), node.OptionalNumber("memoryGrowth", 0, 10));
        node.Close();
        return set;
    }
}
