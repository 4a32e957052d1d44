using Orleans.Configuration;

namespace Decisioning.Silo;

/// <summary>How fast a cluster notices that a silo is gone: a few seconds, and two of the others have to agree.</summary>
internal static class Failover
{
    /// <summary>A call that takes longer is given up, and asked again.</summary>
    public static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(3);

    // One probe of its own that goes unanswered, then one by way of a third silo: a pause of a garbage collection is shorter. A prober that is itself in trouble waits longer.
    private const int MissedProbes = 2;
    private const int Votes = 2;

    private static readonly TimeSpan Probe = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestProbe = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Reread = TimeSpan.FromSeconds(5);

    // A silo that is to join waits so long at most for one that the table holds for alive and that does not answer.
    private static readonly TimeSpan Join = TimeSpan.FromSeconds(30);

    public static void Tune(ClusterMembershipOptions options)
    {
        options.ProbeTimeout = Probe;
        options.MaxProbeTimeout = LongestProbe;
        options.NumMissedProbesLimit = MissedProbes;
        options.NumVotesForDeathDeclaration = Votes;
        options.TableRefreshTimeout = Reread;
        options.IAmAliveTablePublishTimeout = Reread;
        options.MaxJoinAttemptTime = Join;
    }
}
