using Decisioning.Load.Arrivals;
using Decisioning.Load.Scenarios;
using Decisioning.Load.World;

namespace Decisioning.Load.Running;

/// <summary>
/// Who comes when, for what: the calls that no reply has any part in. They follow from the scenario and its seed alone: each client goes through all of them and sends those
/// of its own consumers, so that the load is the same however many clients there are, and what becomes of a consumer is seen by one of them.
/// </summary>
internal sealed class Visits
{
    /// <summary>Requests have 12 digits for a number: what follows from replies is counted from the middle.</summary>
    private const long FirstFollowing = 500_000_000_000;

    private readonly LoadPlan _plan;
    private readonly Scenario _scenario;
    private readonly Random _random;
    private readonly IConsumerChoice _known;
    private readonly int _hotConsumer;
    private long _numbers;
    private long _changes;
    private long _following;
    private PoissonArrivals? _arrivals;
    private Segment? _segment;
    private double _arrival;
    private double _change;

    public Visits(LoadPlan plan)
    {
        _plan = plan;
        _scenario = plan.Scenario;
        _random = new Random(plan.Seed);
        WorldShape world = plan.Scenario.World;
        _known = plan.Scenario.Visitors.Once ? new OnceChoice(world.Known) : new ZipfChoice(world.Consumers, world.Zipf, plan.Seed + 1);

        // In the middle: not the one who comes most often anyway.
        _hotConsumer = world.Consumers / 2;
    }

    /// <summary>The next visit of the segment; its <see cref="Call.Due"/> is <see cref="long.MaxValue"/> where there is none.</summary>
    public Call Next { get; private set; }

    /// <summary>How many that were never seen before have come to any client, the next visit among them: their numbers follow those of the world.</summary>
    public int Fresh { get; private set; }

    /// <summary>Begins a segment.</summary>
    public void Begin(Segment segment)
    {
        _segment = segment;
        RateCurve curve = RateCurve.Warmed(segment.Warmup, segment.Rate, segment.Level ? [new CurvePoint(0, 1)] : _scenario.Curve);
        _arrivals = new PoissonArrivals(curve, _plan.Seed + 2 + segment.Number);
        _arrival = _arrivals.Next();
        _change = _scenario.ChangeEvery is { } every ? segment.Warmup + every : double.PositiveInfinity;
        Advance();
    }

    /// <summary>Goes on to the next visit of this client.</summary>
    public void Advance()
    {
        do
        {
            Next = Draw();
        }
        while (Next.Due != long.MaxValue && !IsOwn(Next));
    }

    /// <summary>A number for a call that follows from a reply; no other call of any client has it.</summary>
    public long NewNumber() => FirstFollowing + (_following++ * _plan.Clients) + _plan.Client;

    /// <summary>Whether somebody comes too often for the server to remember his last few requests.</summary>
    public bool IsHot(int consumer) => _scenario.Visitors.HotConsumer > 0 && consumer == _hotConsumer;

    // Neighbours by number go to different clients, and those who come most often are neighbours. Changes of the catalogue are about nobody: the first client makes them.
    private bool IsOwn(in Call call) => call.Consumer % _plan.Clients == _plan.Client;

    private Call Draw()
    {
        double second = Math.Min(_arrival, _change);
        if (second >= _segment!.Warmup + _segment.Seconds)
        {
            return new Call { Due = long.MaxValue };
        }

        long due = _segment.Start + Ticks.Of(second);
        if (_change <= _arrival)
        {
            _change += _scenario.ChangeEvery!.Value;
            return new Call { Kind = CallKind.Changes, Due = due, Number = _changes++ };
        }

        _arrival = _arrivals!.Next();
        return Visit(due);
    }

    private Call Visit(long due)
    {
        VisitMix mix = _scenario.Mix;
        double drawn = _random.NextDouble() * (mix.Decisions + mix.Events + mix.Bad);
        Call call = new() { Due = due, Number = _numbers++, Consumer = Visitor(), Brand = Brand() };
        if (drawn < mix.Decisions)
        {
            call.Kind = CallKind.Decisions;
            call.Brand = _random.NextDouble() < _scenario.Decisions.OneBrand ? call.Brand : (short)-1;
        }
        else if (drawn < mix.Decisions + mix.Events)
        {
            call.Kind = CallKind.Events;
        }
        else
        {
            call.Kind = CallKind.Bad;
            call.Variant = (byte)_random.Next(BadInput.Count);
        }

        return call;
    }

    private int Visitor()
    {
        VisitorShape shape = _scenario.Visitors;
        double drawn = _random.NextDouble();
        return drawn < shape.Fresh ? _scenario.World.Consumers + Fresh++
            : drawn < shape.Fresh + shape.HotConsumer ? _hotConsumer
            : _known.Next();
    }

    private short Brand() => _random.NextDouble() < _scenario.Visitors.HotBrand ? (short)0 : (short)_random.Next(_scenario.World.Brands);
}
