using System.Text;
using Decisioning.Api;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;

namespace Decisioning.Server.Tests;

/// <summary>A host with an empty catalogue that keeps which documents were put, and whether it was closed.</summary>
internal sealed class IdleHost : IDecisionHost, ISandbox, IAsyncDisposable
{
    public Dictionary<string, string> Put { get; } = [];

    public bool IsClosed { get; private set; }

    public CatalogueOutcome PutOutcome { get; set; } = CatalogueOutcome.Done;

    public long Now => 1_794_341_700_000;

    public CatalogueSnapshot Catalogue => CatalogueSnapshot.Empty;

    public HostHealth Health { get; } = new(true, null);

    IDecisionHost ISandbox.Host => this;

    public OpenedHost Opened => new(this, this, this);

    public ValueTask<DecideReply> DecideAsync(DecideCommand command, CancellationToken cancellation) => ValueTask.FromResult(new DecideReply
    {
        At = Now,
        Catalogue = Catalogue,
        PolicyVersion = 0,
        Placements = [.. command.Placements.Select(_ => new PlacementReply([], new NoDecision(NoDecisionReason.NoCampaign, null)))],
    });

    public ValueTask<CatalogueChange> PutBrandAsync(
        string brandId, ReadOnlyMemory<byte> document, string? ifMatch, string actor, CancellationToken cancellation)
    {
        Put[brandId] = Encoding.UTF8.GetString(document.Span);
        return ValueTask.FromResult(new CatalogueChange(PutOutcome, "v1", [new Fault("/name", "missing", "There is no name.")], []));
    }

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
}
