using Decisioning.Cluster.Catalogue;
using Decisioning.Cluster.Money;
using Decisioning.Core.Decide;
using Decisioning.Engine;
using Decisioning.Engine.Turns;

namespace Decisioning.Cluster.Turns;

/// <summary>What all consumers' grains of a silo share.</summary>
internal sealed class ConsumerServices(
    SiloLog log, SnapshotWriter snapshots, ConsumerLoader loader, ClusterCatalogue catalogue, SiloMarket market, OutcomeLoans loans, HostClock clock,
    ClusterSecret secret, RulesTurns rules, NearConsumers near, DecisioningOptions options) : IDisposable
{
    private readonly ThreadLocal<TurnScratch> _scratches = new(() => new TurnScratch(secret.Current.Seed));
    private readonly ThreadLocal<OutcomeMarket> _outcomes = new(() => new OutcomeMarket(market));

    public SiloLog Log { get; } = log;

    public SnapshotWriter Snapshots { get; } = snapshots;

    public ConsumerLoader Loader { get; } = loader;

    public ClusterCatalogue Catalogue { get; } = catalogue;

    public IMarket Market { get; } = market;

    /// <summary>Lends for outcomes that the market has no money for.</summary>
    public OutcomeLoans Loans { get; } = loans;

    public HostClock Clock { get; } = clock;

    public RulesTurns Rules { get; } = rules;

    public DecisioningOptions Options { get; } = options;

    public NearConsumers Near { get; } = near;

    /// <summary>The thread's.</summary>
    public TurnScratch Scratch => _scratches.Value!;

    /// <summary>The thread's market for a turn of outcomes.</summary>
    public OutcomeMarket Outcomes => _outcomes.Value!;

    public void Dispose()
    {
        _scratches.Dispose();
        _outcomes.Dispose();
    }
}
