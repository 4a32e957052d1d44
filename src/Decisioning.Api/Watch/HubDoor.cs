using System.Diagnostics.CodeAnalysis;
using Decisioning.Api.Access;
using Decisioning.Api.Replies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Decisioning.Api.Watch;

/// <summary>
/// Stands before the hub: lets a connection in by ticket or key, and no more of them than there are places. A ticket is taken out of the request before
/// anything behind the door can see it.
/// </summary>
internal sealed class HubDoor(Gate gate, WatchTickets tickets)
{
    private const string TicketParameter = "access_token";
    private const string BearerTicket = "Bearer " + WatchTickets.Prefix;

    private static readonly Problem UnknownTicket = new(
        401, ProblemCodes.UnknownTicket, "The ticket is not one of this server's, was used or has expired; POST /v1/watch-tickets makes another.");

    private static readonly Problem Full = new(503, ProblemCodes.WatchFull, $"{WatchBounds.Connections} connections watch; no more are taken.")
    {
        RetryAfter = TimeSpan.FromSeconds(5),
    };

    private static readonly Problem NoWebSocket = new(
        400, ProblemCodes.Unsupported, "The hub speaks SignalR's JSON protocol over WebSockets: open a WebSocket here, or POST to negotiate first.");

    private int _inside;

    /// <summary>Answers a request to the hub's address, for as long as its connection is open.</summary>
    public async Task EnterAsync(HttpContext context, RequestDelegate hub)
    {
        if (!TryEnter(context.Request, out ApiKey? caller, out Problem? problem) || !TryPass(context, out problem))
        {
            await ProblemReply.SendAsync(context.Response, problem);
            return;
        }

        try
        {
            if (Interlocked.Increment(ref _inside) > WatchBounds.Connections)
            {
                await ProblemReply.SendAsync(context.Response, Full);
                return;
            }

            context.Features.Set(caller);
            await hub(context);
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    private bool TryEnter(HttpRequest request, [NotNullWhen(true)] out ApiKey? caller, [NotNullWhen(false)] out Problem? problem)
    {
        const Roles Needed = Roles.Watch | Roles.Consumer;
        if (!TryTakeTicket(request, out string? ticket))
        {
            return gate.TryEnter(request, Needed, out caller, out problem);
        }

        // A client that negotiates shows its ticket twice; the connection is what it is good for once.
        caller = OpensWebSocket(request.HttpContext) ? tickets.Take(ticket) : tickets.Look(ticket);
        problem = caller is null ? UnknownTicket : Gate.Refuse(request, caller, Needed);
        return problem is null;
    }

    /// <summary>Nothing but what leads to a connection goes on: to all else the library's own answers are no problems of this API.</summary>
    private static bool TryPass(HttpContext context, [NotNullWhen(false)] out Problem? problem)
    {
        bool negotiates = HttpMethods.IsPost(context.Request.Method) && context.Request.Path.Value?.EndsWith("/negotiate", StringComparison.OrdinalIgnoreCase) == true;
        problem = negotiates || OpensWebSocket(context) ? null : NoWebSocket;
        return problem is null;
    }

    private static bool OpensWebSocket(HttpContext context) =>
        context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true }
        || (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
            && context.Request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase));

    private static bool TryTakeTicket(HttpRequest request, [NotNullWhen(true)] out string? ticket)
    {
        ticket = null;
        if (request.Query.TryGetValue(TicketParameter, out StringValues given))
        {
            ticket = given.ToString();
            QueryBuilder rest = new(request.Query.Where(parameter => !parameter.Key.Equals(TicketParameter, StringComparison.OrdinalIgnoreCase)));
            request.QueryString = rest.ToQueryString();
            request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = request.Path;
        }
        else if (request.Headers.Authorization.ToString() is var bearer && bearer.StartsWith(BearerTicket, StringComparison.OrdinalIgnoreCase))
        {
            ticket = bearer["Bearer ".Length..];
        }

        return ticket is not null;
    }
}
