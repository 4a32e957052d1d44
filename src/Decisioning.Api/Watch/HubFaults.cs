using Decisioning.Api.Replies;
using Decisioning.Core.Hosting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;

namespace Decisioning.Api.Watch;

/// <summary>Sees that whatever goes wrong in the hub is told with a stable code and gives nothing away.</summary>
internal sealed class HubFaults(ILogger<HubFaults> log) : IHubFilter
{
    /// <summary>A refusal as the hub's callers get it: <c>CODE: sentence</c>.</summary>
    public static HubException Of(Problem problem) => new($"{problem.Code}: {problem.Detail}");

    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        try
        {
            return await next(invocationContext);
        }
        catch (HostUnavailableException busy)
        {
            throw Of(new Problem(503, ProblemCodes.HostUnavailable, busy.Message));
        }
        catch (Exception fault) when (fault is not HubException && !invocationContext.Context.ConnectionAborted.IsCancellationRequested)
        {
            log.HubFault(fault, invocationContext.HubMethodName);
            throw Of(new Problem(500, ProblemCodes.Unexpected, "The server met a fault of its own; it is in the server's log."));
        }
    }
}
