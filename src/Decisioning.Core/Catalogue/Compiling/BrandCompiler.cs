using System.Collections.Frozen;
using Decisioning.Core.Catalogue.Reading;

namespace Decisioning.Core.Catalogue.Compiling;

/// <summary>
/// Compiles a whole brand document. It goes on past faults with defaults in place of what it could not read; the snapshot it gives is good only
/// where the list has no faults.
/// </summary>
internal sealed class BrandCompiler(FieldReader fields, CompileContext context)
{
    private const string DefaultIndustry = "general";

    private static readonly string[] Known =
    [
        "name", "industry", "timeZone", "currency", "requireConsent", "brandHoldout", "rules", "caps", "audiences", "creatives", "storylines", "campaigns",
    ];

    /// <summary>Null where the root is no object.</summary>
    public BrandSnapshot? Compile(Node root)
    {
        if (fields.Object(root, Known) is not { } document)
        {
            return null;
        }

        EntryMap creativeMap = new(fields, document.Find("creatives"), "creative", "creatives", CatalogueBounds.Creatives);
        EntryMap storylineMap = new(fields, document.Find("storylines"), "storyline", "storylines", CatalogueBounds.Storylines);
        EntryMap campaignMap = new(fields, document.Find("campaigns"), "campaign", "campaigns", CatalogueBounds.Campaigns);
        EntryMap audienceMap = new(fields, document.Find("audiences"), "audience", "audiences", CatalogueBounds.Audiences);
        BrandSymbols symbols = context.Symbols.With(
            campaignMap.Ids, storylineMap.Entries.SelectMany(StorylineCompiler.StepNames), creativeMap.Ids);
        CheckCapacity(root, symbols);

        CreativeCompiler creativeCompiler = new(fields, symbols);
        Dictionary<string, CreativeSnapshot> creatives = creativeMap.Entries.ToDictionary(e => e.Id, creativeCompiler.Compile, StringComparer.Ordinal);
        StorylineCompiler storylineCompiler = new(fields, symbols, creativeMap.ReferencesTo(creatives));
        Dictionary<string, StorylineSnapshot> storylines = storylineMap.Entries.ToDictionary(e => e.Id, storylineCompiler.Compile, StringComparer.Ordinal);
        Dictionary<string, Audience> audiences = AudienceCompiler.Compile(fields, audienceMap);

        BrandSnapshot brand = Brand(document, symbols, audiences, creatives, storylines, campaigns: new CampaignSnapshot[campaignMap.Entries.Count]);
        CampaignCompiler campaignCompiler = new(
            fields, brand.Calendar, symbols, storylineMap.ReferencesTo(storylines), audienceMap.ReferencesTo(audiences));
        for (int i = 0; i < brand.Campaigns.Length; i++)
        {
            if (campaignCompiler.Compile(campaignMap.Entries[i], brand) is { } campaign)
            {
                brand.Campaigns[i] = campaign;
                brand.CampaignsBySymbol[campaign.Symbol] = campaign;
            }
        }

        return brand;
    }

    // Campaigns point back to their brand: their places are empty here and filled by the caller.
    private BrandSnapshot Brand(
        ObjectView document,
        BrandSymbols symbols,
        Dictionary<string, Audience> audiences,
        Dictionary<string, CreativeSnapshot> creatives,
        Dictionary<string, StorylineSnapshot> storylines,
        CampaignSnapshot[] campaigns)
    {
        string industry = Industry(document);
        return new BrandSnapshot
        {
            Id = context.BrandId,
            Symbol = context.BrandSymbol,
            Version = context.Version,
            Name = fields.Text(document.Find("name")) ?? context.BrandId,
            Industry = industry,
            Currency = Currency(document),
            Calendar = Calendar(document),
            Rules = new RulesCompiler(fields, context.Industries, industry).Compile(document.Find("rules")),
            Caps = fields.Caps(document.Find("caps")),
            RequireConsent = fields.Flag(document.Find("requireConsent")) ?? false,
            BrandHoldout = fields.Number(document.Find("brandHoldout"), 0, 1) ?? 0,
            Audiences = audiences.ToFrozenDictionary(StringComparer.Ordinal),
            Creatives = creatives.ToFrozenDictionary(StringComparer.Ordinal),
            Storylines = storylines.ToFrozenDictionary(StringComparer.Ordinal),
            Campaigns = campaigns,
            Symbols = symbols,
            CreativesBySymbol = BySymbol(symbols, SymbolKind.Creative, creatives.Values, c => c.Symbol),
            StepsBySymbol = BySymbol(symbols, SymbolKind.Step, storylines.Values.SelectMany(s => s.Steps), s => s.Symbol),
            CampaignsBySymbol = new CampaignSnapshot?[symbols.Names(SymbolKind.Campaign).Count + 1],
        };
    }

