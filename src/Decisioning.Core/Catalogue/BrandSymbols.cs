namespace Decisioning.Core.Catalogue;

/// <summary>What a symbol stands for.</summary>
public enum SymbolKind : byte { Campaign, Step, Creative }

/// <summary>
/// The numbers that stand for a brand's campaign, step and creative ids in consumers' states. A number is given once, in order, and never
/// reused, so that a state written under an old catalogue stays readable. Steps are named <c>storyline/step</c>. Immutable: <see cref="With"/> makes the next one.
/// </summary>
public sealed class BrandSymbols
{
    /// <summary>Most symbols of one kind over a brand's whole life (24 bits in a state).</summary>
    public const int Capacity = (1 << 24) - 1;

    private readonly string[][] _names;
    private readonly Dictionary<string, int>[] _symbols;

    /// <param name="names">By kind: ids in the order of their symbols; symbol = position + 1, and 0 stands for nothing.</param>
    public BrandSymbols(IReadOnlyList<IReadOnlyList<string>> names)
    {
        _names = [.. names.Select(n => n.ToArray())];
        _symbols = [.. _names.Select(n => n.Select((id, i) => (id, i)).ToDictionary(p => p.id, p => p.i + 1, StringComparer.Ordinal))];
    }

    public static BrandSymbols Empty { get; } = new([[], [], []]);

    /// <summary>Ids in the order of their symbols, from symbol 1.</summary>
    public IReadOnlyList<string> Names(SymbolKind kind) => _names[(int)kind];

    /// <summary>The symbol of an id, 0 where it has none.</summary>
    public int Find(SymbolKind kind, string id) => _symbols[(int)kind].GetValueOrDefault(id);

    /// <summary>The id behind a symbol, null for 0 and unknown ones.</summary>
    public string? NameOf(SymbolKind kind, int symbol) => symbol >= 1 && symbol <= _names[(int)kind].Length ? _names[(int)kind][symbol - 1] : null;

    /// <summary>These symbols and, after them, new ones for ids not seen before.</summary>
    public BrandSymbols With(IEnumerable<string> campaigns, IEnumerable<string> steps, IEnumerable<string> creatives) => new(
    [
        [.. _names[0].Union(campaigns, StringComparer.Ordinal)],
        [.. _names[1].Union(steps, StringComparer.Ordinal)],
        [.. _names[2].Union(creatives, StringComparer.Ordinal)],
    ]);
}
