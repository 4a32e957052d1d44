using Decisioning.Api.Tokens;
using Decisioning.Core.Hosting;

namespace Decisioning.Api.Endpoints;

/// <summary>A host and the realm that its decisions' tokens are sealed for.</summary>
internal sealed record RealmHost(IDecisionHost Host, TokenRealm Realm);
