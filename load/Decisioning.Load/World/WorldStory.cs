namespace Decisioning.Load.World;

/// <summary>
/// What every brand of a run's world tells: four steps, one after the other, as somebody comes closer. A step has no caps of its own, so that it never gives way to
/// one before it while the consumer stays as close; the brand has caps, and the campaign.
/// </summary>
internal static class WorldStory
{
    public const string Format = "video";
    public const string Size = "640x360";
    public const string Campaign = "main";
    public const string Storyline = "story";
    public const string Currency = "CNY";

    /// <summary>Showings of a brand to one consumer a day.</summary>
    public const int CapPerDay = 12;

    /// <summary>How long a decision counts for the cap without having been seen.</summary>
    public static readonly TimeSpan Reserve = TimeSpan.FromMinutes(10);

    /// <summary>The steps' ids in the story's order.</summary>
    public static readonly string[] Steps = ["open", "proof", "offer", "again"];

    /// <summary>The finer stages, from the farthest to the closest.</summary>
    public static readonly string[] Stages = ["none", "discover", "engage", "enthuse", "perform", "initial", "numerous", "keen"];
}
