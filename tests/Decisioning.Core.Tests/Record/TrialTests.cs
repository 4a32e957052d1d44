using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;
using Decisioning.Core.Record.Facts;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Record;

/// <summary>Campaigns against their holdouts: by hand, and against a recount that has every draw and every behaviour and nothing of how trials are kept.</summary>
public sealed class TrialTests
{
    private const long Day = Worlds.Day;
    private const string Stories = $$"""
        "storylines": { "s": { "gap": "0s", "steps": [ { "id": "one", "for": {{Brands.Everyone}}, "creatives": ["a"] } ] }, "t": { "gap": "0s", "steps": [ { "id": "one", "for": {{Brands.Everyone}}, "creatives": ["b"] } ] } }
        """;

    private static readonly BrandSnapshot[] Holding =
    [
        Brands.Of($$""" "rules": { "attribution": { "viewable": "2d" } }, {{Stories}}, "campaigns": { "k": { "storyline": "s", "holdout": 0.5 }, "l": { "storyline": "t", "holdout": 0.3 }, "m": { "storyline": "t" } } """),
        Brands.Of($$""" "brandHoldout": 0.4, {{Stories}}, "campaigns": { "k": { "storyline": "s", "caps": [ { "max": 2, "per": "7d" } ] }, "l": { "storyline": "t", "holdout": 0.5 } } """, zone: "America/New_York"),
        Brands.Of($$""" "rules": { "intent": { "weights": { "view": 0.7000004, "follow": 3 }, "caps": { "view": 1.5 } } }, {{Stories}}, "campaigns": { "k": { "storyline": "s", "holdout": 0.9 }, "m": { "storyline": "t" } } """),
    ];

    /// <summary>A behaviour as it arrived, after so many draws of its consumer.</summary>
    private readonly record struct Arrived(EventType Type, long At, DateOnly Day, int DrawsBefore);

    private sealed class Crowd(BrandSnapshot brand, int seed)
    {
        private readonly List<(PlayedConsumer Played, List<(int Campaign, bool Ghost, long At)> Draws, List<Arrived> Behaviours)> _consumers =
            [.. Enumerable.Range(0, 12).Select(i => (new PlayedConsumer(Brands.Together(brand), Worlds.Noon) { ConsumerId = $"{seed}-{i}" }, new List<(int, bool, long)>(), new List<Arrived>()))];

        public IEnumerable<PlayedConsumer> Consumers => _consumers.Select(c => c.Played);

