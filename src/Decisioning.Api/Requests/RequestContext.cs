using Decisioning.Api.Access;
using Decisioning.Api.Tokens;
using Decisioning.Core.Catalogue;

namespace Decisioning.Api.Requests;

/// <summary>What a body is read against.</summary>
/// <param name="Catalogue">Taken once for the whole request.</param>
/// <param name="Caller">Who asks, and for which brands.</param>
/// <param name="Tokens">Opens the decision ids that events name.</param>
/// <param name="Realm">Where this request's decisions live: a token of another realm is none of its own.</param>
/// <param name="Now">The host's clock at the request's arrival, ms since the Unix epoch.</param>
internal readonly record struct RequestContext(CatalogueSnapshot Catalogue, ApiKey Caller, TokenRing Tokens, TokenRealm Realm, long Now);
