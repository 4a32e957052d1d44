using Decisioning.Cluster.Storage;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Hosting;
using Decisioning.Engine.Catalogues;

namespace Decisioning.Cluster.Catalogue;

/// <summary>
/// The silo's sight of the catalogue: asks the store for its version at a beat, compiles what changed and swaps the snapshot whole. Safe for concurrent use.
/// </summary>
public sealed class ClusterCatalogue : ICatalogueSource, IAsyncDisposable
{
    private readonly IClusterStore _store;
    private readonly ClusterSecret _secret;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _looking = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private Task _polling = Task.CompletedTask;
    private Sight _sight = new(0, CatalogueSnapshot.Empty, []);
    private long _heardAt;
    private volatile Exception? _trouble;
    private volatile bool _heard;

    internal ClusterCatalogue(IClusterStore store, ClusterSecret secret, TimeProvider time)
    {
        _store = store;
        _secret = secret;
        _time = time;
    }

    /// <summary>The snapshot that is live here.</summary>
    public CatalogueSnapshot Current => Volatile.Read(ref _sight).Snapshot;

    /// <summary>Its version in the store.</summary>
    public long Version => Volatile.Read(ref _sight).Version;

    /// <summary>Whether the brand's consumers are yet to be brought under changed rules.</summary>
    public bool IsReclassifying(int brand) => Volatile.Read(ref _sight).Pending.Contains(brand);

    /// <summary>Why the last look failed; null where it did not.</summary>
    public Exception? Trouble => _trouble;

    /// <summary>Called at every beat while consumers are yet to be brought under changed rules.</summary>
    internal Action? RulesPending { get; set; }

    /// <summary>Why nothing may be decided; null where it may.</summary>
    internal string? Refusal()
    {
        if (!_heard)
        {
            return "The catalogue is not loaded.";
        }

        return _time.GetElapsedTime(Volatile.Read(ref _heardAt)) <= ClusterBounds.CatalogueStale ? null
            : $"The catalogue's version has not been heard of for over {ClusterBounds.CatalogueStale.TotalSeconds:0} s.";
    }

    internal async Task StartAsync(CancellationToken cancellation)
    {
        await LookAsync(0, cancellation);
        _polling = Task.Run(PollAsync, CancellationToken.None);
    }

    /// <summary>Returns when the live snapshot is of this version or a newer one.</summary>
    /// <exception cref="HostUnavailableException">The store cannot be read, or does not have the version.</exception>
    internal async ValueTask ReachAsync(long version, CancellationToken cancellation)
    {
        if (Version >= version)
        {
            return;
        }

        try
        {
            await LookAsync(version, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new HostUnavailableException($"The catalogue cannot be read: {e.Message}", ClusterBounds.Soon);
        }

        if (Version < version)
        {
            throw new HostUnavailableException("The store does not have the catalogue that another silo knows.", ClusterBounds.Soon);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stopping.IsCancellationRequested)
        {
            await _stopping.CancelAsync();
            await _polling;
        }
    }

    // Whoever waits for a version that another look has brought meanwhile does not look again.
    private async Task LookAsync(long wanted, CancellationToken cancellation)
    {
        await _looking.WaitAsync(cancellation);
        try
        {
            if (wanted > 0 && Version >= wanted)
            {
                return;
            }

            long at = _time.GetTimestamp();
            if (!_heard || await _store.ReadCatalogueVersionAsync(cancellation) != Version)
            {
                Volatile.Write(ref _sight, await Task.Run(Read, cancellation));
            }

            Volatile.Write(ref _heardAt, at);
            _heard = true;
            _trouble = null;
        }
        finally
        {
            _looking.Release();
        }
    }

    private Sight Read()
    {
        ICatalogueSession session = _store.OpenCatalogue();
        return new Sight(session.Version, CatalogueRoom.Read(session, _secret.Industries, _heard ? Current : null), PendingRules.Read(session));
    }

    private async Task PollAsync()
    {
        using PeriodicTimer timer = new(ClusterBounds.CatalogueEvery, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                try
                {
                    await LookAsync(0, _stopping.Token);
                    if (Volatile.Read(ref _sight).Pending.Length > 0)
                    {
                        RulesPending?.Invoke();
                    }
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    _trouble = e;
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }

    /// <param name="Pending">Brands whose consumers are yet to be brought under changed rules.</param>
    private sealed record Sight(long Version, CatalogueSnapshot Snapshot, int[] Pending);
}
