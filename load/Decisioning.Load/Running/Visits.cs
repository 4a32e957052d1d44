using System.Diagnostics;
using Decisioning.Load.Arrivals;
using Decisioning.Load.Scenarios;
using Decisioning.Load.World;

namespace Decisioning.Load.Running;

/// <summary>Who comes when, for what: the calls that no reply has any part in. They follow from the plan and its seed.</summary>
internal sealed class Visits
{
    private readonly LoadPlan _plan;
    private readonly Scenario _scenario;
    private readonly Random _random;
    private readonly IConsumerChoice _known;
    private readonly int _hotConsumer;
    private long _numbers;
    private int _fresh;
    private PoissonArrivals? _arrivals;
    private Segment? _segment;
    private double _change;

    public Visits(LoadPlan plan)
    {
        _plan = plan;
        _scenario = plan.Scenario;
        int own = plan.Seed + (plan.Client * 7_919);
        _random = new Random(own);
        WorldShape world = plan.Scenario.World;
        _known = plan.Scenario.Visitors.Once ? new OnceChoice(0, world.Known, plan.Client, plan.Clients) : new ZipfChoice(world.Consumers, world.Zipf, own + 1);

        // In the middle: not the one who comes most often anyway.
        _hotConsumer = world.Consumers / 2;
    }

    /// <summary>The next visit of the segment; its <see cref="Call.Due"/> is <see cref="long.MaxValue"/> where there is none.</summary>
    public Call Next { get; private set; }

    /// <summary>Begins a segment.</summary>
    public void Begin(Segment segment)
    {
        _segment = segment;
        RateCurve curve = RateCurve.Warmed(segment.Warmup, segment.Rate, segment.Level ? [new CurvePoint(0, 1)] : _scenario.Curve);
        _arrivals = new PoissonArrivals(curve, _plan.Seed + (_plan.Client * 104_729) + segment.Number);
        _change = _scenario.ChangeEvery is { } every && _plan.Client == 0 ? segment.Warmup + every : double.PositiveInfinity;
        Arrival = _arrivals.Next();
        Move();
    }

    /// <summary>Goes on to the visit after the next.</summary>
    public void Advance()
    {
        if (Next.Kind == CallKind.Changes)
        {
            _change += _scenario.ChangeEvery!.Value;
        }
        else
        {
            Arrival = _arrivals!.Next();
        }

        Move();
    }

    /// <summary>A number that no call of any client has.</summary>
    public long NewNumber() => (_numbers++ * _plan.Clients) + _plan.Client;

    /// <summary>Whether somebody comes too often for the server to remember his last few requests.</summary>
    public bool IsHot(int consumer) => _scenario.Visitors.HotConsumer > 0 && consumer == _hotConsumer;

    private double Arrival { get; set; }

    private void Move()
    {
        double second = Math.Min(Arrival, _change);
        if (second >= _segment!.Warmup + _segment.Seconds)
        {
            Next = new Call { Due = long.MaxValue };
            return;
        }

        long due = _segment.Start + (long)(second * Stopwatch.Frequency);
        Next = _change <= Arrival ? new Call { Kind = CallKind.Changes, Due = due, Number = NewNumber(), Brand = 0 } : Visit(due);
    }

    private Call Visit(long due)
    {
        VisitMix mix = _scenario.Mix;
        double drawn = _random.NextDouble() * (mix.Decisions + mix.Events + mix.Bad);
        Call call = new() { Due = due, Number = NewNumber(), Consumer = Visitor(), Brand = Brand() };
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
        return drawn < shape.Fresh ? _scenario.World.Consumers + (_fresh++ * _plan.Clients) + _plan.Client
            : drawn < shape.Fresh + shape.HotConsumer ? _hotConsumer
            : _known.Next();
    }

    private short Brand() => _random.NextDouble() < _scenario.Visitors.HotBrand ? (short)0 : (short)_random.Next(_scenario.World.Brands);
}
