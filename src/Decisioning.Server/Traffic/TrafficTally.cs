namespace Decisioning.Server.Traffic;

/// <summary>What the crowd did; counted by many visits at once.</summary>
internal sealed class TrafficTally
{
    private int _visits;
    private int _decisions;
    private int _empty;
    private int _trackers;
    private int _events;
    private int _purchases;
    private int _refunds;
    private int _failed;

    public int Failed => Volatile.Read(ref _failed);

    public int Visits => Volatile.Read(ref _visits);

    public void Visited() => Interlocked.Increment(ref _visits);

    public void Decided(bool filled) => Interlocked.Increment(ref filled ? ref _decisions : ref _empty);

    public void Tracked() => Interlocked.Increment(ref _trackers);

    public void Recorded(int accepted) => Interlocked.Add(ref _events, accepted);

    public void Bought() => Interlocked.Increment(ref _purchases);

    public void Refunded() => Interlocked.Increment(ref _refunds);

    public void Fail() => Interlocked.Increment(ref _failed);

    public override string ToString() =>
        $"{_visits} visits: {_decisions} decisions, {_empty} slots left empty, {_trackers} trackers, {_events} events, {_purchases} purchases, "
        + $"{_refunds} refunds; {_failed} visits failed";
}
