using Decisioning.Cluster.Storage;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Hosting;
using Decisioning.Engine.Background;
using Decisioning.Engine.Catalogues;

namespace Decisioning.Cluster.Catalogue;

/// <summary>
/// The silo's sight of the catalogue: asks the store for its version at a beat, compiles what changed and swaps the snapshot whole. It asks on a thread of its own: a
/// silo whose pool is busy must not come to take its catalogue for stale. Safe for concurrent use.
/// </summary>
public sealed class ClusterCatalogue : ICatalogueSource, IAsyncDisposable
{
    private readonly IClusterStore _store;
    private readonly ClusterSecret _secret;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _looking = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private Thread? _polling;
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

    /// <summary>
    /// Asked when the version is heard of again after longer than <see cref="ClusterBounds.CatalogueStale"/>: whether the silo's epoch is still open. After a pause others
    /// may have gone on from what the silo has in memory, and it must not decide from that.
    /// </summary>
    internal Func<CancellationToken, bool> IsHeld { get; set; } = static _ => true;

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

    /// <summary>Looks now, whatever is live.</summary>
    internal Task LookAsync(CancellationToken cancellation) => Task.Run(() => Look(0, cancellation), cancellation);

    internal async Task StartAsync(CancellationToken cancellation)
    {
        await LookAsync(cancellation);
        _polling = new Thread(Poll) { IsBackground = true, Name = "catalogue" };
        _polling.Start();
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
            await Task.Run(() => Look(version, cancellation), cancellation);
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

    /// <summary>As <see cref="ReachAsync"/>; false where the version cannot be had now.</summary>
    internal async ValueTask<bool> ReachesAsync(long version)
    {
        try
        {
            await ReachAsync(version, CancellationToken.None);
            return true;
        }
        catch (HostUnavailableException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stopping.IsCancellationRequested)
        {
            await _stopping.CancelAsync();
            await Task.Run(() => _polling?.Join());
        }
    }

    // Whoever waits for a version that another look has brought meanwhile does not look again.
    private void Look(long wanted, CancellationToken cancellation)
    {
        _looking.Wait(cancellation);
        try
        {
            if (wanted > 0 && Version >= wanted)
            {
                return;
            }

            long at = _time.GetTimestamp();
            ICatalogueSession session = _store.OpenCatalogue();
            if (!_heard || session.Version != Version)
            {
                Volatile.Write(ref _sight, Read(session));
            }

            if (_heard && _time.GetElapsedTime(Volatile.Read(ref _heardAt), at) > ClusterBounds.CatalogueStale && !IsHeld(cancellation))
            {
                throw new InvalidOperationException("The silo was taken for dead and is ending.");
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

    private Sight Read(ICatalogueSession session) =>
        new(session.Version, CatalogueRoom.Read(session, _secret.Industries, _heard ? Current : null), PendingRules.Read(session));

    private void Poll()
    {
        // A silo that does not hear in time refuses to decide: the look does not wait for what is decided meanwhile. Refused, it waits for its slice.
        _ = BatchThreads.Leave();
        while (!_stopping.Token.WaitHandle.WaitOne(ClusterBounds.CatalogueEvery))
        {
            try
            {
                Look(0, _stopping.Token);
                if (Volatile.Read(ref _sight).Pending.Length > 0)
                {
                    RulesPending?.Invoke();
                }
            }
            catch (Exception e)
            {
                // Of whatever kind: the next look comes, unless there is to be none.
                _trouble = e;
            }
        }
    }

    /// <param name="Pending">Brands whose consumers are yet to be brought under changed rules.</param>
    private sealed record Sight(long Version, CatalogueSnapshot Snapshot, int[] Pending);
}
