using Decisioning.Api.Access;
using Decisioning.Api.Replies;
using Decisioning.Api.Requests;
using Decisioning.Api.Tokens;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record;
using Microsoft.AspNetCore.Http;

namespace Decisioning.Api.Endpoints;

/// <summary>Hands events to the host; one result an event, in their order.</summary>
internal delegate ValueTask<EventResult[]> TakeEvents(IReadOnlyList<EventCommand> events, CatalogueSnapshot catalogue, CancellationToken cancellation);

/// <summary><c>POST /v1/events</c>, and <c>POST /v1/imports</c> for history: answered once what was accepted is on disk.</summary>
/// <param name="realm">Whose events they are.</param>
/// <param name="role">What the caller needs.</param>
/// <param name="take">Records or imports them.</param>
/// <param name="door">Lets callers in.</param>
/// <param name="tokens">Opens the decision ids that events name.</param>
internal sealed class EventsEndpoint(RealmHost realm, Roles role, TakeEvents take, IDoor door, TokenRing tokens)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!door.TryEnter(context.Request, role, out ApiKey? caller, out Problem? problem))
        {
            await ProblemReply.SendAsync(context.Response, problem);
            return;
        }

        CatalogueSnapshot catalogue = realm.Host.Catalogue;
        EventBatch? batch = null;
        using (PooledBody body = await PooledBody.ReadAsync(context.Request, RequestBounds.BodyBytes))
        {
            problem = body.Problem;
            if (problem is null)
            {
                RequestContext against = new(catalogue, caller, tokens, realm.Realm, realm.Host.Now);
                batch = BodyReading.Read(body.Span, against, EventsRequestReader.Read, out problem);
            }
        }

        if (batch is null)
        {
            await ProblemReply.SendAsync(context.Response, problem!);
            return;
        }

        EventResult[] recorded = batch.Commands.Count == 0 ? [] : await take(batch.Commands, catalogue, CancellationToken.None);
        await JsonReply.SendAsync(context.Response, batch.Merge(recorded), EventsReplyWriter.Write);
    }
}
