using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Decide;

/// <summary>Who is drawn and how often: probabilities, tiers, holdouts.</summary>
public sealed class DrawTests
{
    [Fact]
    public void Draws_fall_as_often_as_their_propensities_say()
    {
        const int Draws = 20_000;
        CatalogueSnapshot catalogue = Brands.Together(Priced(("k", "30.00", "standard", """["a", "b"]"""), ("l", "20.00", "standard", """["c"]""")));
        var command = new DecideCommand { ConsumerId = "c", Catalogue = catalogue, Brands = catalogue.Brands, Test = true };
        command.Placements.Add(new PlacementCommand { Id = "p", Formats = 0xF, Count = 1, ConfirmAtDecision = false });
        var turn = new Turn(5);
        var seen = new Dictionary<string, (int Times, double Propensity)>();
        for (ulong key = 0; key < Draws; key++)
        {
            turn.State.Reset("c"u8);
            turn.Begin(key, Worlds.Noon, catalogue, new OpenMarket(), null);
            SlotDecision drawn = turn.Decide(command).Placements[0].Decisions[0];
            (int times, double propensity) = seen.GetValueOrDefault(drawn.Creative.Id, (0, drawn.Propensity));
            Assert.Equal(propensity, drawn.Propensity);
            seen[drawn.Creative.Id] = (times + 1, propensity);
        }

        Assert.Equal(1, seen.Values.Sum(s => s.Propensity), 1e-12);
        Assert.Equal(seen["a"].Propensity, seen["b"].Propensity);
        Assert.True(seen["c"].Propensity is > 0 and < 0.1);
        double chiSquare = seen.Values.Sum(s => Math.Pow(s.Times - Draws * s.Propensity, 2) / (Draws * s.Propensity));
        Assert.True(chiSquare < 13.8, $"χ² = {chiSquare} with two degrees of freedom: one in a thousand lies above 13.8.");
    }

    [Fact]
    public void Priority_goes_before_value_and_house_fills_what_is_left()
    {
        BrandSnapshot brand = Priced(
            ("h", "900.00", "house", """["c"]"""), ("s", "1.00", "sponsorship", """["a"]"""), ("m", "50.00", "standard", """["b"]"""));
        var consumer = new PlayedConsumer(Brands.Together(brand), Worlds.Noon);
        Assert.Equal(["s", "m", "h"], consumer.Decide(count: 3).Placements[0].Decisions.Select(d => d.Campaign.Id));
    }

    [Fact]
    public void A_held_out_win_is_logged_as_a_ghost_and_the_next_campaign_serves()
    {
        const int Consumers = 800;
        const double Share = 0.2;
        BrandSnapshot brand = Brands.Of($$"""
            "storylines": { "s": { "steps": [ { "id": "one", "for": {{Brands.Everyone}}, "creatives": ["a"] } ] }, "t": { "steps": [ { "id": "one", "for": {{Brands.Everyone}}, "creatives": ["b"] } ] } },
            "campaigns": { "k": { "storyline": "s", "holdout": 0.2 }, "l": { "storyline": "t", "priority": "house" } }
            """);
        int heldOut = 0;
        for (int i = 0; i < Consumers; i++)
        {
            string id = $"consumer-{i}";
            var consumer = new PlayedConsumer(Brands.Together(brand), Worlds.Noon) { ConsumerId = id };
            bool expected = Bucketing.Bucket("aurora/k", id) < Share;
            heldOut += expected ? 1 : 0;
            Assert.Equal(expected ? "l" : "k", consumer.Chosen().Campaign.Id);
            DecisionView[] logged = [.. consumer.Relationship().Decisions];
            Assert.Equal(expected ? ["l", "k"] : ["k"], logged.Select(d => d.Campaign));
            Assert.Equal(expected ? [false, true] : [false], logged.Select(d => d.Ghost));
            Assert.Single(consumer.Relationship().Exposures);
        }

        Assert.InRange(heldOut / (double)Consumers, Share - 0.045, Share + 0.045); // three standard deviations
    }

    [Fact]
    public void A_brand_holdout_holds_back_every_campaign()
    {
        BrandSnapshot brand = Brands.Simple(brand: """ "brandHoldout": 0.5, """);
        foreach (int i in Enumerable.Range(0, 60))
        {
            var consumer = new PlayedConsumer(Brands.Together(brand), Worlds.Noon) { ConsumerId = $"consumer-{i}" };
            NoDecisionReason? expected = Bucketing.Bucket("aurora", $"consumer-{i}") < 0.5 ? NoDecisionReason.Holdout : null;
            Assert.Equal(expected, consumer.Decide().Placements[0].NoDecision?.Reason);
        }
    }

    [Fact]
    public void The_same_state_request_and_seed_give_the_same_reply()
    {
        CatalogueSnapshot catalogue = Brands.Together(Priced(("k", "30.00", "standard", """["a", "b", "c", "d"]""")));
        string[] replies = [.. Enumerable.Range(0, 2).Select(_ => Life(5))];
        Assert.Equal(replies[0], replies[1]);
        Assert.NotEqual(replies[0], Life(6));

        string Life(ulong seed)
        {
            var consumer = new PlayedConsumer(catalogue, Worlds.Noon, seed);
            var told = new StringBuilder();
            for (int i = 0; i < 12; i++)
            {
                told.AppendLine(Tell(consumer.Decide(count: 2)));
                consumer.Now += 1000;
            }

            return told.ToString();
        }
    }

    internal static string Tell(DecideReply reply) => string.Join('\n', reply.Placements.Select(p =>
        string.Join(' ', p.Decisions.Select(d => $"{d.Campaign.Id}/{d.Step.Id}/{d.Creative.Id} {d.Propensity:R} {d.Score:R} {d.Ordinal} {d.DeeplinkStage} {d.Intent:R}")) + $" {p.NoDecision}"));

    internal static BrandSnapshot Priced(params (string Id, string Price, string Priority, string Creatives)[] campaigns) => Brands.Of($$"""
        "storylines": { {{string.Join(", ", campaigns.Select(c => $$"""
            "{{c.Id}}": { "steps": [ { "id": "one", "for": {{Brands.Everyone}}, "creatives": {{c.Creatives}} } ] }
            """))}} },
        "campaigns": { {{string.Join(", ", campaigns.Select(c => $$"""
            "{{c.Id}}": { "storyline": "{{c.Id}}", "priority": "{{c.Priority}}", "price": { "model": "cpm", "amount": "{{c.Price}}" } }
            """))}} }
        """);
}
