using Decisioning.Api.Access;
using Decisioning.Api.Tokens;
using Decisioning.Core.Hosting;

namespace Decisioning.Api;

/// <summary>What the HTTP room is made of.</summary>
public sealed record ApiParts
{
    /// <summary>The longest public URL, in characters.</summary>
    public const int LongestPublicUrl = Replies.TrackerUrls.LongestBase;

    public required IDecisionHost Host { get; init; }

    /// <summary>The host's books; null: it keeps none, and nothing can be watched or imported.</summary>
    public required IWatchHost? Watch { get; init; }

    public required ISandbox Sandbox { get; init; }

    public required TokenRing Tokens { get; init; }

    public required KeyRing Keys { get; init; }

    /// <summary>Origins that keys are bound to have to be among its origins.</summary>
    public required AllowLists Lists { get; init; }

    /// <summary>Beats for those who watch, and lets their tickets expire.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>What tracker URLs start with, ASCII, without a slash at the end; null: the scheme and host of each request.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>What keeps the server from being ready although its host is, as a sentence; answers null where nothing does.</summary>
    public Func<string?> StillToDo { get; init; } = static () => null;
}
