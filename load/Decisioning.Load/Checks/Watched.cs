using Decisioning.Load.World;

namespace Decisioning.Load.Checks;

/// <summary>
/// What was decided for one consumer by one brand so far. A decision counts for the brand's cap for at least as long as its reservation lasts, seen or not; so no more than the
/// cap may have been decided within that time, whatever became of them.
/// </summary>
internal sealed class Watched
{
    private readonly long[] _expiries = new long[WorldStory.CapPerDay];
    private int _step = -1;
    private int _stage;
    private long _stepExpires;

    /// <summary>Takes a decision; false where there are more than the cap within a reservation's time.</summary>
    public bool TakeForCap(long expires)
    {
        int oldest = 0;
        for (int i = 1; i < _expiries.Length; i++)
        {
            oldest = _expiries[i] < _expiries[oldest] ? i : oldest;
        }

        bool within = _expiries[oldest] == 0 || Math.Abs(expires - _expiries[oldest]) >= WorldStory.Reserve.TotalMilliseconds;
        _expiries[oldest] = Math.Max(expires, _expiries[oldest]);
        return within;
    }

    /// <summary>
    /// Takes a decision; false where it goes back in the story although the consumer is as close as when the furthest step was decided. Replies may come in another order
    /// than they were decided in; decisions of one instant have no order.
    /// </summary>
    public bool TakeForStory(int step, int stage, long expires)
    {
        if (step >= _step)
        {
            (_step, _stage, _stepExpires) = (step, step > _step ? stage : Math.Max(stage, _stage), Math.Max(expires, _stepExpires));
            return true;
        }

        return expires <= _stepExpires || stage < _stage;
    }
}
