using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;

namespace Decisioning.Api.Tests.Support;

/// <summary>Pulses to be shown.</summary>
internal static class TestPulses
{
    private const long Hour = 1_794_340_800_000;

    /// <summary>A small pulse of which every member has something in it.</summary>
    public static BrandPulse Of(string brand, long version, CreativeDelivery[]? creatives = null) => new()
    {
        Brand = brand,
        Version = version,
        AsOf = ScriptedHost.Start + version,
        RulesVersion = "3",
        Reclassifying = false,
        Deeplink = [5, 6, 4, 3, 1, 2, 1, 0],
        Flows =
        [
            new HourFlow(Hour - 3_600_000, FlowEnd.Imported, FlowEnd.Keen, 2),
            new HourFlow(Hour, FlowEnd.None, FlowEnd.Discover, 3), new HourFlow(Hour, FlowEnd.None, FlowEnd.Engage, 1),
            new HourFlow(Hour, FlowEnd.Discover, FlowEnd.Engage, 7), new HourFlow(Hour, FlowEnd.Engage, FlowEnd.Erased, 1),
        ],
        Dwell = [new StageDwell(Stage.Awareness, 12, 1, 2, 3)],
        Campaigns =
        [
            new CampaignDelivery(
                "spring", true, false, new Funnel(100, 90, 60, 50, 50), Delivered(version), 2, 25, 0, 7, 0, null, 9, null,
                new CampaignGoalProgress(new DateOnly(2026, 11, 10), [new StageGoal(Stage.Interest, 960_000, 4)]),
                new CampaignTrial(new TrialArm(20, 3_000_000, 1_250_000_000_000), new TrialArm(2, 200_000, 20_000_000_000))),
        ],
        Creatives = creatives ?? [new CreativeDelivery("runway-a", false, Delivered(version)), new CreativeDelivery("vr", true, Delivered(0))],
        Steps = [new StepDelivery("launch", "runway", 0, 20, Delivered(version))],
        Channels = [new ChannelDelivery("home", Delivered(version))],
        NoDecisions = [0, 0, 0, 0, 1, 0, 3, 0, 0, 0, 0],
        Spend = new SpendTotals("CNY", 900_000, 10, 7, 5),
        Intent = new IntentHistogram(ScriptedHost.Start, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        PurchaseIntentIndex = new IntentIndex(1_500_000, 2_000_000, 3_500_000, 12.3, null, 4),
        Assets = new AssetTotals(
            new DateOnly(2026, 11, 10), 123_400_000, [new StageAsset(Stage.Awareness, 10, 200_000, 2_000_000)],
            [new SubLedger("cart", 1_200_000)], [new SubLedger("home", 1)], [new SubLedger("vr", -5)],
            [new AssetLine(ScriptedHost.Start, "cart", null, "vr", FlowEnd.Engage, FlowEnd.Perform, 800_000)], null),
        Activity = new ActivityTotals(100, 50, 0, [.. Enumerable.Range(0, 60)], new int[60]),
    };

    /// <summary>The pulse after some of its members have changed at random; now and then an entry comes, goes or changes its place.</summary>
    public static BrandPulse Mutate(BrandPulse before, Random random)
    {
        bool Maybe() => random.Next(3) == 0;
        long Next() => random.Next(1_000_000);
        return new BrandPulse
        {
            Brand = before.Brand,
            Version = before.Version + 1,
            AsOf = before.AsOf + random.Next(250),
            RulesVersion = Maybe() ? $"{Next()}\"é<" : before.RulesVersion,
            Reclassifying = Maybe() ? !before.Reclassifying : before.Reclassifying,
            Deeplink = Maybe() ? [.. before.Deeplink.Select(_ => Next())] : before.Deeplink,
            Flows = Maybe() ? [.. before.Flows.Skip(random.Next(2)), new HourFlow(Hour + Next() * 3_600_000, FlowEnd.Discover, FlowEnd.Keen, 1 + Next())] : before.Flows,
            Dwell = Maybe() ? [new StageDwell((Stage)random.Next(1, 5), Next(), Next(), Next(), Next())] : before.Dwell,
            Campaigns = Maybe() ? Entries(before.Campaigns, random, id => before.Campaigns[0] with { Id = id, Delivery = Delivered(Next()) }) : before.Campaigns,
            Creatives = Maybe() ? Entries(before.Creatives, random, id => new CreativeDelivery(id, Maybe(), Delivered(Next()))) : before.Creatives,
            Steps = Maybe() ? Entries(before.Steps, random, id => new StepDelivery(Maybe() ? "launch" : "other", id, random.Next(9), Next(), Delivered(Next()))) : before.Steps,
            Channels = Maybe() ? Entries(before.Channels, random, id => new ChannelDelivery(id, Delivered(Next()))) : before.Channels,
            NoDecisions = Maybe() ? [.. before.NoDecisions.Select(_ => (long)random.Next(2))] : before.NoDecisions,
            Spend = Maybe() ? before.Spend with { TotalMicros = Next() } : before.Spend,
            Intent = Maybe() ? new IntentHistogram(Next(), before.Intent.Buckets) : before.Intent,
            PurchaseIntentIndex = Maybe() ? before.PurchaseIntentIndex with { CreditsMicros = Next(), Index = random.NextDouble() } : before.PurchaseIntentIndex,
            Assets = Maybe() ? before.Assets with { ValueMicros = Next(), IndustryIndex = 99.5 } : before.Assets,
            Activity = Maybe() ? before.Activity with { Decisions = Next(), LastEventAt = Next() } : before.Activity,
        };
    }

    /// <summary>A pulse with so many creatives that a whole frame of it takes about that many bytes.</summary>
    public static BrandPulse Large(string brand, long version, int bytes)
    {
        const int BytesPerCreative = 220;
        return Of(
            brand, version,
            [.. Enumerable.Range(0, bytes / BytesPerCreative).Select(n => new CreativeDelivery($"creative-{n}", false, Delivered(version)))]);
    }

    private static T[] Entries<T>(T[] before, Random random, Func<string, T> make)
    {
        T[] changed = [.. before];
        random.Shuffle(changed);
        return random.Next(6) switch
        {
            0 => [.. changed.Skip(before.Length > 1 ? 1 : 0)],
            1 or 2 => [.. changed, make($"new-{random.Next():x}")],
            3 => [make($"new-{random.Next():x}"), .. changed],
            _ => changed,
        };
    }

    private static Delivery Delivered(long won) => new(won, 30, 20, 9, 2, 5, 1, 0, 1, 1_500_000, 0, 3_250_000, 900_000);
}
