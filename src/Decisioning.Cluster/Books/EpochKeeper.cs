using Decisioning.Cluster.Storage;
using Decisioning.Engine;
using Decisioning.Engine.Background;
using Orleans.Runtime;

namespace Decisioning.Cluster.Books;

/// <summary>
/// Knows the epochs on each silo, and closes those whose silo is dead, so that their last row is final and what they were lent comes back. An epoch is named by its
/// silo's address with generation. Every silo does so; closing twice does no harm.
/// </summary>
/// <param name="isDead">Whether the membership says that a silo of this address is gone for good; null: it says nothing of it.</param>
internal sealed class EpochKeeper(IClusterStore store, Func<string, bool?> isDead, HostClock clock) : IEpochs, IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>An epoch of whose silo the membership says nothing is closed after so long: it went before it could join; ms.</summary>
    private const long UnheardMs = 600_000;

    private readonly Dictionary<long, long> _unheard = [];
    private readonly Lock _gate = new();
    private IReadOnlyList<EpochRow> _known = [];
    private long _reading;
    private long _read;
    private Beat? _beat;

    public IReadOnlyList<EpochRow> Known => Volatile.Read(ref _known);

    /// <summary>Why the epochs could not be read last; null where they could.</summary>
    public Exception? Trouble => _beat?.Trouble;

    public void Start() => _beat = new Beat(clock.Time, TimeSpan.Zero, Every, share: 1, (_, cancellation) => RunAsync(cancellation));

    public async Task<IReadOnlyList<EpochRow>> ReadAsync(CancellationToken cancellation)
    {
        long reading = Interlocked.Increment(ref _reading);
        IReadOnlyList<EpochRow> known = await store.ReadEpochsAsync(cancellation);
        lock (_gate)
        {
            // One that was begun before another that has already ended tells nothing newer.
            if (reading > _read)
            {
                _read = reading;
                Volatile.Write(ref _known, known);
            }
        }

        return known;
    }

    /// <summary>Reads the epochs and closes those of dead silos.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        bool closed = false;
        foreach (EpochRow epoch in await ReadAsync(cancellation))
        {
            if (epoch.Open && IsOver(epoch))
            {
                await store.CloseEpochAsync(epoch.Epoch, cancellation);
                _unheard.Remove(epoch.Epoch);
                closed = true;
            }
        }

        if (closed)
        {
            await ReadAsync(cancellation);
        }
    }

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _beat, null)?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>What the membership says of an epoch's silo: also dead is one whose place another has taken since.</summary>
    public static bool? IsDead(ClusterMembershipSnapshot members, string silo)
    {
        SiloAddress address = SiloAddress.FromParsableString(silo);
        return members.Members.TryGetValue(address, out ClusterMember? member) ? member.Status == SiloStatus.Dead
            : members.Members.Keys.Any(other => other.Endpoint.Equals(address.Endpoint) && other.Generation > address.Generation) ? true
            : null;
    }

    private bool IsOver(EpochRow epoch)
    {
        if (isDead(epoch.Silo) is { } dead)
        {
            _unheard.Remove(epoch.Epoch);
            return dead;
        }

        if (!_unheard.TryGetValue(epoch.Epoch, out long since))
        {
            _unheard[epoch.Epoch] = since = clock.Now;
        }

        return clock.Now - since >= UnheardMs;
    }
}
