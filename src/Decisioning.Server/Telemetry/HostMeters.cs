using System.Diagnostics;
using System.Diagnostics.Metrics;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Engine.Telemetry;

namespace Decisioning.Server.Telemetry;

/// <summary>What is measured at the host's port, whatever host it is, and spans of the calls there.</summary>
internal sealed class HostMeters : Instruments
{
    /// <summary>Of the meter and of the traces' source.</summary>
    public const string Name = "Decisioning";

    private const string Filled = "filled";

    private static readonly string[] Statuses = ["accepted", "duplicate", "rejected"];

    private readonly Counter<long> _placements;
    private readonly Counter<long> _events;
    private readonly Counter<long> _trackers;
    private readonly Counter<long> _refusals;
    private readonly Histogram<double> _turn;

    public HostMeters()
        : base(Name)
    {
        _placements = Meter.CreateCounter<long>("decisioning.placements", "{placement}", "Placements decided, by outcome: filled, or why not.");
        _events = Meter.CreateCounter<long>("decisioning.events", "{event}", "Events answered, by status.");
        _trackers = Meter.CreateCounter<long>("decisioning.trackers", "{call}", "Tracker calls recorded.");
        _refusals = Meter.CreateCounter<long>("decisioning.refusals", "{call}", "Calls that the host could not take, by call.");
        _turn = Meter.CreateHistogram<double>("decisioning.turn.duration", "s", "From a call at the host's port to its answer, by call.");
    }

    /// <summary>Whether anybody listens.</summary>
    public bool Watched => _turn.Enabled || _placements.Enabled || Source.HasListeners();

    public void Took(string call, long began) => _turn.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, new KeyValuePair<string, object?>("call", call));

    public void Refused(string call) => _refusals.Add(1, new KeyValuePair<string, object?>("call", call));

    public void Tracked() => _trackers.Add(1);

    public void Decided(DecideReply reply)
    {
        foreach (PlacementReply placement in reply.Placements)
        {
            string outcome = placement.NoDecision is { } none ? NoDecisionReasons.Of(none.Reason) : Filled;
            _placements.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        }

        if (reply.Events is { } events)
        {
            Recorded(events);
        }
    }

    public void Recorded(EventResult[] results)
    {
        if (!_events.Enabled)
        {
            return;
        }

        Span<int> counts = stackalloc int[Statuses.Length];
        foreach (EventResult result in results)
        {
            counts[(int)result.Status]++;
        }

        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] > 0)
            {
                _events.Add(counts[i], new KeyValuePair<string, object?>("status", Statuses[i]));
            }
        }
    }
}
