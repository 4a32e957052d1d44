using System.Diagnostics.CodeAnalysis;
using System.Net;
using Decisioning.Api.Replies;
using Microsoft.AspNetCore.Http;

namespace Decisioning.Api.Access;

/// <summary>The sandbox's door: the machine itself, or an admin key; whoever is in may do everything there.</summary>
internal sealed class SandboxGate(Gate gate) : IDoor
{
    public bool TryEnter(HttpRequest request, Roles anyOf, [NotNullWhen(true)] out ApiKey? caller, [NotNullWhen(false)] out Problem? problem)
    {
        if (IsOwnMachine(request))
        {
            caller = ApiKey.Local;
            problem = null;
            return true;
        }

        return gate.TryEnter(request, Roles.Admin, out caller, out problem);
    }

    public bool Allows(ApiKey caller, Roles role) => true;

    // A proxy on the same machine speaks for others, and says so.
    private static bool IsOwnMachine(HttpRequest request) =>
        request.HttpContext.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from)
        && !request.Headers.ContainsKey("X-Forwarded-For") && !request.Headers.ContainsKey("Forwarded");
}
