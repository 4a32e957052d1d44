using Decisioning.Api;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;

namespace Decisioning.Server.Tests;

/// <summary>A host with an empty catalogue that keeps from where it was seeded, and whether it was closed.</summary>
internal sealed class IdleHost : IDecisionHost, ISandbox, IAsyncDisposable
{
    /// <summary>Base URLs the demo was asked for with.</summary>
    public List<string> Seeded { get; } = [];

    public bool IsClosed { get; private set; }

    /// <summary>Why the demo is refused; null: it is not.</summary>
    public string? Refusal { get; init; }

    /// <summary>What every decision is answered with; null: nothing for any of its placements.</summary>
    public DecideReply? Answer { get; init; }

    /// <summary>Whether decisions are refused.</summary>
    public bool IsBusy { get; set; }

    public long Now => 1_794_341_700_000;

    public CatalogueSnapshot Catalogue => CatalogueSnapshot.Empty;

    public HostHealth Health { get; } = new(true, null);

    IDecisionHost ISandbox.Host => this;

    /// <summary>What is done while the demo is put, at its base URL.</summary>
    public Func<string, Task> Seeding { get; init; } = static _ => Task.CompletedTask;

    public OpenedHost Opened => new(this, this, SeedDemoAsync, this);

    public ValueTask<DecideReply> DecideAsync(DecideCommand command, CancellationToken cancellation) =>
        IsBusy ? throw new HostUnavailableException("It is busy.", TimeSpan.Zero) : ValueTask.FromResult(Answer ?? Nothing(command));

    private DecideReply Nothing(DecideCommand command) => new()
    {
        At = Now,
        Catalogue = Catalogue,
        PolicyVersion = 0,
        Placements = [.. command.Placements.Select(_ => new PlacementReply([], new NoDecision(NoDecisionReason.NoCampaign, null)))],
    };

    public ValueTask<CatalogueChange> PutBrandAsync(
        string brandId, ReadOnlyMemory<byte> document, string? ifMatch, string actor, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask DisposeAsync()
    {
        IsClosed = true;
        return ValueTask.CompletedTask;
    }

    public ValueTask<long> AdvanceAsync(TimeSpan by, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<EventResult[]> RecordAsync(IReadOnlyList<EventCommand> events, CatalogueSnapshot catalogue, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<bool> TrackAsync(DecisionRef decision, EventType interaction, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<ConsumerView?> ReadConsumerAsync(string id, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<ErasureReceipt?> EraseConsumerAsync(string id, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<CatalogueChange> DeleteBrandAsync(string brandId, string? ifMatch, string actor, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<CatalogueChange> SetStatusAsync(
        string brandId, SymbolKind kind, string id, bool paused, string actor, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<CatalogueChange> PutSettingsAsync(ReadOnlyMemory<byte> document, string actor, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<ReadOnlyMemory<byte>?> ReadBrandAsync(string brandId, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<AuditEntry>> ReadAuditAsync(string brandId, CancellationToken cancellation) => throw new NotSupportedException();

    private Task SeedDemoAsync(string baseUrl, CancellationToken cancellation)
    {
        Seeded.Add(baseUrl);
        return Refusal is null ? Seeding(baseUrl) : throw new StartException(Refusal);
    }
}
