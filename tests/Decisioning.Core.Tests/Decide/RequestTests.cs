using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Decide;

/// <summary>What a request as a whole promises: several placements, repeats, tests, consent.</summary>
public sealed class RequestTests
{
    private static readonly BrandSnapshot Four = DrawTests.Priced(("k", "30.00", "standard", """["a", "b", "c", "d"]"""));

    [Fact]
    public void No_request_gives_a_creative_twice()
    {
        var consumer = new PlayedConsumer(Brands.Together(Four), Worlds.Noon);
        DecideReply reply = consumer.Decide(c => Places(c, 3, 2));
        SlotDecision[] all = [.. reply.Placements.SelectMany(p => p.Decisions)];
        Assert.Equal(["a", "b", "c", "d"], all.Select(d => d.Creative.Id).Order());
        Assert.Equal((3, 1), (reply.Placements[0].Decisions.Length, reply.Placements[1].Decisions.Length));
        Assert.Null(reply.Placements[0].NoDecision);
        Assert.Equal(new NoDecision(NoDecisionReason.FrequencyCap, null), reply.Placements[1].NoDecision);
        Assert.Equal(all.Select((_, i) => (uint)i + 1), all.Select(d => d.Ordinal));
    }

    [Fact]
    public void Caps_hold_across_the_placements_of_a_request()
    {
        var consumer = new PlayedConsumer(
            Brands.Together(Brands.Simple(creatives: """["a", "b", "c"]""", brand: """ "caps": [ { "max": 2, "per": "1d" } ], """)), Worlds.Noon);
        DecideReply reply = consumer.Decide(c => Places(c, 1, 3));
        Assert.Equal([1, 1], reply.Placements.Select(p => p.Decisions.Length));
        Assert.Equal(new NoDecision(NoDecisionReason.FrequencyCap, Worlds.Noon + 600_000), reply.Placements[1].NoDecision);
    }

    [Fact]
    public void Competitors_never_share_a_page()
    {
        BrandSnapshot[] brands = [Brands.Simple("ares", 1), Brands.Simple("boreas", 2), Brands.Simple("chronos", 3)];
        var consumer = new PlayedConsumer(new CatalogueSnapshot(brands, new ServerSettings([], [("ares", "boreas")]), "1"), Worlds.Noon)
        {
            Brands = ["ares", "boreas", "chronos"],
        };
        var met = new HashSet<string>();
        for (int i = 0; i < 20; i++)
        {
            string[] page = [.. consumer.Decide(c => Places(c, 1, 2)).Placements.SelectMany(p => p.Decisions).Select(d => d.Campaign.Brand.Id)];
            Assert.Equal(2, page.Length);
            Assert.Contains("chronos", page);
            met.UnionWith(page);
            consumer.Now += 1000;
        }

        Assert.Equal(3, met.Count);
    }

    [Fact]
    public void A_test_changes_nothing_and_is_answered_as_in_earnest()
    {
        var consumer = new PlayedConsumer(Brands.Together(Four), Worlds.Noon);
        consumer.Chosen();
        consumer.Market.Movements.Clear();
        byte[] before = consumer.Packed!;
        int journalled = consumer.Journal.Count;
        for (int i = 0; i < 8; i++)
        {
            Action<DecideCommand> ask = c =>
            {
                c.RequestId = "r";
                c.Attributes.Add(new("age", AttributeValue.Of(31)));
                c.Events.Add(new Happening(EventType.Cart, Worlds.Noon, Worlds.Noon, "e-9").Command(PlayedConsumer.Id, "aurora"));
            };
            DecideReply test = consumer.Decide(c => { ask(c); c.Test = true; });
            Assert.Equal(EventStatus.Accepted, Assert.Single(test.Events!).Status);
            Assert.Same(before, consumer.Packed);
            Assert.Equal(journalled, consumer.Journal.Count);
            Assert.Empty(consumer.Market.Movements);

            DecideReply earnest = consumer.Decide(ask);
            Assert.Equal(DrawTests.Tell(test), DrawTests.Tell(earnest));
            Assert.NotSame(before, consumer.Packed);
            consumer.Packed = before;
            consumer.Market.Movements.Clear();
            journalled = consumer.Journal.Count;
            consumer.Now += 1;
        }
    }

    [Fact]
    public void A_repeated_request_is_the_same_choice_for_five_minutes()
    {
        var consumer = new PlayedConsumer(Brands.Together(Four), Worlds.Noon);
        DecideReply first = consumer.Decide(c => { c.RequestId = "r-1"; Places(c, 2, 3); });
        byte[] after = consumer.Packed!;
        int movements = consumer.Market.Movements.Count;
        consumer.Now += 5 * 60_000 - 1;
        DecideReply again = consumer.Decide(c => { c.RequestId = "r-1"; Places(c, 2, 3); });
        Assert.Equal((DrawTests.Tell(first), Worlds.Noon), (DrawTests.Tell(again), again.At));
        Assert.Same(after, consumer.Packed);
        Assert.Equal(movements, consumer.Market.Movements.Count);
        consumer.Now++;
        Assert.Equal(consumer.Now, consumer.Decide(c => { c.RequestId = "r-1"; Places(c, 2, 3); }).At);
    }

