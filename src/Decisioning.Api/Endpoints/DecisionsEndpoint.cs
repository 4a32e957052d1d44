using Decisioning.Api.Access;
using Decisioning.Api.Replies;
using Decisioning.Api.Requests;
using Decisioning.Api.Tokens;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;
using Microsoft.AspNetCore.Http;

namespace Decisioning.Api.Endpoints;

/// <summary><c>POST /v1/decisions</c>: the hot path.</summary>
internal sealed class DecisionsEndpoint(RealmHost realm, IDoor door, TokenRing tokens, BaseUrls urls)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!door.TryEnter(context.Request, Roles.Decide, out ApiKey? caller, out Problem? problem))
        {
            await ProblemReply.SendAsync(context.Response, problem);
            return;
        }

        long now = realm.Host.Now;
        DecideRequest? request;
        using (PooledBody body = await PooledBody.ReadAsync(context.Request, RequestBounds.BodyBytes))
        {
            request = Read(body, caller, now, out problem);
        }

        if (request is null)
        {
            await ProblemReply.SendAsync(context.Response, problem!);
            return;
        }

        DecideReply reply = await realm.Host.DecideAsync(request.Command, CancellationToken.None);
        EventResult[]? events = request.Events?.Merge(reply.Events ?? []);
        await JsonReply.SendAsync(
            context.Response, new DecideAnswer(request.Command, reply, events, tokens, realm.Realm, urls.Of(context.Request)), DecideReplyWriter.Write);
    }

    private DecideRequest? Read(in PooledBody body, ApiKey caller, long now, out Problem? problem)
    {
        problem = body.Problem;
        if (problem is not null)
        {
            return null;
        }

        RequestContext context = new(realm.Host.Catalogue, caller, tokens, realm.Realm, now);
        DecideRequest? request = BodyReading.Read(body.Span, context, DecideRequestReader.Read, out problem);
        if (request is null)
        {
            return null;
        }

        problem = Refuse(request, caller);
        return problem is null ? request : null;
    }

    private Problem? Refuse(DecideRequest request, ApiKey caller)
    {
        if (request.Unsupported is { } pointers)
        {
            return new Problem(400, ProblemCodes.Unsupported, "The request uses members that this server does not serve yet.")
            {
                Faults = pointers.ConvertAll(p => new Fault(p, RequestFaultCodes.Unsupported, "Leave it out or null.")),
            };
        }

        if (request.Forbidden is { } brands)
        {
            return Problem.Forbidden($"The key may not use {string.Join(", ", brands)}.");
        }

        return request.Events is not null && !door.Allows(caller, Roles.Ingest)
            ? Problem.Forbidden("Events within a decision need a key with the role ingest.")
            : null;
    }
}
