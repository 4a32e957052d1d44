using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;

namespace Decisioning.Api.Tests.Support;

/// <summary>A host that answers as it is told and keeps what it was asked.</summary>
internal sealed class ScriptedHost : IDecisionHost
{
    /// <summary>2026-11-10T20:15:00Z.</summary>
    public const long Start = 1_794_341_700_000;

    public long Now { get; set; } = Start;

    public CatalogueSnapshot Catalogue { get; set; } = TestCatalogue.Snapshot;

    public HostHealth Health { get; set; } = new(true, null);

    /// <summary>Thrown by every call while set.</summary>
    public Exception? Fault { get; set; }

    public List<DecideCommand> Decided { get; } = [];

    public List<EventCommand> Recorded { get; } = [];

    public List<(DecisionRef Decision, EventType Interaction)> Tracked { get; } = [];

    public List<string> Changes { get; } = [];

    public Func<DecideCommand, DecideReply> OnDecide { get; set; } = AnswerOne;

    public Func<EventCommand, EventResult> OnRecord { get; set; } = e => new EventResult(e.EventId, EventStatus.Accepted);

    public bool TrackAnswer { get; set; } = true;

    public ConsumerView? Consumer { get; set; }

    public ErasureReceipt? Receipt { get; set; }

    public CatalogueChange Change { get; set; } = new(CatalogueOutcome.Done, "v2", [], []);

    public string? Document { get; set; } = "{}";

    public List<AuditEntry> Audit { get; } = [];

    public ValueTask<DecideReply> DecideAsync(DecideCommand command, CancellationToken cancellation)
    {
        ThrowFault();
        Decided.Add(command);
        DecideReply reply = OnDecide(command);
        reply.Events ??= command.Events.Count == 0 ? null : [.. command.Events.Select(OnRecord)];
        return ValueTask.FromResult(reply);
    }

    public ValueTask<EventResult[]> RecordAsync(IReadOnlyList<EventCommand> events, CatalogueSnapshot catalogue, CancellationToken cancellation)
    {
        ThrowFault();
        Recorded.AddRange(events);
        return ValueTask.FromResult(events.Select(OnRecord).ToArray());
    }

    public ValueTask<bool> TrackAsync(DecisionRef decision, EventType interaction, CancellationToken cancellation)
    {
        ThrowFault();
        Tracked.Add((decision, interaction));
        return ValueTask.FromResult(TrackAnswer);
    }

    public ValueTask<ConsumerView?> ReadConsumerAsync(string id, CancellationToken cancellation)
    {
        ThrowFault();
        return ValueTask.FromResult(Consumer?.Id == id ? Consumer : null);
    }

    public ValueTask<ErasureReceipt?> EraseConsumerAsync(string id, CancellationToken cancellation)
    {
        ThrowFault();
        return ValueTask.FromResult(Receipt?.Consumer == id ? Receipt : null);
    }

    public ValueTask<CatalogueChange> PutBrandAsync(
        string brandId, ReadOnlyMemory<byte> document, string? ifMatch, string actor, CancellationToken cancellation) =>
        Noted($"put {brandId} {Encoding.UTF8.GetString(document.Span)} if {ifMatch ?? "any"} by {actor}");

    public ValueTask<CatalogueChange> DeleteBrandAsync(string brandId, string? ifMatch, string actor, CancellationToken cancellation) =>
        Noted($"delete {brandId} if {ifMatch ?? "any"} by {actor}");

    public ValueTask<CatalogueChange> SetStatusAsync(
        string brandId, SymbolKind kind, string id, bool paused, string actor, CancellationToken cancellation) =>
        Noted($"status {brandId} {kind} {id} {(paused ? "paused" : "active")} by {actor}");

    public ValueTask<CatalogueChange> PutSettingsAsync(ReadOnlyMemory<byte> document, string actor, CancellationToken cancellation) =>
        Noted($"settings {Encoding.UTF8.GetString(document.Span)} by {actor}");

    public ValueTask<ReadOnlyMemory<byte>?> ReadBrandAsync(string brandId, CancellationToken cancellation)
    {
        ThrowFault();
        return ValueTask.FromResult(Document is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(Document));
    }

    public ValueTask<IReadOnlyList<AuditEntry>> ReadAuditAsync(string brandId, CancellationToken cancellation)
    {
        ThrowFault();
        return ValueTask.FromResult<IReadOnlyList<AuditEntry>>(Audit);
    }

    /// <summary>Nothing was asked of this host that could have changed it.</summary>
    public bool IsUntouched => Decided.Count + Recorded.Count + Tracked.Count + Changes.Count == 0;

    private static DecideReply AnswerOne(DecideCommand command) => new()
    {
        At = Start,
        Catalogue = command.Catalogue,
        PolicyVersion = 0,
        Placements = [.. command.Placements.Select(_ => new PlacementReply([TestCatalogue.Decision(TestCatalogue.Aurora)], null))],
    };

    private ValueTask<CatalogueChange> Noted(string change)
    {
        ThrowFault();
        Changes.Add(change);
        return ValueTask.FromResult(Change);
    }

    private void ThrowFault()
    {
        if (Fault is not null)
        {
            throw Fault;
        }
    }
}

/// <summary>A sandbox over a scripted host.</summary>
internal sealed class ScriptedSandbox : ISandbox
{
    public ScriptedHost Host { get; } = new();

    IDecisionHost ISandbox.Host => Host;

    public ValueTask<long> AdvanceAsync(TimeSpan by, CancellationToken cancellation)
    {
        Host.Now += (long)by.TotalMilliseconds;
        return ValueTask.FromResult(Host.Now);
    }
}
