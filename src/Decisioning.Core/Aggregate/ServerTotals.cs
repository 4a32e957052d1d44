using Decisioning.Core.Record.Facts;

namespace Decisioning.Core.Aggregate;

/// <summary>
/// The books of every brand, by symbol. A host folds each durable record once, in any order; or folds parts apart, on as many threads as it likes, and merges them on
/// a beat. Searches that come again are only counted until somebody asks for books (<see cref="Of"/>, <see cref="Brands"/>): books asked for before a fold lack what
/// it counted. Owned by one thread at a time.
/// </summary>
public sealed class ServerTotals
{
    private readonly SortedDictionary<int, BrandTotals> _brands = [];
    private readonly Dictionary<int, (AssetPowers Powers, int? Day)> _powers = [];
    private readonly RepeatedSearches _searches;

    public ServerTotals() => _searches = new RepeatedSearches(AddSearch);

    /// <summary>By brand symbol; brands that nothing was folded for are left out.</summary>
    public IReadOnlyDictionary<int, BrandTotals> Brands
    {
        get
        {
            _searches.AddCounted();
            return _brands;
        }
    }

    /// <summary>
    /// An empty part, to be folded apart, on any thread, and merged into these books later. It books assets at the powers that are in force now: merge every part
    /// before a brand is valued anew, and begin new ones after.
    /// </summary>
    public ServerTotals NewPart()
    {
        var part = new ServerTotals();
        foreach ((int brand, BrandTotals totals) in _brands)
        {
            part._powers[brand] = (totals.Powers, totals.AccountingDay);
        }

        return part;
    }

    /// <summary>The books of a brand, begun where there are none.</summary>
    public BrandTotals Of(int brand)
    {
        _searches.AddCounted();
        return Open(brand);
    }

    /// <summary>Puts stored books in the place of a brand's own.</summary>
    public void Restore(int brand, BrandTotals totals)
    {
        _searches.AddCounted();
        _brands[brand] = totals;
    }

    /// <summary>Takes in the facts of one record: a turn, a contextual decision, an erasure.</summary>
    /// <param name="facts">From <see cref="TurnFacts.Of"/>, not yet walked.</param>
    /// <exception cref="InvalidDataException">The facts cannot be read; those before the fault may be taken in.</exception>
    public void Fold(FactReader facts)
    {
        while (facts.MoveNext(out ReadOnlySpan<byte> search))
        {
            ref readonly Fact fact = ref facts.Current;
            if (!search.IsEmpty)
            {
                _searches.Take(facts.Instant, search);
            }
            else if (fact.Kind != FactKind.Calendar)
            {
                Open(fact.Brand).Fold(facts.Instant, fact);
            }
        }

        Require(facts);
    }

    /// <summary>Adds another part of the books.</summary>
    public void Merge(ServerTotals part)
    {
        _searches.AddCounted();
        foreach ((int brand, BrandTotals totals) in part.Brands)
        {
            Open(brand).Merge(totals);
        }
    }

    private BrandTotals Open(int brand)
    {
        if (_brands.TryGetValue(brand, out BrandTotals? totals))
        {
            return totals;
        }

        totals = new BrandTotals();
        if (_powers.TryGetValue(brand, out (AssetPowers Powers, int? Day) inForce))
        {
            totals.Follow(inForce.Powers, inForce.Day);
        }

        return _brands[brand] = totals;
    }

    private void AddSearch(long instant, ReadOnlySpan<byte> search, long times)
    {
        FactReader facts = FactReader.OfSearch(instant, search);
        while (facts.MoveNext())
        {
            Open(facts.Current.Brand).FoldSearch(instant, facts.Current, times);
        }

        Require(facts);
    }

    private static void Require(scoped in FactReader facts)
    {
        if (facts.Failed)
        {
            throw new InvalidDataException("The facts of a turn cannot be read.");
        }
    }
}