    [Fact]
    public void The_last_eight_requests_are_remembered()
    {
        var consumer = new PlayedConsumer(Brands.Together(Four), Worlds.Noon);
        uint[] ordinals = [.. Enumerable.Range(0, 9).Select(i => Ask(i))];
        Assert.Equal(ordinals[1..], Enumerable.Range(1, 8).Select(Ask));
        Assert.NotEqual(ordinals[0], Ask(0));

        uint Ask(int i) => consumer.Chosen(c => c.RequestId = $"r-{i}").Ordinal;
    }

    [Fact]
    public void Without_consent_no_profile_is_read_or_written()
    {
        BrandSnapshot brand = Brands.Of("""
            "requireConsent": true, "audiences": { "old": { "attribute": "age", "from": 90 } },
            "storylines": { "s": { "steps": [ { "id": "one", "for": ["none"], "creatives": ["a"] }, { "id": "two", "for": ["perform"], "creatives": ["b"] } ] } },
            "campaigns": { "k": { "storyline": "s", "price": { "model": "cpm", "amount": "30.00" } }, "l": { "storyline": "s", "priority": "sponsorship", "targeting": { "not": ["old"] } } }
            """);
        var consumer = new PlayedConsumer(Brands.Together(brand), Worlds.Noon);
        consumer.Report(EventType.Cart);
        Assert.Equal(("l", "two", false), Facts(consumer.Chosen(c => c.Consent = true)));
        foreach (bool? consent in (bool?[])[null, false])
        {
            DecideReply reply = consumer.Decide(c =>
            {
                c.Consent = consent;
                c.Attributes.Add(new("age", AttributeValue.Of(95)));
                c.Events.Add(new Happening(EventType.View, Worlds.Noon, Worlds.Noon, "e-9").Command(PlayedConsumer.Id, "aurora"));
            });
            Assert.Equal(("k", "one", true), Facts(Assert.Single(reply.Placements[0].Decisions)));
            Assert.Equal(EventCodes.NoConsent, Assert.Single(reply.Events!).Code);
        }

        Assert.Equal(1, Assert.Single(consumer.Relationship().Behaviours).Value.Count);
        Assert.Single(consumer.Relationship().Exposures);
        Assert.Equal("l", consumer.Chosen(c => c.Consent = true).Campaign.Id);
    }

    [Fact]
    public void An_event_of_no_brand_lacks_its_brand_and_not_consent()
    {
        var consumer = new PlayedConsumer(Brands.Together(Brands.Of("\"requireConsent\": true")), Worlds.Noon);
        string Code(bool? consent) => Assert.Single(consumer.Decide(c =>
        {
            c.Consent = consent;
            c.Events.Add(new EventCommand { EventId = "e-1", TypeName = "nope" });
        }).Events!).Code!;
        Assert.Equal(EventCodes.MissingField, Code(null));
        Assert.Equal(EventCodes.MissingField, Code(true));
        Assert.Equal(EventCodes.NoConsent, Code(false));
    }

    [Fact]
    public void A_contextual_choice_leaves_the_state_alone_and_journals_what_it_holds()
    {
        CatalogueSnapshot catalogue = Brands.Together(Four);
        var turn = new Turn(5);
        turn.State.Reset("somebody"u8);
        byte[] before = PlayedConsumer.Pack(turn.State);
        var command = new DecideCommand { Catalogue = catalogue, Brands = catalogue.Brands };
        Places(command, 1);
        var market = new OpenMarket();
        DecideReply[] replies = [.. Enumerable.Range(0, 2).Select(i => turn.DecideContextual(command, Worlds.Noon, catalogue, market, (ulong)i))];
        Assert.All(replies, r => Assert.True(r.Placements[0].Decisions[0].Contextual));
        Assert.NotEqual(replies[0].Placements[0].Decisions[0].Ordinal, replies[1].Placements[0].Decisions[0].Ordinal);
        Assert.Equal(before, PlayedConsumer.Pack(turn.State));
        Assert.True(turn.Changed);
        var told = new OpenMarket();
        Turn.ReplayMoney(turn.Payload, told);
        Assert.Single(told.Movements);
        Assert.Equal(2, market.Movements.Count);
    }

    private static (string, string, bool) Facts(SlotDecision decision) => (decision.Campaign.Id, decision.Step.Id, decision.Contextual);

    private static void Places(DecideCommand command, params int[] counts)
    {
        command.Placements.Clear();
        command.Placements.AddRange(counts.Select((count, i) => new PlacementCommand { Id = $"p-{i}", Channel = "home", Formats = 0xF, Count = count, ConfirmAtDecision = false }));
    }
}
