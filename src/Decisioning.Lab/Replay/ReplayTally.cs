using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Lab.Replay;

/// <summary>Counts what happens in a replay. Safe to call from several threads.</summary>
internal sealed class ReplayTally
{
    private readonly Lock _gate = new();
    private readonly long[] _events = new long[Enum.GetValues<EventStatus>().Length];
    private readonly SortedDictionary<string, long> _rejections = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _noDecisions = new(StringComparer.Ordinal);
    private readonly SortedDictionary<Stage, long> _stages = new(Enum.GetValues<Stage>().ToDictionary(s => s, _ => 0L));
    private long _decisions;

    /// <param name="code">Why, where it was rejected.</param>
    public void Event(EventStatus status, string? code)
    {
        lock (_gate)
        {
            _events[(int)status]++;
            if (status == EventStatus.Rejected)
            {
                _rejections[code ?? ""] = _rejections.GetValueOrDefault(code ?? "") + 1;
            }
        }
    }

    /// <param name="noDecision">Why nothing was chosen; null where something was.</param>
    public void Decision(string? noDecision)
    {
        lock (_gate)
        {
            _decisions++;
            if (noDecision is not null)
            {
                _noDecisions[noDecision] = _noDecisions.GetValueOrDefault(noDecision) + 1;
            }
        }
    }

    public void Consumer(Stage stage)
    {
        lock (_gate)
        {
            _stages[stage]++;
        }
    }

    public ReplayReport ToReport(double seconds)
    {
        lock (_gate)
        {
            return new ReplayReport(
                _events.Sum(), _events[(int)EventStatus.Accepted], _events[(int)EventStatus.Duplicate], _events[(int)EventStatus.Rejected],
                _rejections, _decisions, _noDecisions, seconds, _stages);
        }
    }
}
