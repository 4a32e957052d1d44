using System.Collections.Concurrent;
using Decisioning.Cluster.Books;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;
using Decisioning.Engine;
using Decisioning.Engine.Background;
using Decisioning.Engine.Books;
using Decisioning.Engine.Catalogues;

namespace Decisioning.Cluster.Watch;

/// <summary>
/// The brands' books as this silo last heard of them from their grains: at every beat of those that somebody looked at within the last minute, now and then of
/// all others. What has not changed costs one short answer. Whoever is first to look at a brand waits for its grain, a second at most.
/// </summary>
internal sealed class SightBoard(Func<int, IBrandGrain> brands, ICatalogueSource catalogue, PassResults passes, HostClock clock) : IBooks, IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>Somebody who looked so long ago does not look any more; ms.</summary>
    private const long LookedMs = 60_000;

    /// <summary>From one look at a brand that nobody looks at to the next, ms.</summary>
    private const long UnlookedMs = 10_000;

    private readonly ConcurrentDictionary<int, Face> _faces = new();
    private long _beatCount;
    private Beat? _beat;

    /// <summary>Why a brand could not be asked that is asked again at the next beat; null where none failed.</summary>
    public Exception? Trouble => _faces.Values.Select(static f => f.Trouble).FirstOrDefault(static t => t is not null);

    public long Beat => Volatile.Read(ref _beatCount);

    public void Start() => _beat = new Beat(clock.Time, TimeSpan.Zero, Every, share: 1, (_, _) =>
    {
        // Nobody waits for a grain: what has not come back is passed by at the next beat.
        foreach (BrandSnapshot brand in catalogue.Current.Brands)
        {
            Face face = FaceOf(brand.Symbol);
            if (face.IsDue(clock.Now))
            {
                _ = RefreshAsync(brand.Symbol);
            }
        }

        return Task.CompletedTask;
    });

    public T Read<T>(int brand, Func<BrandTotals, IMoney, T> read)
    {
        Face face = FaceOf(brand);
        lock (face.Gate)
        {
            face.LookedAt = clock.Now;
            return read(face.Totals, face);
        }
    }

    /// <summary>Whether the brand's books have come at all; waits for them where they have not.</summary>
    public bool IsReady(int brand)
    {
        Face face = FaceOf(brand);
        return face.IsLoaded || (RefreshAsync(brand).Wait(Longest) && face.IsLoaded);
    }

    /// <summary>Asks the brand's grain now. A failure leaves what was heard before, and is tried again at the next beat.</summary>
    public Task RefreshAsync(int brand)
    {
        Face face = FaceOf(brand);
        lock (face.Gate)
        {
            return face.Coming is { IsCompleted: false } coming ? coming : face.Coming = Task.Run(() => AskAsync(brand, face));
        }
    }

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _beat, null)?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task AskAsync(int brand, Face face)
    {
        try
        {
            if (await (face.Grain ??= brands(brand)).ReadAsync(face.Etag) is { } sight)
            {
                BrandTotals totals = BrandTotals.Read(sight.Totals);
                lock (face.Gate)
                {
                    face.Show(sight, totals);
                }

                passes.Set(brand, new PassResult(new IntentHistogram(sight.PassedAt, sight.Intent), sight.IndustryIndex, 0));
            }

            face.HeardAt = clock.Now;
            face.Trouble = null;
            Interlocked.Increment(ref _beatCount);
        }
        catch (Exception e)
        {
            face.Trouble = e;

            // What was heard before stays; a brand whose grain is on its way from one silo to another is asked again at the next beat.
        }
    }

    private Face FaceOf(int brand) => _faces.GetOrAdd(brand, static _ => new Face());

    private sealed class Face : IMoney
    {
        private volatile Exception? _trouble;

        /// <summary>Why the grain did not answer last; null where it did.</summary>
        public Exception? Trouble
        {
            get => _trouble;
            set => _trouble = value;
        }

        private Dictionary<int, MoneyLine> _money = [];
        private volatile bool _loaded;

        public Lock Gate { get; } = new();

        public IBrandGrain? Grain { get; set; }

        public Task? Coming { get; set; }

        public BrandTotals Totals { get; private set; } = new();

        public long Etag { get; private set; }

        public long LookedAt { get; set; } = long.MinValue / 2;

        public long HeardAt { get; set; } = long.MinValue / 2;

        public bool IsLoaded => _loaded;

        public bool IsDue(long now) => now - LookedAt < LookedMs || now - HeardAt >= UnlookedMs;

        public void Show(BrandSight sight, BrandTotals totals)
        {
            Totals = totals;
            Etag = sight.Etag;
            _money = sight.Money.ToDictionary(static m => m.Campaign);
            _loaded = true;
        }

        public PacingSpending SpendingOf(int brand, int campaign) =>
            _money.TryGetValue(campaign, out MoneyLine line) ? new PacingSpending(line.Total, line.Day, line.Today) : default;

        public long HeldOf(int brand, int campaign, long now) => _money.GetValueOrDefault(campaign).Held;
    }
}
