using Decisioning.Api.Replies;
using Decisioning.Core.Hosting;
using Microsoft.AspNetCore.Http;

namespace Decisioning.Api.Endpoints;

/// <summary>Whether the process lives, and whether it can do its work. Asked without a key.</summary>
internal sealed class HealthEndpoints(IDecisionHost host, Func<string?> stillToDo)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    public Task LiveAsync(HttpContext context) => SendAsync(context.Response, "ok");

    public Task ReadyAsync(HttpContext context)
    {
        HostHealth health = host.Health;
        string? reason = health.Ready ? stillToDo() : health.Reason ?? "The host is not ready.";
        return reason is null
            ? SendAsync(context.Response, "ready")
            : ProblemReply.SendAsync(context.Response, new Problem(503, ProblemCodes.HostUnavailable, reason) { RetryAfter = AskAgain });
    }

    private static Task SendAsync(HttpResponse response, string status)
    {
        response.Headers.CacheControl = "no-store";
        return JsonReply.SendAsync(response, status, static (json, status) =>
        {
            json.WriteStartObject();
            json.WriteString("status", status);
            json.WriteEndObject();
        });
    }
}
