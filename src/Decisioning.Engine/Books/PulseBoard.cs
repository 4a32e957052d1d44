using System.Collections.Concurrent;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;

namespace Decisioning.Engine.Books;

/// <summary>
/// Shows brands' books: one frozen pulse a brand, made when somebody asks and at most once a beat, the same object until something changed. A pulse of a beat that
/// is over is as old as the beat.
/// </summary>
internal sealed class PulseBoard(IBooks books, PassResults results, Func<int, bool> isReclassifying, HostClock clock)
{
    private const long Second = 1_000;

    private readonly ConcurrentDictionary<int, Face> _faces = new();

    public BrandPulse Read(BrandSnapshot brand)
    {
        Face face = _faces.GetOrAdd(brand.Symbol, static _ => new Face());
        return face.Shown is { } shown && shown.Beat == books.Beat && ReferenceEquals(shown.Sight.Brand, brand) ? shown.Pulse : Refresh(face, brand);
    }

    private BrandPulse Refresh(Face face, BrandSnapshot brand)
    {
        lock (face)
        {
            long beat = books.Beat, now = clock.Now;
            PassResult passed = results.Of(brand.Symbol);
            bool reclassifying = isReclassifying(brand.Symbol);
            face.Shown = books.Read(brand.Symbol, (totals, money) =>
            {
                Sight sight = new(brand, totals.Changes, reclassifying, passed, brand.Calendar.DayOf(now), IsStill(brand, totals, money, now) ? 0 : now / Second);
                return face.Shown is { } shown && shown.Sight == sight
                    ? shown with { Beat = beat }
                    : new Shown(beat, sight, Take(totals, money, sight, now, (face.Shown?.Pulse.Version ?? 0) + 1));
            });
            return face.Shown.Pulse;
        }
    }

    // Versions are instants, so that they also grow over restarts.
    private static BrandPulse Take(BrandTotals totals, IMoney money, Sight sight, long now, long leastVersion) =>
        totals.TakePulse(sight.Brand, new PulseInputs
        {
            Version = Math.Max(now, leastVersion),
            AsOf = now,
            RulesVersion = sight.Brand.Version,
            Reclassifying = sight.Reclassifying,
            MoneyOf = campaign => PulseMoney.Of(money, sight.Brand, campaign, now),
            Intent = sight.Passed.Intent,
            IndustryIndex = sight.Passed.IndustryIndex,
        });

    // Else the strip of seconds, the holds or the plan go on with the clock although nothing is folded.
    private static bool IsStill(BrandSnapshot brand, BrandTotals totals, IMoney money, long now) =>
        now - totals.LastInstant > (BookBounds.StripSeconds + 1) * Second
        && !Array.Exists(brand.Campaigns, c => c.Budget is not null || money.HeldOf(brand.Symbol, c.Symbol, now) > 0);

    private sealed class Face
    {
        private volatile Shown? _shown;

        public Shown? Shown
        {
            get => _shown;
            set => _shown = value;
        }
    }

    /// <param name="Beat">The beat up to which the pulse is known to be right.</param>
    /// <param name="Sight">What it was made of.</param>
    private sealed record Shown(long Beat, Sight Sight, BrandPulse Pulse);

    /// <param name="Changes">Of the totals.</param>
    /// <param name="Day">The brand's: what was spent today begins anew with it.</param>
    /// <param name="Second">0 while the clock changes nothing else.</param>
    private sealed record Sight(BrandSnapshot Brand, long Changes, bool Reclassifying, PassResult Passed, int Day, long Second);
}