        public void Play()
        {
            var random = new Random(seed);
            long now = Worlds.Noon;
            for (int i = 0; i < 300; i++)
            {
                now += random.Next(8) == 0 ? random.NextInt64(3 * Day) : random.NextInt64(3 * Worlds.Hour);
                var (played, draws, behaviours) = _consumers[random.Next(_consumers.Count)];
                played.Now = now;
                if (random.Next(3) == 0)
                {
                    Decide(random, played, draws);
                    continue;
                }

                EventType type = IntentRules.Behaviours[random.Next(8)];
                long at = now - (random.Next(3) == 0 ? random.NextInt64(5 * Day) : 0);
                Assert.Equal(EventStatus.Accepted, played.Report(type, at).Status);
                DateOnly day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(now), brand.Calendar.Zone).DateTime);
                behaviours.Add(new Arrived(type, at, day, draws.Count));
            }
        }

        private static void Decide(Random random, PlayedConsumer played, List<(int Campaign, bool Ghost, long At)> draws)
        {
            DecideReply reply = played.Decide(c => c.Consent = true, count: random.Next(1, 3));
            PayloadReader.Read(
                played.Journal[^1].Payload, (_, _) => { }, (decision, _) => draws.AddRange(decision.Draws.Select(d => (d.Decision.Campaign, d.Ghost, played.Now))));
            foreach (SlotDecision decision in reply.Placements[0].Decisions)
            {
                if (random.Next(2) == 0)
                {
                    played.Track(PlayedConsumer.RefOf(decision, reply.At), (EventType)random.Next(7));
                }
            }
        }

        /// <summary>An arm of a campaign's trial by brute force; an empty one for a campaign that holds nobody out.</summary>
        public TrialArm Recount(CampaignSnapshot campaign, bool heldOut)
        {
            TrialArm arm = default;
            foreach (var (_, draws, behaviours) in _consumers)
            {
                int first = draws.FindIndex(d => d.Campaign == campaign.Symbol);
                if (first < 0 || draws[first].Ghost != heldOut || (campaign.Holdout == 0 && brand.BrandHoldout == 0))
                {
                    continue;
                }

                UInt128 weight = 0;
                long from = draws[first].At, until = from + brand.Rules.ViewableLookBack;
                for (int i = 0; i < behaviours.Count; i++)
                {
                    Arrived behaviour = behaviours[i];
                    IntentRule rule = brand.Rules.Intent[Array.IndexOf(IntentRules.Behaviours, behaviour.Type)];
                    int sameDay = behaviours.Take(i).Count(b => b.Type == behaviour.Type && b.Day == behaviour.Day);
                    if (sameDay < Math.Ceiling(rule.Cap) && behaviour.DrawsBefore > first && behaviour.At >= from && behaviour.At < until)
                    {
                        weight += (UInt128)decimal.Round((decimal)rule.Weight * 1_000_000, MidpointRounding.AwayFromZero);
                    }
                }

                arm = new TrialArm(arm.Consumers + 1, arm.WeightMicros + (long)weight, arm.Squares + weight * weight);
            }

            return arm;
        }
    }

    [Fact]
    public void Both_arms_are_those_of_a_recount_in_parts_after_replay_and_read_back()
    {
        long shown = 0, heldOut = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            BrandSnapshot brand = Holding[seed % Holding.Length];
            var crowd = new Crowd(brand, seed);
            crowd.Play();
            ServerTotals whole = Fold(crowd.Consumers), merged = new();
            foreach (PlayedConsumer consumer in crowd.Consumers)
            {
                merged.Merge(Fold([consumer]));
                Assert.True(consumer.Packed is null || consumer.Packed.AsSpan().SequenceEqual(consumer.Replayed()), $"seed {seed}");
            }

            BrandTotals again = BrandTotals.Read(Form(whole.Of(brand.Symbol)));
            foreach (BrandTotals books in (BrandTotals[])[whole.Of(brand.Symbol), merged.Of(brand.Symbol), again])
            {
                CampaignDelivery[] campaigns = PulseOf(books, brand).Campaigns;
                foreach (CampaignSnapshot campaign in brand.Campaigns)
                {
                    var expected = new CampaignTrial(crowd.Recount(campaign, false), crowd.Recount(campaign, true));
                    CampaignTrial? kept = campaigns.Single(c => c.Id == campaign.Id).Trial;
                    Assert.Equal(expected.Shown.Consumers + expected.HeldOut.Consumers > 0 ? expected : null, kept);
                    shown += expected.Shown.WeightMicros;
                    heldOut += expected.HeldOut.WeightMicros;
                }
            }
        }

        Assert.True(shown > 100_000_000 && heldOut > 100_000_000, $"{shown} and {heldOut} are too little to tell.");
    }

    [Fact]
    public void The_increment_is_the_difference_of_means_with_the_error_of_Welch()
    {
        // Weights 1, 2, 0 against 0, 0.5: means 1 and 0.25, variances 1 and 0.125.
        var trial = new CampaignTrial(new TrialArm(3, 3_000_000, 5_000_000_000_000), new TrialArm(2, 500_000, 250_000_000_000));
        Assert.Equal(750, trial.IncrementPerThousand!.Value, 9);
        Assert.Equal(1_000 * Math.Sqrt(1.0 / 3 + 0.125 / 2), trial.StandardError!.Value, 9);
        Assert.Null((trial with { HeldOut = new TrialArm(1, 500_000, 250_000_000_000) }).StandardError);
        Assert.Null((trial with { HeldOut = default }).IncrementPerThousand);
    }

    [Fact]
    public void What_a_shown_campaign_brings_is_found()
    {
        BrandSnapshot brand = Holding[0];
        List<PlayedConsumer> consumers = [];
        var random = new Random(3);
        for (int i = 0; i < 2_000; i++)
        {
            var consumer = new PlayedConsumer(Brands.Together(brand), Worlds.Noon) { ConsumerId = $"consumer-{i}" };
            consumers.Add(consumer);
            bool shown = consumer.Decide(c => c.Consent = true, count: 2).Placements[0].Decisions.Any(d => d.Campaign.Id == "k");
            consumer.Now += Worlds.Hour;
            if (random.NextDouble() < (shown ? 0.3 : 0.2))
            {
                consumer.Report(EventType.Cart);
            }
        }

        CampaignTrial trial = PulseOf(Fold(consumers).Of(brand.Symbol), brand).Campaigns.Single(c => c.Id == "k").Trial!;
        Assert.InRange(trial.StandardError!.Value, 15, 25);
        Assert.InRange(trial.IncrementPerThousand!.Value, 100 - 4 * trial.StandardError.Value, 100 + 4 * trial.StandardError.Value);
    }

    [Fact]
    public void The_look_back_begins_with_the_first_win_and_its_last_millisecond_counts()
    {
        foreach (bool heldOut in (bool[])[true, false])
        {
            BrandSnapshot brand = Holding[0];
            PlayedConsumer consumer = Of(brand, heldOut);
            consumer.Report(EventType.Cart);
            Decide(consumer);
            long first = consumer.Now;
            Assert.Equal(1_000_000, WeightAfter(consumer, first));
            consumer.Now = first + Day;
            Decide(consumer);
            Assert.Equal(0, WeightAfter(consumer, first - 1));
            consumer.Now = first + 2 * Day;
            Assert.Equal(1_000_000, WeightAfter(consumer, first + 2 * Day - 1));
            Assert.Equal(0, WeightAfter(consumer, first + 2 * Day));
            Decide(consumer);
            CampaignTrial trial = TrialOf(consumer, brand)!;
            Assert.Equal(new TrialArm(1, 2_000_000, 4_000_000_000_000), heldOut ? trial.HeldOut : trial.Shown);
            Assert.Equal(default, heldOut ? trial.Shown : trial.HeldOut);
        }
    }

    [Fact]
    public void Whoever_only_has_a_ghost_is_in_the_trial_and_unknown_to_the_brand()
    {
        BrandSnapshot brand = Brands.Of($$""" {{Stories}}, "campaigns": { "k": { "storyline": "s", "holdout": 1 } } """);
        var consumer = new PlayedConsumer(Brands.Together(brand), Worlds.Noon);
        Assert.Empty(consumer.Decide(c => c.Consent = true).Placements[0].Decisions);
        Assert.Empty(consumer.View().Brands);
        Assert.Equal(0, Fold([consumer]).Of(brand.Symbol).Counts.ToArray().Sum());
        Assert.Equal(new TrialArm(1, 0, 0), TrialOf(consumer, brand)!.HeldOut);
        consumer.Decide(c => c.Consent = true);
        consumer.Report(EventType.Cart);
        Assert.Equal(new TrialArm(1, 1_000_000, 1_000_000_000_000), TrialOf(consumer, brand)!.HeldOut);
    }

    [Fact]
    public void A_campaign_that_holds_nobody_out_and_a_choice_without_consent_have_no_trial()
    {
        BrandSnapshot brand = Brands.Of($$""" {{Stories}}, "campaigns": { "m": { "storyline": "s" } } """);
        var consumer = new PlayedConsumer(Brands.Together(brand), Worlds.Noon);
        consumer.Chosen(c => c.Consent = true);
        consumer.Report(EventType.Cart);
        Assert.Null(TrialOf(consumer, brand));

        BrandSnapshot holding = Brands.Of($$""" {{Stories}}, "campaigns": { "k": { "storyline": "s", "holdout": 0.5 } } """);
        var turn = new Turn(5);
        var command = new DecideCommand { ConsumerId = "consumer-1", Consent = false, Catalogue = Brands.Together(holding), Brands = [holding] };
        command.Placements.Add(new PlacementCommand { Id = "p", Channel = "home", Formats = 0xF, Count = 1, ConfirmAtDecision = false });
        turn.DecideContextual(command, Worlds.Noon, command.Catalogue, new OpenMarket(), 9);
        var totals = new ServerTotals();
        totals.Fold(TurnFacts.Of(turn.Payload));
        Assert.Null(PulseOf(totals.Of(holding.Symbol), holding).Campaigns[0].Trial);
        var tested = new PlayedConsumer(command.Catalogue, Worlds.Noon);
        tested.Decide(c => (c.Consent, c.Test) = (true, true));
        Assert.Empty(tested.Journal);
    }

    [Fact]
    public void The_newest_trials_are_kept()
    {
        string campaigns = string.Join(", ", Enumerable.Range(0, StateBounds.Trials + 3).Select(i => $$""" "k{{i}}": { "storyline": "s", "holdout": 1 } """));
        BrandSnapshot brand = Brands.Of($$""" {{Stories}}, "campaigns": { {{campaigns}} } """);
        var consumer = new PlayedConsumer(Brands.Together(brand), Worlds.Noon);
        consumer.Decide(c => c.Consent = true);
        Assert.Equal(StateBounds.Trials + 3, Entered());
        consumer.Decide(c => c.Consent = true);
        Assert.InRange(Entered(), StateBounds.Trials + 6, 2 * (StateBounds.Trials + 3));
        Assert.Equal(consumer.Packed, consumer.Replayed());

        long Entered() => PulseOf(Fold([consumer]).Of(brand.Symbol), brand).Campaigns.Sum(c => c.Trial!.HeldOut.Consumers);
    }

    [Fact]
    public void Books_of_the_versions_before_trials_appraisals_and_flat_prices_are_read()
    {
        byte[] form = Form(new BrandTotals());
        byte[] withoutTrials = [1, .. form[1..^3]], withoutAppraisal = [2, .. form[1..^2]], withoutFees = [3, .. form[1..^1]];
        Assert.Null(PulseOf(BrandTotals.Read(withoutTrials), Holding[0]).Campaigns[0].Trial);
        Assert.Null(BrandTotals.Read(withoutAppraisal).Appraisal);
        Assert.Empty(BrandTotals.Read(withoutFees).Fees);
        Assert.Throws<InvalidDataException>(() => BrandTotals.Read([1, .. form[1..^2]]));
        Assert.Throws<InvalidDataException>(() => BrandTotals.Read([2, .. form[1..^1]]));
        Assert.Throws<InvalidDataException>(() => BrandTotals.Read([3, .. form[1..]]));
    }

    private static PlayedConsumer Of(BrandSnapshot brand, bool heldOut)
    {
        int i = Enumerable.Range(0, 100).First(n => Bucketing.Bucket("aurora/k", $"consumer-{n}") < 0.5 == heldOut && Bucketing.Bucket("aurora/l", $"consumer-{n}") < 0.3);
        return new PlayedConsumer(Brands.Together(brand), Worlds.Noon) { ConsumerId = $"consumer-{i}" };
    }

    /// <summary>Both campaigns have their draw.</summary>
    private static void Decide(PlayedConsumer consumer) => consumer.Decide(c => c.Consent = true, count: 2);

    /// <summary>What a cart adds to the trial of campaign k.</summary>
    private static long WeightAfter(PlayedConsumer consumer, long at)
    {
        long before = Weight();
        Assert.Equal(EventStatus.Accepted, consumer.Report(EventType.Cart, at).Status);
        return Weight() - before;

        long Weight() => TrialOf(consumer, consumer.Catalogue.Brands[0]) is { } trial ? trial.Shown.WeightMicros + trial.HeldOut.WeightMicros : 0;
    }

    /// <summary>Of the brand's first campaign.</summary>
    private static CampaignTrial? TrialOf(PlayedConsumer consumer, BrandSnapshot brand) => PulseOf(Fold([consumer]).Of(brand.Symbol), brand).Campaigns[0].Trial;

    private static ServerTotals Fold(IEnumerable<PlayedConsumer> consumers)
    {
        var totals = new ServerTotals();
        foreach (PlayedConsumer consumer in consumers)
        {
            foreach ((_, _, byte[] payload) in consumer.Journal)
            {
                totals.Fold(TurnFacts.Of(payload));
            }
        }

        return totals;
    }

    private static BrandPulse PulseOf(BrandTotals books, BrandSnapshot brand) =>
        books.TakePulse(brand, new PulseInputs { Version = 1, AsOf = Worlds.Noon, RulesVersion = "v", MoneyOf = _ => default });

    private static byte[] Form(BrandTotals totals)
    {
        var form = new ByteWriter();
        totals.Write(form);
        return form.Written.ToArray();
    }
}
