using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Consumers;

/// <summary>
/// Seeded histories with every type of event, ties, late and early arrivals, gaps from nothing to a year. Refunds lie at or after a purchase or deposit of
/// their order, though they may be heard of first; each interaction comes once a decision.
/// </summary>
internal sealed class RandomHistory(Random random, BrandSnapshot brand)
{
    public const long Late = 30 * Worlds.Day;
    public const long Ahead = 5 * 60_000;

    private static readonly string?[] Items = [null, "a", "b", "c"];
    private static readonly EventType[] Types = Enum.GetValues<EventType>();

    private readonly List<DecisionRef> _decisions = [];
    private readonly HashSet<(DecisionRef, EventType)> _met = [];
    private readonly List<Happening> _orders = [];
    private uint _ordinal;
    private int _ids;

    /// <summary>So many happenings, in the order in which the server hears of them.</summary>
    public List<Happening> Make(int count)
    {
        long at = Worlds.Noon + random.NextInt64(365 * Worlds.Day);
        var made = new List<Happening>(count);
        while (made.Count < count)
        {
            at += Gap();
            Happening next = Next(at);
            made.Add(next);
            if (next.Type is EventType.Purchase or EventType.Deposit)
            {
                _orders.Add(next);
            }
        }

        return [.. made.OrderBy(h => h.ReceivedAt)];
    }

    /// <summary>The same happenings, heard of at other times and so in another order.</summary>
    public List<Happening> Shuffled(IEnumerable<Happening> happenings) =>
        [.. happenings.Select(h => h with { ReceivedAt = h.At + Delay(h.Decision is null ? Late : h.Decision.DecidedAt + Late - h.At) }).OrderBy(h => h.ReceivedAt)];

    private Happening Next(long at)
    {
        EventType type = Types[random.Next(Types.Length)];
        var plain = new Happening(type, at, at + Delay(Late), $"e-{_ids++}");
        return type switch
        {
            <= EventType.Dismiss => Ad(plain),
            EventType.Review => plain with { Rating = random.Next(1, 6) },
            EventType.Purchase or EventType.Deposit => plain with { Order = OrderId(), Value = random.Next(0, 5) * 100_000_000L },
            EventType.Refund => Refund(plain),
            _ => plain with { Item = Items[random.Next(Items.Length)] },
        };
    }

    private Happening Ad(Happening plain)
    {
        if (random.Next(4) == 0)
        {
            return plain with { Creative = "a" };
        }

        DecisionRef[] open = [.. _decisions.Where(d => d.DecidedAt >= plain.ReceivedAt - Late && !_met.Contains((d, plain.Type)))];
        DecisionRef decision = open.Length > 0 && random.Next(2) == 0 ? open[random.Next(open.Length)] : Decide(plain);
        _met.Add((decision, plain.Type));
        return plain with { Decision = decision };
    }

    private DecisionRef Decide(Happening first)
    {
        long earliest = first.ReceivedAt - Late, span = Math.Max(1, Math.Min(first.At, first.ReceivedAt) - earliest);
        CampaignSnapshot campaign = brand.Campaigns[0];
        StepSnapshot step = campaign.Storyline.Steps[random.Next(campaign.Storyline.Steps.Length)];
        var made = new DecisionRef(
            PlayedConsumer.Id, brand.Symbol, campaign.Symbol, step.Symbol, step.Creatives[0].Symbol, ++_ordinal,
            earliest + random.NextInt64(span), random.Next(2) * 600, campaign.PriceModel, campaign.UnitPriceMicros);
        _decisions.Add(made);
        return made;
    }

    private Happening Refund(Happening plain)
    {
        if (_orders.Count == 0)
        {
            return plain with { Type = EventType.View };
        }

        Happening order = _orders[random.Next(Math.Max(0, _orders.Count - 4), _orders.Count)];
        return plain with { Order = order.Order, Value = random.Next(3) == 0 ? order.Value / 2 : order.Value };
    }

    private string OrderId() => _orders.Count > 0 && random.Next(3) == 0 ? _orders[random.Next(Math.Max(0, _orders.Count - 3), _orders.Count)].Order! : $"o-{_orders.Count}";

    private long Gap() => random.Next(20) switch
    {
        < 5 => 0,
        < 8 => random.NextInt64(1000),
        < 13 => random.NextInt64(12 * Worlds.Hour),
        < 17 => random.NextInt64(4 * Worlds.Day),
        < 19 => random.NextInt64(40 * Worlds.Day),
        _ => random.NextInt64(400 * Worlds.Day),
    };

    private long Delay(long most)
    {
        most = Math.Min(most, Late);
        long delay = random.Next(20) switch
        {
            < 8 => random.NextInt64(1000),
            < 11 => random.NextInt64(Worlds.Day),
            < 14 => random.NextInt64(Late),
            14 => Late,
            15 => -Ahead,
            16 or 17 => -random.NextInt64(Ahead),
            _ => 0,
        };
        return Math.Min(delay, most);
    }
}
