using System.Diagnostics.CodeAnalysis;
using Decisioning.Api.Replies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Decisioning.Api.Access;

/// <summary>Who is let in: finds the caller's key, checks its roles and its origin, and takes from its rate.</summary>
internal sealed class Gate(KeyRing keys) : IDoor
{
    private const string KeyHeader = "X-Api-Key";
    private const string BearerScheme = "Bearer ";

    private static readonly Problem MissingKey = new(
        401, ProblemCodes.MissingKey, "This server asks for a key, as X-Api-Key or as Authorization: Bearer.");

    private static readonly Problem UnknownKey = new(401, ProblemCodes.UnknownKey, "The key is not one of this server's.");

    public bool TryEnter(HttpRequest request, Roles anyOf, [NotNullWhen(true)] out ApiKey? caller, [NotNullWhen(false)] out Problem? problem)
    {
        caller = keys.IsEmpty ? ApiKey.Local : Present(request);
        if (caller is null)
        {
            problem = request.Headers.ContainsKey(KeyHeader) || request.Headers.ContainsKey("Authorization") ? UnknownKey : MissingKey;
            return false;
        }

        problem = Refuse(request, caller, anyOf);
        return problem is null;
    }

    public bool Allows(ApiKey caller, Roles role) => caller.Has(role);

    private ApiKey? Present(HttpRequest request)
    {
        if (request.Headers.TryGetValue(KeyHeader, out StringValues own) && own.Count == 1)
        {
            return keys.Find(own[0]);
        }

        StringValues authorization = request.Headers.Authorization;
        return authorization.Count == 1 && authorization[0] is { } value && value.StartsWith(BearerScheme, StringComparison.OrdinalIgnoreCase)
            ? keys.Find(value.AsSpan(BearerScheme.Length).Trim())
            : null;
    }

    /// <summary>What speaks against a known caller's request: its origin, its rate, its roles; null where nothing does.</summary>
    public static Problem? Refuse(HttpRequest request, ApiKey caller, Roles anyOf)
    {
        StringValues origin = request.Headers.Origin;
        if (!caller.Serves(origin.Count == 0 ? null : origin.ToString()))
        {
            return new Problem(403, ProblemCodes.OriginNotAllowed, "The key is bound to other origins than the request's.");
        }

        if (caller.Rate is { } rate && !rate.TryTake(out TimeSpan retryAfter))
        {
            return new Problem(429, ProblemCodes.RateLimited, "The key has used up its rate.") { RetryAfter = retryAfter };
        }

        return caller.Has(anyOf) ? null : Problem.Forbidden($"This needs a key with the role {Describe(anyOf)}.");
    }

    private static string Describe(Roles roles) => string.Join(" or ", RoleNames.All.Where((_, i) => ((int)roles >> i & 1) != 0));
}