    private string Industry(ObjectView document)
    {
        Node? node = document.Find("industry");
        if (fields.Text(node) is not { } industry)
        {
            return DefaultIndustry;
        }

        if (!context.Industries.Has(industry))
        {
            string suggestion = fields.Suggestions.For(industry, [.. context.Industries.Multipliers.Keys]);
            fields.Faults.Warn(
                node!, FaultCodes.UnknownIndustry, $"The industry {Quote.Of(industry)} has no multipliers here: default weights count as they are{suggestion}");
        }

        return industry;
    }

    private string Currency(ObjectView document)
    {
        string standing = context.Previous?.Currency ?? CatalogueCompiler.DefaultCurrency;
        if (document.Find("currency") is not { } node)
        {
            WarnFixedDefault(document, "currency", standing);
            return standing;
        }

        if (fields.IsText(node))
        {
            if (!VocabularyFields.IsCapitals(node.Text, 3))
            {
                fields.Faults.Add(node, FaultCodes.BadCurrency, $"{Quote.Of(node.Text)} is no currency: write three capital letters, like CNY.");
            }

            CheckFixed(node, context.Previous?.Currency);
        }

        return node.Text;
    }

    private BrandCalendar Calendar(ObjectView document)
    {
        BrandCalendar? standing = context.Previous?.Calendar;
        if (document.Find("timeZone") is not { } node)
        {
            WarnFixedDefault(document, "timeZone", CatalogueCompiler.DefaultTimeZone);
            return standing ?? new BrandCalendar(TimeZoneInfo.Utc);
        }

        if (standing is not null && node.IsText)
        {
            CheckFixed(node, standing.Zone.Id);
            return standing;
        }

        return new BrandCalendar(TimeZones.Find(fields, node) ?? TimeZoneInfo.Utc);
    }

    private void CheckFixed(Node node, string? standing)
    {
        if (standing is not null && node.Text != standing)
        {
            fields.Faults.Add(node, FaultCodes.Fixed, $"Fixed at creation: this brand has {Quote.Of(standing)}.");
        }
    }

    private void WarnFixedDefault(ObjectView document, string name, string standing)
    {
        if (context.Previous is null)
        {
            fields.Faults.WarnMissing(document.Node, name, FaultCodes.FixedDefault, $"Not given: it is {Quote.Of(standing)}, fixed from now on.");
        }
    }

    private void CheckCapacity(Node root, BrandSymbols symbols)
    {
        foreach (SymbolKind kind in Enum.GetValues<SymbolKind>())
        {
            if (symbols.Names(kind).Count > BrandSymbols.Capacity)
            {
                fields.Faults.Add(root, FaultCodes.TooMany, $"At most {BrandSymbols.Capacity} ids of one kind ({kind}) over a brand's whole life.");
            }
        }
    }

    private static T?[] BySymbol<T>(BrandSymbols symbols, SymbolKind kind, IEnumerable<T> values, Func<T, int> symbolOf)
        where T : class
    {
        T?[] table = new T?[symbols.Names(kind).Count + 1];
        foreach (T value in values)
        {
            table[symbolOf(value)] = value;
        }

        return table;
    }
}
