using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Decide;

/// <summary>A request for the next best creatives, checked in form by the API: ids are 1 to 128 bytes, counts are within their bounds.</summary>
public sealed class DecideCommand
{
    /// <summary>Null: the request is not idempotent.</summary>
    public string? RequestId { get; set; }

    /// <summary>Null only with <see cref="Consent"/> false.</summary>
    public string? ConsumerId { get; set; }

    /// <summary>Null: not said; then brands that require consent decide contextually.</summary>
    public bool? Consent { get; set; }

    public List<KeyValuePair<string, AttributeValue>> Attributes { get; } = [];

    public List<PlacementCommand> Placements { get; } = [];

    public string? Device { get; set; }

    public string? Country { get; set; }

    public List<string> Keywords { get; } = [];

    /// <summary>Recorded first, in the same turn; at most 50.</summary>
    public List<EventCommand> Events { get; } = [];

    /// <summary>Brands that may answer: those named and allowed by the key.</summary>
    public BrandSnapshot[] Brands { get; set; } = [];

    /// <summary>The snapshot that <see cref="Brands"/> were taken from; the whole turn uses it.</summary>
    public CatalogueSnapshot Catalogue { get; set; } = CatalogueSnapshot.Empty;

    /// <summary>Instant after which the answer is of no use, ms since the Unix epoch; null: none.</summary>
    public long? Deadline { get; set; }

    public bool Explain { get; set; }

    /// <summary>Decide and explain, changing nothing.</summary>
    public bool Test { get; set; }

    /// <summary>Whether nobody's profile may be read or written for any part of the request.</summary>
    public bool IsContextual => ConsumerId is null || Consent == false || (Consent is null && NeedsConsentThroughout());

    private bool NeedsConsentThroughout() =>
        Brands.Length > 0
        && Array.TrueForAll(Brands, static b => b.RequireConsent)
        && Events.TrueForAll(e => e.Brand is null || Catalogue.Find(e.Brand) is not { RequireConsent: false });
}

/// <summary>One place on a page that wants creatives.</summary>
public sealed class PlacementCommand
{
    public required string Id { get; init; }

    public string? Channel { get; init; }

    /// <summary>Bit n = <see cref="CreativeFormat"/> n; all bits where the request names none.</summary>
    public required int Formats { get; init; }

    /// <summary>Null: any size.</summary>
    public string? Size { get; init; }

    /// <summary>1 to 20.</summary>
    public required int Count { get; init; }

    /// <summary>True where the decision itself counts as shown.</summary>
    public required bool ConfirmAtDecision { get; init; }
}
