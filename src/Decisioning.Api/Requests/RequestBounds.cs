namespace Decisioning.Api.Requests;

/// <summary>Every bound on what a request may carry, in one place. Lengths are UTF-8 bytes.</summary>
public static class RequestBounds
{
    /// <summary>Largest body of decisions and events.</summary>
    public const int BodyBytes = 1 << 20;

    /// <summary>Largest brand document and settings document: 500 campaigns and 5,000 creatives fit.</summary>
    public const int DocumentBytes = 8 << 20;

    /// <summary>
    /// Largest body that is read away when it is refused, so that who sends it gets to the answer; of a larger one the connection is cut.
    /// </summary>
    public const int DrainedBytes = 64 << 20;

    /// <summary>Longest first line of a request: an id in an address that is far beyond its bound is still answered by its code.</summary>
    public const int RequestLineBytes = 16 << 10;

    /// <summary>Largest body of a small change, such as a status.</summary>
    public const int SmallBodyBytes = 4096;

    /// <summary>Deepest nesting of a body.</summary>
    public const int Depth = 64;

    public const int IdBytes = 128;

    /// <summary>Channel, device, country, keyword and the like.</summary>
    public const int TextBytes = 128;

    public const int Placements = 30;

    public const int SlotsPerPlacement = 20;

    /// <summary>Formats that one placement lists, repeated ones included.</summary>
    public const int Formats = 16;

    /// <summary>Events inside one decision request.</summary>
    public const int DecisionEvents = 50;

    /// <summary>Events of one batch.</summary>
    public const int BatchEvents = 1000;

    public const int Brands = 64;

    public const int Attributes = 32;

    public const int AttributeNameBytes = 64;

    public const int AttributeTextBytes = 128;

    public const int Keywords = 32;

    /// <summary>Longest <c>tmaxMs</c>.</summary>
    public const int LongestTmaxMs = 60_000;

    /// <summary>Longest decision id that is looked at; real ones are shorter.</summary>
    public const int TokenBytes = 512;

    /// <summary>Faults listed in one answer, which says how many more there are.</summary>
    public const int FaultsListed = 1000;
}
