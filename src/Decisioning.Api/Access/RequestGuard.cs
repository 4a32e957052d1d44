using System.Net.Mime;
using Decisioning.Api.Replies;
using Decisioning.Core.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Decisioning.Api.Access;

/// <summary>
/// Stands before every endpoint: checks Host and Origin, answers preflights, and sees that whatever goes wrong is answered as a problem that gives
/// nothing away.
/// </summary>
internal sealed class RequestGuard(RequestDelegate next, AllowLists lists, ILogger<RequestGuard> log)
{
    private static readonly Problem HostNotAllowed = new(
        400, ProblemCodes.HostNotAllowed, "The server does not answer to this Host; add it to Hosts in the configuration.");

    private static readonly Problem OriginNotAllowed = new(
        403, ProblemCodes.OriginNotAllowed, "Pages of this Origin may not call; add it to Origins in the configuration or bind a key to it.");

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            if (Refuse(context) is { } problem)
            {
                await ProblemReply.SendAsync(context.Response, problem);
            }
            else if (!IsPreflight(context.Request))
            {
                await next(context);
                if (context.Response is { StatusCode: >= 400, HasStarted: false, ContentLength: null } response)
                {
                    await ProblemReply.SendAsync(response, Bare(response.StatusCode));
                }
            }
        }
        catch (Exception fault)
        {
            await AnswerAsync(context, fault);
        }
    }

    private Problem? Refuse(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (!lists.AllowsHost(request.Host))
        {
            return HostNotAllowed;
        }

        if (request.Headers.Origin.Count == 0)
        {
            return null;
        }

        string origin = request.Headers.Origin.ToString();
        if (!lists.AllowsOrigin(origin, request))
        {
            return OriginNotAllowed;
        }

        context.Response.Headers.Vary = "Origin";
        if (!AllowLists.IsOwn(origin, request))
        {
            context.Response.Headers.AccessControlAllowOrigin = origin;
            context.Response.Headers.AccessControlExposeHeaders = "ETag, Retry-After";
        }

        if (IsPreflight(request))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            context.Response.Headers.AccessControlAllowMethods = "GET, POST, PUT, PATCH, DELETE";
            context.Response.Headers.AccessControlAllowHeaders = "Content-Type, X-Api-Key, Authorization, If-Match";
            context.Response.Headers.AccessControlMaxAge = "600";
        }

        return null;
    }

    private static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.Origin.Count > 0 && request.Headers.AccessControlRequestMethod.Count > 0;

    private static Problem Bare(int status) => status switch
    {
        404 => new(status, ProblemCodes.NotFound, "There is nothing at this address."),
        405 => new(status, ProblemCodes.MethodNotAllowed, "This address does not take this method."),
        413 => new(status, ProblemCodes.TooLarge, "The body is too large."),
        415 => new(status, ProblemCodes.UnsupportedMediaType, $"The body must be {MediaTypeNames.Application.Json}."),
        408 => new(status, ProblemCodes.TimedOut, "The request took too long to arrive."),
        >= 500 => new(status, ProblemCodes.Unexpected, "The server met a fault of its own; it is in the server's log."),
        _ => new(status, ProblemCodes.Malformed, "The request cannot be understood."),
    };

    private async Task AnswerAsync(HttpContext context, Exception fault)
    {
        if (fault is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            log.CallerLeft(fault);
            return;
        }

        Problem problem = fault switch
        {
            HostUnavailableException busy => new(503, ProblemCodes.HostUnavailable, busy.Message) { RetryAfter = busy.RetryAfter },
            BadHttpRequestException bad => Bare(bad.StatusCode),
            _ => Bare(StatusCodes.Status500InternalServerError),
        };

        if (problem.Status == StatusCodes.Status500InternalServerError)
        {
            // The route's pattern, never the path: a path can hold a token.
            log.Unexpected(fault, context.Request.Method, (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)");
        }

        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        await ProblemReply.SendAsync(context.Response, problem);
    }
}
