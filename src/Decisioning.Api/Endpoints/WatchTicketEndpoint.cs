using System.Text.Json;
using Decisioning.Api.Access;
using Decisioning.Api.Replies;
using Decisioning.Api.Requests;
using Decisioning.Api.Watch;
using Decisioning.Core.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Decisioning.Api.Endpoints;

/// <summary><c>POST /v1/watch-tickets</c>: lets a browser open the hub with the rights of the key that asks here.</summary>
internal sealed class WatchTicketEndpoint(IDecisionHost host, IDoor door, WatchTickets tickets)
{
    private static readonly Problem TooMany = new(503, ProblemCodes.WatchFull, "Too many tickets are about that were not used.")
    {
        RetryAfter = WatchBounds.TicketLife,
    };

    public async Task InvokeAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!door.TryEnter(context.Request, Roles.Watch, out ApiKey? caller, out Problem? problem))
        {
            await ProblemReply.SendAsync(context.Response, problem);
            return;
        }

        (WatchTicketRequest? request, problem) = await ReadAsync(context, caller);
        if (request is { Forbidden.Count: > 0 })
        {
            problem = Problem.Forbidden($"The key may not use {string.Join(", ", request.Forbidden)}.");
        }

        if (request is null || problem is not null)
        {
            await ProblemReply.SendAsync(context.Response, problem!);
            return;
        }

        ApiKey rights = request.Brands is { } brands ? caller.NarrowedTo(brands) : caller;
        await (tickets.TryIssue(rights, out WatchTicket? ticket)
            ? JsonReply.SendAsync(context.Response, ticket, Write)
            : ProblemReply.SendAsync(context.Response, TooMany));
    }

    /// <summary>The request; without a body it asks for all that the key may watch.</summary>
    private async Task<(WatchTicketRequest? Request, Problem? Problem)> ReadAsync(HttpContext context, ApiKey caller)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return (new WatchTicketRequest(), null);
        }

        using PooledBody body = await PooledBody.ReadAsync(context.Request, RequestBounds.BodyBytes);
        Problem? problem = body.Problem;
        WatchTicketRequest? request = problem is null
            ? BodyReading.Read(body.Span, (host.Catalogue, caller), WatchTicketRequestReader.Read, out problem)
            : null;
        return (request, problem);
    }

    private static void Write(Utf8JsonWriter json, WatchTicket ticket)
    {
        json.WriteStartObject();
        json.WriteString("ticket", ticket.Text);
        json.WriteInstant("expiresAt", ticket.ExpiresAt);
        json.WriteEndObject();
    }
}
