using Decisioning.Core.Catalogue.Reading;

namespace Decisioning.Core.Catalogue;

/// <summary>Multipliers on the default intent weights, by industry; a behaviour not named counts 1.</summary>
public sealed record IndustryTable(IReadOnlyDictionary<string, IReadOnlyDictionary<EventType, double>> Multipliers)
{
    private static readonly string[] BehaviourNames = [.. IntentRules.Behaviours.Select(Names.Of)];

    public static IndustryTable Empty { get; } = new(new Dictionary<string, IReadOnlyDictionary<EventType, double>>());

    /// <summary>Whether the table has the industry at all.</summary>
    public bool Has(string industry) => Multipliers.ContainsKey(industry);

    /// <summary>What a default weight is multiplied by; 1 where the table does not say.</summary>
    public double MultiplierOf(string industry, EventType behaviour) =>
        Multipliers.TryGetValue(industry, out IReadOnlyDictionary<EventType, double>? row) && row.TryGetValue(behaviour, out double factor) ? factor : 1;

    /// <summary>Reads <c>{ "beauty": { "cart": 1.0 }, … }</c>: by industry, then behaviour, a factor of 0 or more.</summary>
    public static IndustryResult Parse(ReadOnlyMemory<byte> utf8Json)
    {
        FaultList faults = new();
        FieldReader fields = new(faults);
        Dictionary<string, IReadOnlyDictionary<EventType, double>> table = new(StringComparer.Ordinal);
        if (NodeReader.Read(utf8Json.Span, faults) is { } root && fields.IsObject(root))
        {
            foreach ((string industry, Node row) in root.Members)
            {
                fields.CheckId(row, industry);
                table[industry] = ParseRow(fields, row);
            }
        }

        IReadOnlyList<Fault> found = faults.InOrder();
        return new IndustryResult(found.Count == 0 ? new IndustryTable(table) : null, found);
    }

    private static Dictionary<EventType, double> ParseRow(FieldReader fields, Node row)
    {
        Dictionary<EventType, double> factors = [];
        if (fields.Object(row, BehaviourNames) is { } members)
        {
            foreach (EventType behaviour in IntentRules.Behaviours)
            {
                if (fields.Number(members.Find(Names.Of(behaviour)), 0, double.MaxValue) is { } factor)
                {
                    factors[behaviour] = factor;
                }
            }
        }

        return factors;
    }
}

/// <summary>What reading an industry table gives: the table, or every fault in it.</summary>
/// <param name="Table">Null where there are faults.</param>
public sealed record IndustryResult(IndustryTable? Table, IReadOnlyList<Fault> Faults);
