namespace Decisioning.Core.Catalogue;

/// <summary>The most a brand's document may hold. Durations are in milliseconds. A fault about any of them names the bound.</summary>
public static class CatalogueBounds
{
    public const int Campaigns = 500;
    public const int Creatives = 5_000;
    public const int Storylines = 200;
    public const int StepsPerStoryline = 50;
    public const int Audiences = 200;

    /// <summary>Conditions of one audience, those of the audiences it refers to included.</summary>
    public const int AudienceConditions = 1_000;

    /// <summary>Levels of one audience's conditions, those of the audiences it refers to included.</summary>
    public const int AudienceDepth = 64;

    /// <summary>Levels of objects and arrays in a document.</summary>
    public const int JsonDepth = 64;

    public const long AwarenessWindow = 90 * Durations.Day;
    public const long InterestWindow = 90 * Durations.Day;
    public const long LoyaltyWindow = 730 * Durations.Day;
    public const long PurchaseWindow = 1_825 * Durations.Day;
    public const long HalfLife = 15 * Durations.Day;
    public const long LookBack = 90 * Durations.Day;
    public const long CapWindow = 730 * Durations.Day;
    public const long Gap = 730 * Durations.Day;
    public const long Reserve = 18 * Durations.Hour;

    /// <summary>How far back an audience's <c>within</c> reaches: as far as any evidence is kept.</summary>
    public const long AudienceWindow = PurchaseWindow;

    /// <summary>Length of a video in seconds.</summary>
    public const int VideoSeconds = 3_600;

    /// <summary>Bytes of a name, channel, attribute or the like in UTF-8.</summary>
    public const int TextBytes = 128;
}
