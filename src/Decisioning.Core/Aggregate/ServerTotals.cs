using Decisioning.Core.Record.Facts;

namespace Decisioning.Core.Aggregate;

/// <summary>
/// The books of every brand, by symbol. A host folds each durable record once, in any order; or folds parts apart, on as many threads as it likes, and merges them on
/// a beat. Owned by one thread at a time.
/// </summary>
public sealed class ServerTotals
{
    private readonly SortedDictionary<int, BrandTotals> _brands = [];
    private readonly Dictionary<int, (AssetPowers Powers, int? Day)> _powers = [];

    /// <summary>By brand symbol; brands that nothing was folded for are left out.</summary>
    public IReadOnlyDictionary<int, BrandTotals> Brands => _brands;

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

    /// <summary>Puts stored books in the place of a brand's own.</summary>
    public void Restore(int brand, BrandTotals totals) => _brands[brand] = totals;

    /// <summary>Takes in the facts of one record: a turn, a contextual decision, an erasure.</summary>
    /// <param name="facts">From <see cref="TurnFacts.Of"/>, not yet walked.</param>
    /// <exception cref="InvalidDataException">The facts cannot be read; those before the fault are taken in.</exception>
    public void Fold(FactReader facts)
    {
        while (facts.MoveNext())
        {
            ref readonly Fact fact = ref facts.Current;
            if (fact.Kind != FactKind.Calendar)
            {
                Of(fact.Brand).Fold(facts.Instant, fact);
            }
        }

        if (facts.Failed)
        {
            throw new InvalidDataException("The facts of a turn cannot be read.");
        }
    }

    /// <summary>Adds another part of the books.</summary>
    public void Merge(ServerTotals part)
    {
        foreach ((int brand, BrandTotals totals) in part._brands)
        {
            Of(brand).Merge(totals);
        }
    }
}
