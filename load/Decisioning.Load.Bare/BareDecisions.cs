using System.Text.Json;
using Decisioning.Api.Access;
using Decisioning.Api.Endpoints;
using Decisioning.Api.Replies;
using Decisioning.Api.Requests;
using Decisioning.Api.Tokens;
using Decisioning.Core.Decide;
using Microsoft.AspNetCore.Http;

namespace Decisioning.Load.Bare;

/// <summary>
/// What decisions are measured against: the same door, the same reader and the same writer, and an answer that was made beforehand, its token sealed beforehand too.
/// </summary>
internal sealed class BareDecisions
{
    private readonly RealmHost _realm;
    private readonly IDoor _door;
    private readonly TokenRing _tokens;
    private readonly BaseUrls _urls;
    private readonly DecideReply _reply;
    private readonly byte[] _token;

    private BareDecisions(RealmHost realm, IDoor door, TokenRing tokens, BaseUrls urls, DecideReply reply, byte[] token)
    {
        _realm = realm;
        _door = door;
        _tokens = tokens;
        _urls = urls;
        _reply = reply;
        _token = token;
    }

    /// <param name="sample">Decided once, for the answer; its consumer is named.</param>
    public static async Task<BareDecisions> MakeAsync(RealmHost realm, IDoor door, TokenRing tokens, BaseUrls urls, DecideCommand sample)
    {
        DecideReply reply = await realm.Host.DecideAsync(sample, CancellationToken.None);
        byte[] token = new byte[TokenRing.MaxTextBytes];
        int length = tokens.Seal(DecisionFacts.Of(sample.ConsumerId, reply.At, reply.Placements[0].Decisions[0]), realm.Realm, token);
        return new BareDecisions(realm, door, tokens, urls, reply, token[..length]);
    }

    public async Task InvokeAsync(HttpContext context)
    {
        if (!_door.TryEnter(context.Request, Roles.Decide, out ApiKey? caller, out Problem? problem))
        {
            await ProblemReply.SendAsync(context.Response, problem);
            return;
        }

        DecideRequest? request;
        using (PooledBody body = await PooledBody.ReadAsync(context.Request, RequestBounds.BodyBytes))
        {
            problem = body.Problem;
            RequestContext against = new(_realm.Host.Catalogue, caller, _tokens, _realm.Realm, _realm.Host.Now);
            request = problem is null ? BodyReading.Read(body.Span, against, DecideRequestReader.Read, out problem) : null;
        }

        if (request is null)
        {
            await ProblemReply.SendAsync(context.Response, problem!);
            return;
        }

        DecideAnswer answer = new(request.Command, _reply, null, _tokens, _realm.Realm, _urls.Of(context.Request));
        await JsonReply.SendAsync(context.Response, (answer, _token), static (json, state) => Write(json, state.answer, state._token));
    }

    // As DecideReplyWriter writes it.
    private static void Write(Utf8JsonWriter json, in DecideAnswer answer, byte[] token)
    {
        json.WriteStartObject();
        json.WriteString("requestId", answer.Command.RequestId);
        json.WriteString("catalogueVersion", answer.Reply.Catalogue.Version);
        json.WriteNumber("policyVersion", answer.Reply.PolicyVersion);
        json.WriteStartArray("placements");
        json.WriteStartObject();
        json.WriteString("id", answer.Command.Placements[0].Id);
        json.WriteStartArray("decisions");
        DecideReplyWriter.WriteDecision(json, answer, answer.Reply.Placements[0].Decisions[0], token);
        json.WriteEndArray();
        json.WriteNull("noDecision");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
