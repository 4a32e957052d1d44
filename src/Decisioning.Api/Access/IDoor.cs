using System.Diagnostics.CodeAnalysis;
using Decisioning.Api.Replies;
using Microsoft.AspNetCore.Http;

namespace Decisioning.Api.Access;

/// <summary>Decides who may use a group of endpoints.</summary>
internal interface IDoor
{
    /// <summary>Lets a request in, or says why not.</summary>
    /// <param name="request">Its Host and Origin are already checked against the allow-lists.</param>
    /// <param name="anyOf">One of these roles is needed.</param>
    /// <param name="caller">The caller's rights.</param>
    /// <param name="problem">Why it is refused.</param>
    bool TryEnter(HttpRequest request, Roles anyOf, [NotNullWhen(true)] out ApiKey? caller, [NotNullWhen(false)] out Problem? problem);

    /// <summary>Whether a caller that was let in may also do what a further role covers.</summary>
    bool Allows(ApiKey caller, Roles role);
}
