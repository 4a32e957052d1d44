using System.Diagnostics;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;

namespace Decisioning.Server.Telemetry;

/// <summary>A host whose calls are counted, timed and traced while somebody listens; otherwise the host's own answer goes through as it is.</summary>
internal sealed class MeteredHost(IDecisionHost inner, HostMeters meters) : IDecisionHost
{
    private const string Deciding = "decide";
    private const string Recording = "record";
    private const string Tracking = "track";

    public long Now => inner.Now;

    public CatalogueSnapshot Catalogue => inner.Catalogue;

    public HostHealth Health => inner.Health;

    public ValueTask<DecideReply> DecideAsync(DecideCommand command, CancellationToken cancellation) =>
        meters.Watched ? MeasuredDecideAsync(command, cancellation) : inner.DecideAsync(command, cancellation);

    public ValueTask<EventResult[]> RecordAsync(IReadOnlyList<EventCommand> events, CatalogueSnapshot catalogue, CancellationToken cancellation) =>
        meters.Watched ? MeasuredRecordAsync(events, catalogue, cancellation) : inner.RecordAsync(events, catalogue, cancellation);

    public ValueTask<bool> TrackAsync(DecisionRef decision, EventType interaction, CancellationToken cancellation) =>
        meters.Watched ? MeasuredTrackAsync(decision, interaction, cancellation) : inner.TrackAsync(decision, interaction, cancellation);

    public ValueTask<ConsumerView?> ReadConsumerAsync(string id, CancellationToken cancellation) => inner.ReadConsumerAsync(id, cancellation);

    public ValueTask<ErasureReceipt?> EraseConsumerAsync(string id, CancellationToken cancellation) => inner.EraseConsumerAsync(id, cancellation);

    public ValueTask<CatalogueChange> PutBrandAsync(
        string brandId, ReadOnlyMemory<byte> document, string? ifMatch, string actor, CancellationToken cancellation) =>
        inner.PutBrandAsync(brandId, document, ifMatch, actor, cancellation);

    public ValueTask<CatalogueChange> DeleteBrandAsync(string brandId, string? ifMatch, string actor, CancellationToken cancellation) =>
        inner.DeleteBrandAsync(brandId, ifMatch, actor, cancellation);

    public ValueTask<CatalogueChange> SetStatusAsync(
        string brandId, SymbolKind kind, string id, bool paused, string actor, CancellationToken cancellation) =>
        inner.SetStatusAsync(brandId, kind, id, paused, actor, cancellation);

    public ValueTask<CatalogueChange> PutSettingsAsync(ReadOnlyMemory<byte> document, string actor, CancellationToken cancellation) =>
        inner.PutSettingsAsync(document, actor, cancellation);

    public ValueTask<ReadOnlyMemory<byte>?> ReadBrandAsync(string brandId, CancellationToken cancellation) => inner.ReadBrandAsync(brandId, cancellation);

    public ValueTask<IReadOnlyList<AuditEntry>> ReadAuditAsync(string brandId, CancellationToken cancellation) => inner.ReadAuditAsync(brandId, cancellation);

    private async ValueTask<DecideReply> MeasuredDecideAsync(DecideCommand command, CancellationToken cancellation)
    {
        using Activity? span = meters.Source.StartActivity(Deciding);
        long began = Stopwatch.GetTimestamp();
        try
        {
            DecideReply reply = await inner.DecideAsync(command, cancellation);
            meters.Decided(reply);
            return reply;
        }
        catch (HostUnavailableException)
        {
            Refuse(Deciding, span);
            throw;
        }
        finally
        {
            meters.Took(Deciding, began);
        }
    }

    private async ValueTask<EventResult[]> MeasuredRecordAsync(
        IReadOnlyList<EventCommand> events, CatalogueSnapshot catalogue, CancellationToken cancellation)
    {
        using Activity? span = meters.Source.StartActivity(Recording);
        long began = Stopwatch.GetTimestamp();
        try
        {
            EventResult[] results = await inner.RecordAsync(events, catalogue, cancellation);
            meters.Recorded(results);
            return results;
        }
        catch (HostUnavailableException)
        {
            Refuse(Recording, span);
            throw;
        }
        finally
        {
            meters.Took(Recording, began);
        }
    }

    private async ValueTask<bool> MeasuredTrackAsync(DecisionRef decision, EventType interaction, CancellationToken cancellation)
    {
        using Activity? span = meters.Source.StartActivity(Tracking);
        long began = Stopwatch.GetTimestamp();
        try
        {
            bool recorded = await inner.TrackAsync(decision, interaction, cancellation);
            meters.Tracked();
            return recorded;
        }
        catch (HostUnavailableException)
        {
            Refuse(Tracking, span);
            throw;
        }
        finally
        {
            meters.Took(Tracking, began);
        }
    }

    private void Refuse(string call, Activity? span)
    {
        meters.Refused(call);
        span?.SetStatus(ActivityStatusCode.Error);
    }
}
