using Decisioning.Api.Access;
using Decisioning.Api.Replies;
using Decisioning.Api.Requests;
using Decisioning.Api.Tokens;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record;
using Microsoft.AspNetCore.Http;

namespace Decisioning.Api.Endpoints;

/// <summary><c>POST /v1/events</c>: answered once what was accepted is on disk.</summary>
internal sealed class EventsEndpoint(RealmHost realm, IDoor door, TokenRing tokens)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!door.TryEnter(context.Request, Roles.Ingest, out ApiKey? caller, out Problem? problem))
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

        EventResult[] recorded = batch.Commands.Count == 0 ? [] : await realm.Host.RecordAsync(batch.Commands, catalogue, CancellationToken.None);
        await JsonReply.SendAsync(context.Response, batch.Merge(recorded), EventsReplyWriter.Write);
    }
}
