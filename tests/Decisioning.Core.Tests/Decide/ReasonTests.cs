using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Decide;

/// <summary>Why nothing was chosen, in the order of the filters, and the explanation that says it of every candidate.</summary>
public sealed class ReasonTests
{
    private const int NotHtml = 1 << (int)CreativeFormat.Video | 1 << (int)CreativeFormat.Image;

    public static TheoryData<NoDecisionReason, long?> Single => new()
    {
        { NoDecisionReason.NoCampaign, DateTimeOffset.Parse("2026-11-30T16:00:00Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds() },
        { NoDecisionReason.Consent, null },
        { NoDecisionReason.Targeting, null },
        { NoDecisionReason.CreativeFit, null },
        { NoDecisionReason.NoStep, null },
        { NoDecisionReason.StorylineGap, Worlds.Noon + 4 * Worlds.Hour },
        { NoDecisionReason.FrequencyCap, Worlds.Noon + 2 * Worlds.Day },
        { NoDecisionReason.Pacing, Worlds.Noon + 7 },
        { NoDecisionReason.Budget, Worlds.Noon + 8 },
        { NoDecisionReason.Holdout, null },
    };

    [Theory]
    [MemberData(nameof(Single))]
    public void A_campaign_alone_is_removed_by_its_filter(NoDecisionReason reason, long? retryAt)
    {
        PlacementReply reply = Ask(ReasonWorld.Consumer(reason), reason == NoDecisionReason.Consent).Placements[0];
        Assert.Empty(reply.Decisions);
        Assert.Equal(new NoDecision(reason, retryAt), reply.NoDecision);
    }

    [Fact]
    public void Of_two_removed_campaigns_the_later_filter_is_the_reason()
    {
        foreach (NoDecisionReason early in ReasonWorld.Filters)
        {
            foreach (NoDecisionReason late in ReasonWorld.Filters.Where(r => r > early))
            {
                bool contextual = early == NoDecisionReason.Consent || late == NoDecisionReason.Consent;
                if (contextual && late is NoDecisionReason.StorylineGap or NoDecisionReason.FrequencyCap)
                {
                    continue; // without consent there is no history to wait for
                }

                foreach (NoDecisionReason?[] order in (NoDecisionReason?[][])[[early, late], [late, early]])
                {
                    PlacementReply reply = Ask(ReasonWorld.Consumer(order), contextual).Placements[0];
                    Assert.True(reply.NoDecision?.Reason == late && reply.Decisions.Length == 0, $"{early} and {late}: {reply.NoDecision}");
                }
            }
        }
    }

    [Theory]
    [InlineData(NoDecisionReason.NoStep)]
    [InlineData(NoDecisionReason.StorylineGap)]
    [InlineData(NoDecisionReason.FrequencyCap)]
    public void The_market_is_not_asked_for_what_another_filter_removes(NoDecisionReason reason)
    {
        PlayedConsumer consumer = ReasonWorld.Consumer(reason);
        List<string> asked = [];
        consumer.Market.Answer = campaign =>
        {
            asked.Add(campaign.Id);
            return default;
        };
        Assert.Equal(reason, Ask(consumer, withoutConsent: false).Placements[0].NoDecision!.Value.Reason);
        Assert.Empty(asked);
    }

    [Fact]
    public void A_deadline_that_has_passed_is_a_timeout()
    {
        PlayedConsumer consumer = ReasonWorld.Consumer((NoDecisionReason?)null);
        Assert.Equal(new NoDecision(NoDecisionReason.Timeout, null), consumer.Decide(c => c.Deadline = Worlds.Noon).Placements[0].NoDecision);
        Assert.Single(consumer.Decide(c => c.Deadline = Worlds.Noon + 1).Placements[0].Decisions);
    }

    [Fact]
    public void A_hold_that_the_market_refuses_is_a_budget_without_room()
    {
        var consumer = new PlayedConsumer(Brands.Together(Brands.Simple(campaign: """ "price": { "model": "cpm", "amount": "10.00" }, """)), Worlds.Noon);
        consumer.Market.HasRoom = false;
        Assert.Equal(NoDecisionReason.Budget, consumer.Decide().Placements[0].NoDecision!.Value.Reason);
        Assert.Empty(consumer.Market.Movements);
    }

    [Fact]
    public void The_explanation_names_every_candidate_once_with_what_removed_it()
    {
        NoDecisionReason[] removed = [.. ReasonWorld.Filters.Where(r => r != NoDecisionReason.Consent)];
        PlayedConsumer consumer = ReasonWorld.Consumer([.. removed.Select(r => (NoDecisionReason?)r), null]);
        DecideReply reply = consumer.Decide(c =>
        {
            c.Explain = true;
            c.Placements[0] = new PlacementCommand { Id = "p", Channel = "home", Formats = NotHtml, Count = 3, ConfirmAtDecision = false };
        });
        Assert.Equal(2, reply.Placements[0].Decisions.Length);
        PlacementExplanation explained = Assert.Single(reply.Explanation!.Placements);
        for (int slot = 0; slot < 3; slot++)
        {
            CandidateExplanation[] lines = [.. explained.Candidates.Where(c => c.Slot == slot)];
            Assert.Equal(lines.Length, lines.Select(l => (l.Campaign, l.Step, l.Creative)).Distinct().Count());
            Assert.Equal(Expected(consumer.Catalogue.Brands[0]), lines.Select(l => (l.Campaign, l.Creative)).Order());
            CandidateExplanation[] stayed = [.. lines.Where(l => l.RemovedBy is null)];
            if (slot < 2)
            {
                Assert.Equal(1, stayed.Sum(l => l.Probability!.Value), 1e-12);
                CandidateExplanation chosen = Assert.Single(lines, l => l.Chosen);
                SlotDecision decision = reply.Placements[0].Decisions[slot];
                Assert.Equal((decision.Creative.Id, decision.Propensity, decision.Score), (chosen.Creative, chosen.Probability!.Value, chosen.Score!.Value));
            }

            foreach (CandidateExplanation line in lines.Where(l => l.Campaign != "serves" && slot == 0))
            {
                Assert.Equal(line.Campaign, NoDecisionReasons.Of(line.RemovedBy!.Value));
                Assert.False(line.Chosen || line.Score is not null || line.Probability is not null);
            }
        }

        Assert.All(explained.Candidates.Where(c => c.Slot == 2), c => Assert.NotNull(c.RemovedBy));
        Assert.Equal(explained.Candidates.Where(c => c.Slot == 2).Max(c => c.RemovedBy), reply.Placements[0].NoDecision!.Value.Reason);
    }

    private static IEnumerable<(string, string?)> Expected(BrandSnapshot brand) =>
        brand.Campaigns.SelectMany(campaign => campaign.Id is "no_campaign" or "targeting"
            ? [(campaign.Id, (string?)null)]
            : campaign.Storyline.Steps.SelectMany(s => s.Creatives).Select(c => (campaign.Id, (string?)c.Id))).Order();

    private static DecideReply Ask(PlayedConsumer consumer, bool withoutConsent) => consumer.Decide(c =>
    {
        c.Consent = withoutConsent ? false : null;
        c.Placements[0] = new PlacementCommand { Id = "p", Channel = "home", Formats = NotHtml, Count = 1, ConfirmAtDecision = false };
    });
}
