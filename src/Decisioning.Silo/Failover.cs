using Orleans.Configuration;

namespace Decisioning.Silo;

/// <summary>How fast a cluster notices that a silo is gone: a few seconds, and two of the others have to agree.</summary>
internal static class Failover
{
    /// <summary>A call that takes longer is given up, and asked again.</summary>
    public static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(5);

    // Three probes of a second each that go unanswered: a pause of a garbage collection is shorter, a reader of the overview hardly notices.
    private const int MissedProbes = 3;
    private const int Votes = 2;

    private static readonly TimeSpan Probe = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Reread = TimeSpan.FromSeconds(5);

    // Who does not find a silo that the table holds for alive does not wait long for it: it was killed, and nobody was left to say so.
    private static readonly TimeSpan Join = TimeSpan.FromSeconds(30);

    public static void Tune(ClusterMembershipOptions options)
    {
        options.ProbeTimeout = Probe;
        options.NumMissedProbesLimit = MissedProbes;
        options.NumVotesForDeathDeclaration = Votes;
        options.TableRefreshTimeout = Reread;
        options.IAmAliveTablePublishTimeout = Reread;
        options.MaxJoinAttemptTime = Join;
    }
}
