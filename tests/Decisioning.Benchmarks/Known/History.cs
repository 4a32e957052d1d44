using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;

namespace Decisioning.Benchmarks.Known;

/// <summary>What a consumer has behind it.</summary>
/// <param name="Brands">The first so many brands of the catalogue, in turns.</param>
/// <param name="Exposures">Decisions whose creative was shown.</param>
/// <param name="Events">Behaviours, each with an event id, in visits of four, of one brand each, half a day apart: a cart and three views.</param>
internal sealed record History(int Brands, int Exposures, int Events)
{
    private const long StepMs = 60_000;
    private const int VisitEvents = 4;
    private const long BetweenVisitsMs = 12 * 3_600_000;

    /// <summary>How long it takes to live through, ms.</summary>
    public long Length => Math.Max(Exposures, 1) * StepMs;

    /// <summary>Lives it through, in turns on the turn's own state.</summary>
    /// <param name="turn">Holds a consumer never seen.</param>
    /// <param name="request">Asks for one creative.</param>
    /// <param name="start">When it begins, ms since the Unix epoch; events lie further back.</param>
    public void Live(Turn turn, DecideCommand request, long start)
    {
        for (int i = 0; i < Math.Max(Exposures, Events); i++)
        {
            BrandSnapshot brand = request.Catalogue.Brands[i % Brands];
            long now = start + Math.Min(i, Exposures) * StepMs;
            turn.Begin(1, now, request.Catalogue, OpenMarket.Instance, null);
            if (i < Exposures)
            {
                See(turn, request, brand);
            }

            if (i < Events)
            {
                turn.Record(new EventCommand
                {
                    EventId = $"e-{i}",
                    Type = i % VisitEvents == 0 ? EventType.Cart : EventType.View,
                    ConsumerId = request.ConsumerId,
                    Brand = request.Catalogue.Brands[i / VisitEvents % Brands].Id,
                    OccurredAt = now - (i / VisitEvents + 1) * BetweenVisitsMs,
                });
            }
        }
    }

    private static void See(Turn turn, DecideCommand request, BrandSnapshot brand)
    {
        var command = new DecideCommand { ConsumerId = request.ConsumerId, Catalogue = request.Catalogue, Brands = [brand] };
        command.Placements.AddRange(request.Placements);
        SlotDecision chosen = turn.Decide(command).Placements[0].Decisions[0];
        turn.Track(
            new DecisionRef(
                request.ConsumerId, brand.Symbol, chosen.Campaign.Symbol, chosen.Step.Symbol, chosen.Creative.Symbol, chosen.Ordinal, turn.Now,
                chosen.ReserveSeconds, PriceModel.None, 0),
            EventType.Impression);
    }
}
