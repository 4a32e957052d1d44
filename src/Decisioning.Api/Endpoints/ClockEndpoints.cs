using System.Text.Json;
using Decisioning.Api.Access;
using Decisioning.Api.Replies;
using Decisioning.Api.Requests;
using Microsoft.AspNetCore.Http;

namespace Decisioning.Api.Endpoints;

/// <summary>The sandbox's clock.</summary>
internal sealed class ClockEndpoints(ISandbox sandbox, IDoor door)
{
    public Task ReadAsync(HttpContext context)
    {
        return door.TryEnter(context.Request, Roles.Admin, out _, out Problem? problem)
            ? JsonReply.SendAsync(context.Response, sandbox.Host.Now, Write)
            : ProblemReply.SendAsync(context.Response, problem);
    }

    public async Task AdvanceAsync(HttpContext context)
    {
        if (!door.TryEnter(context.Request, Roles.Admin, out _, out Problem? problem))
        {
            await ProblemReply.SendAsync(context.Response, problem);
            return;
        }

        ClockRequest? request = null;
        using (PooledBody body = await PooledBody.ReadAsync(context.Request, RequestBounds.SmallBodyBytes))
        {
            problem = body.Problem;
            if (problem is null)
            {
                request = BodyReading.Read(body.Span, (object?)null, ClockRequestReader.Read, out problem);
            }
        }

        if (request is null)
        {
            await ProblemReply.SendAsync(context.Response, problem!);
            return;
        }

        long now = await sandbox.AdvanceAsync(TimeSpan.FromMilliseconds(request.AdvanceMs), CancellationToken.None);
        await JsonReply.SendAsync(context.Response, now, Write);
    }

    private static void Write(Utf8JsonWriter json, long now)
    {
        json.WriteStartObject();
        json.WriteInstant("now", now);
        json.WriteEndObject();
    }
}
