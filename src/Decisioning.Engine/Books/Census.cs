using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Engine.Books;

/// <summary>The tallies of every brand, and what everybody known to a brand of an industry spends in it; amounts of different currencies are kept apart.</summary>
internal sealed class Census
{
    private readonly BrandTally[] _tallies;
    private readonly int[] _markets;
    private readonly (long Consumers, long Spend)[] _industries;
    private readonly long _at;
    private readonly long?[] _spent;

    /// <param name="at">The instant of the count, ms since the Unix epoch.</param>
    public Census(CatalogueSnapshot catalogue, long at)
    {
        _at = at;
        _tallies = [.. catalogue.Brands.Select(b => new BrandTally(b, at))];
        (string, string)[] markets = [.. catalogue.Brands.Select(b => (b.Industry, b.Currency)).Distinct()];
        _markets = [.. catalogue.Brands.Select(b => Array.IndexOf(markets, (b.Industry, b.Currency)))];
        _industries = new (long, long)[markets.Length];
        _spent = new long?[markets.Length];
    }

    public IReadOnlyList<BrandTally> Tallies => _tallies;

    /// <summary>Takes in one consumer, whose state was brought to the instant.</summary>
    public void Add(ConsumerState state)
    {
        Array.Clear(_spent);
        for (int i = 0; i < _tallies.Length; i++)
        {
            if (_tallies[i].Add(state) is { } spend)
            {
                _spent[_markets[i]] = (_spent[_markets[i]] ?? 0) + spend;
            }
        }

        for (int i = 0; i < _spent.Length; i++)
        {
            if (_spent[i] is { } spend)
            {
                _industries[i] = (_industries[i].Consumers + 1, _industries[i].Spend + spend);
            }
        }
    }

    /// <summary>What a brand's powers come from.</summary>
    /// <param name="tally">One of <see cref="Tallies"/>.</param>
    /// <param name="from">See <see cref="Appraisal.From"/>.</param>
    /// <param name="to">See <see cref="Appraisal.To"/>.</param>
    public Appraisal AppraisalOf(BrandTally tally, long from, long to)
    {
        int market = _markets[Array.IndexOf(_tallies, tally)];
        return new Appraisal
        {
            At = _at,
            From = from,
            To = to,
            Market = [.. _tallies.Where((_, i) => _markets[i] == market).Select(static t => t.Brand.Symbol)],
            MarketConsumers = _industries[market].Consumers,
            MarketSpendMicros = _industries[market].Spend,
            Stages = tally.Stages,
        };
    }
}
