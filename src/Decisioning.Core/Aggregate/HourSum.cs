namespace Decisioning.Core.Aggregate;

/// <summary>The sums of an hour, in the order of <see cref="SeriesMetrics.Sums"/>.</summary>
internal enum HourSum
{
    Requests, Won, Ghosts, Rendered, Late, Viewable, Watched, Skips, Clicks, Engagements, Dismissals, Conversions, Revenue, Refunds,
    Spend, Events, Exposed, Credits, Organic, LateTouches, AssetsDelta, Known, Fees,
}
