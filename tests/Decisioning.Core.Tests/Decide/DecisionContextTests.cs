using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Decide;

/// <summary>What a decision's scratch knows of brands, request after request, each of another consumer.</summary>
public sealed class DecisionContextTests
{
    private static readonly BrandSnapshot Ares = Brands.Simple("ares", 1);
    private static readonly BrandSnapshot Boreas = Brands.Simple("boreas", 2);
    private static readonly BrandSnapshot Zephyr = Brands.Simple("zephyr", 70_000);
    private static readonly BrandSnapshot Private = Brands.Simple("private", 3, brand: """ "requireConsent": true, """);

    private readonly DecisionContext _context = new();

    [Fact]
    public void Slots_are_those_of_the_request_at_hand()
    {
        foreach (BrandSnapshot[] known in (BrandSnapshot[][])[[Ares, Boreas], [], [Boreas], [Zephyr, Boreas], [Boreas, Ares]])
        {
            ConsumerState state = Knows(known);
            Bind(state, Ares, Boreas, Zephyr);
            BrandSnapshot[] asked = [Ares, Boreas, Zephyr];
            Assert.Equal(asked.Select(b => Array.IndexOf(known, b)), asked.Select(_context.SlotOf));
            Assert.Equal(asked.Select(b => Array.IndexOf(known, b)), Enumerable.Range(0, asked.Length).Select(i => _context.Reading(i).Slot));
        }
    }

    [Fact]
    public void A_brand_of_a_higher_number_than_any_seen_has_no_slot()
    {
        Bind(Knows(Ares), Zephyr);
        Assert.Equal(-1, _context.SlotOf(Zephyr));
        Assert.Equal(-1, _context.Reading(0).Slot);
    }

    [Fact]
    public void A_stranger_is_known_from_where_it_gets_a_record_and_a_stranger_again_in_the_next_request()
    {
        ConsumerState state = Knows(Boreas);
        Bind(state, Zephyr, Ares);
        Assert.Equal(-1, _context.Reading(0).Slot);

        _context.Open(0, state.OpenSlot(Zephyr.Symbol));
        Assert.Equal((1, 1), (_context.SlotOf(Zephyr), _context.Reading(0).Slot));
        Assert.Equal((-1, -1), (_context.SlotOf(Ares), _context.Reading(1).Slot));

        Bind(Knows(Boreas), Zephyr);
        Assert.Equal((-1, -1), (_context.SlotOf(Zephyr), _context.Reading(0).Slot));
    }

    [Theory]
    [InlineData(null, false, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, true)]
    public void No_record_is_read_where_none_may_be(bool? consent, bool ares, bool guarded)
    {
        Bind(Knows(Ares, Private), consent, Ares, Private);
        Assert.Equal((ares ? -1 : 0, guarded ? -1 : 1), (_context.SlotOf(Ares), _context.SlotOf(Private)));
        Assert.Equal((ares, guarded), (_context.Reading(0).Contextual, _context.Reading(1).Contextual));
        Assert.Equal((ares ? -1 : 0, guarded ? -1 : 1), (_context.Reading(0).Slot, _context.Reading(1).Slot));
    }

    [Fact]
    public void The_second_slot_of_a_request_minds_what_the_first_one_gave_a_stranger()
    {
        var consumer = new PlayedConsumer(
            Brands.Together(Brands.Simple("ares", 70_000, """["a", "b"]""", brand: """ "caps": [ { "max": 1, "per": "1d" } ], """)), Worlds.Noon)
        {
            Brands = ["ares"],
        };
        PlacementReply reply = consumer.Decide(count: 2).Placements[0];
        Assert.Single(reply.Decisions);
        Assert.Equal(NoDecisionReason.FrequencyCap, reply.NoDecision?.Reason);
    }

    private void Bind(ConsumerState state, params BrandSnapshot[] brands) => Bind(state, null, brands);

    private void Bind(ConsumerState state, bool? consent, params BrandSnapshot[] brands) => _context.Bind(
        state, new DecideCommand { ConsumerId = "c-1", Consent = consent, Brands = brands }, new OpenMarket(), Worlds.Noon);

    private static ConsumerState Knows(params BrandSnapshot[] brands)
    {
        var state = new ConsumerState();
        state.Reset("c-1"u8);
        foreach (BrandSnapshot brand in brands)
        {
            state.OpenSlot(brand.Symbol);
        }

        return state;
    }
}
