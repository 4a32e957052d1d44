using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;

namespace Decisioning.Benchmarks.Known;

/// <summary>What a consumer has behind it. Every event that it names has an id of its own.</summary>
/// <param name="Brands">The first so many brands of the catalogue, in turns.</param>
/// <param name="Exposures">Decisions whose creative was shown, as an impression event said.</param>
/// <param name="Behaviours">Events in visits of four, of one brand each, half a day apart: a cart and three views.</param>
internal sealed record History(int Brands, int Exposures, int Behaviours)
{
    private const long StepMs = 60_000;
    private const int VisitLength = 4;
    private const long BetweenVisitsMs = 12 * 3_600_000;

    /// <summary>How long it takes to live through, ms.</summary>
    public long Length => Math.Max(Exposures, 1) * StepMs;

    /// <summary>Lives it through, in turns on the turn's own state.</summary>
    /// <param name="turn">Holds a consumer never seen.</param>
    /// <param name="request">Asks for one creative.</param>
    /// <param name="start">When it begins, ms since the Unix epoch; events lie further back.</param>
    public void Live(Turn turn, DecideCommand request, long start)
    {
        for (int i = 0; i < Math.Max(Exposures, Behaviours); i++)
        {
            long now = start + Math.Min(i, Exposures) * StepMs;
            turn.Begin(1, now, request.Catalogue, OpenMarket.Instance, null);
            if (i < Exposures)
            {
                turn.Record(See(turn, request, request.Catalogue.Brands[i % Brands], i));
            }

            if (i < Behaviours)
            {
                turn.Record(Behave(request, i, now));
            }
        }
    }

    private EventCommand Behave(DecideCommand request, int number, long now) => new()
    {
        EventId = $"b-{number}",
        Type = number % VisitLength == 0 ? EventType.Cart : EventType.View,
        ConsumerId = request.ConsumerId,
        Brand = request.Catalogue.Brands[number / VisitLength % Brands].Id,
        OccurredAt = now - (number / VisitLength + 1) * BetweenVisitsMs,
    };

    private static EventCommand See(Turn turn, DecideCommand request, BrandSnapshot brand, int number)
    {
        var command = new DecideCommand { ConsumerId = request.ConsumerId, Catalogue = request.Catalogue, Brands = [brand] };
        command.Placements.AddRange(request.Placements);
        SlotDecision chosen = turn.Decide(command).Placements[0].Decisions[0];
        return new EventCommand
        {
            EventId = $"i-{number}",
            Type = EventType.Impression,
            ConsumerId = request.ConsumerId,
            Brand = brand.Id,
            OccurredAt = turn.Now,
            Decision = new DecisionRef(
                request.ConsumerId, brand.Symbol, chosen.Campaign.Symbol, chosen.Step.Symbol, chosen.Creative.Symbol, chosen.Ordinal, turn.Now,
                chosen.ReserveSeconds, PriceModel.None, 0),
        };
    }
}
