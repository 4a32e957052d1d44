using System.Collections.Concurrent;
using Decisioning.Core.Aggregate;

namespace Decisioning.Engine.Books;

/// <summary>What the newest background pass found of each brand.</summary>
internal sealed class PassResults
{
    private static readonly PassResult None = new(new IntentHistogram(0, new long[10]), null, 0);

    private readonly ConcurrentDictionary<int, PassResult> _results = new();

    public PassResult Of(int brand) => _results.GetValueOrDefault(brand, None);

    public void Set(int brand, PassResult result) => _results[brand] = result;
}

/// <param name="IndustryIndex">The brand's assets per consumer on the mean of its industry = 100; null under five brands.</param>
/// <param name="Known">Consumers in the brand's books as the pass began; 0 before the first.</param>
internal sealed record PassResult(IntentHistogram Intent, double? IndustryIndex, long Known);
