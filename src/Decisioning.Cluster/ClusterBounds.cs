namespace Decisioning.Cluster;

/// <summary>
/// Every bound of the cluster host that is not a rule of Core. Full is a refusal that callers see (<see cref="Core.Hosting.HostUnavailableException"/>), never
/// growth.
/// </summary>
internal static class ClusterBounds
{
    /// <summary>Bytes of payloads that may wait for the store on one silo; beyond it turns are refused.</summary>
    public const long WaitingBytes = 64L << 20;

    /// <summary>Rows of one statement.</summary>
    public const int BatchRows = 1_000;

    /// <summary>Bytes of payloads at which a batch takes no further row.</summary>
    public const int BatchBytes = 2 << 20;

    /// <summary>Turns of one row.</summary>
    public const int RowTurns = 64;

    /// <summary>Bytes of payloads at which a row takes no further turn: no store has to hold rows without a bound in one place.</summary>
    public const int RowBytes = 256 << 10;

    /// <summary>Turns after which a consumer's snapshot is due.</summary>
    public const int SnapshotTurns = 64;

    /// <summary>
    /// Snapshots that may wait to be written on one silo; beyond it they are left out, and more turns are applied again at the next activation.
    /// </summary>
    public const int WaitingSnapshots = 20_000;

    /// <summary>Snapshots written at once.</summary>
    public const int SnapshotBatch = 500;

    /// <summary>Consumers that may wait to be read on one silo; beyond it their activations are refused.</summary>
    public const int WaitingReads = 20_000;

    /// <summary>Consumers read at once.</summary>
    public const int ReadBatch = 256;

    /// <summary>Records looked back through for a consumer's view.</summary>
    public const int History = 64;

    /// <summary>How often a lost turn is asked for again before its caller is told to come back.</summary>
    public const int Attempts = 8;

    /// <summary>Keys looked at for one consumer: every one before its own is somebody else's of the same hash, or was.</summary>
    public const int Seats = 16;

    /// <summary>References to consumers' grains kept on one silo; a power of two.</summary>
    public const int References = 1 << 16;

    /// <summary>Consumers of other silos whose place is kept on one silo; a power of two. Eight bytes each.</summary>
    public const int Homes = 1 << 22;

    /// <summary>Consumers' comings and goings that one silo is told of at once.</summary>
    public const int HomesAtOnce = 1 << 13;

    /// <summary>Consumers' comings and goings that may wait for one silo to hear of them; beyond it they are left out, and it looks those up.</summary>
    public const int WaitingHomes = 1 << 18;

    /// <summary>What nobody waits for may wait this long for company.</summary>
    public static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(20);

    /// <summary>Until a failed write is tried again: doubled each time, from the first to the longest.</summary>
    public static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(25);

    public static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(1);

    /// <summary>From one look at the catalogue's version to the next.</summary>
    public static readonly TimeSpan CatalogueEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>A silo that has not heard of the catalogue's version for so long decides nothing.</summary>
    public static readonly TimeSpan CatalogueStale = TimeSpan.FromSeconds(1);

    /// <summary>Most that a silo's clock may differ from the store's.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMilliseconds(500);

    /// <summary>A silo that has come waits no longer than this for the brands' grains to lend it money.</summary>
    public static readonly TimeSpan FirstMoney = TimeSpan.FromSeconds(5);

    /// <summary>When a caller that was refused may come again.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
}
