namespace Decisioning.Api.Replies;

/// <summary>The stable codes of refused requests. Codes of single events are in <see cref="Core.Consumers.EventCodes"/>.</summary>
public static class ProblemCodes
{
    public const string Malformed = "request.malformed";
    public const string Invalid = "request.invalid";
    public const string Unsupported = "request.unsupported";
    public const string TooLarge = "request.too_large";
    public const string UnsupportedMediaType = "request.unsupported_media_type";
    public const string HostNotAllowed = "request.host_not_allowed";
    public const string OriginNotAllowed = "request.origin_not_allowed";
    public const string NotFound = "request.not_found";
    public const string MethodNotAllowed = "request.method_not_allowed";
    public const string TimedOut = "request.timed_out";
    public const string RateLimited = "request.rate_limited";
    public const string MissingKey = "auth.missing_key";
    public const string UnknownKey = "auth.unknown_key";
    public const string UnknownTicket = "auth.unknown_ticket";
    public const string Forbidden = "auth.forbidden";
    public const string CatalogueInvalid = "catalogue.invalid";
    public const string VersionConflict = "catalogue.version_conflict";
    public const string UnknownBrand = "catalogue.unknown_brand";
    public const string UnknownCampaign = "catalogue.unknown_campaign";
    public const string UnknownCreative = "catalogue.unknown_creative";
    public const string UnknownConsumer = "consumer.unknown";
    public const string UnknownToken = "token.unknown";
    public const string NoLanding = "token.no_landing";
    public const string TooManyWatched = "watch.too_many";
    public const string WatchFull = "watch.full";
    public const string HostUnavailable = "host.unavailable";
    public const string Unexpected = "server.unexpected";
}
