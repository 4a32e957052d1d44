using System.Diagnostics.CodeAnalysis;
using System.Text;
using Decisioning.Api.Replies;
using Decisioning.Api.Requests;
using Decisioning.Api.Tokens;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Decisioning.Api.Endpoints;

/// <summary>
/// What a browser calls about a decision. The token is all the authority there is: it names the decision, and the path names what happened.
/// Answered after the consumer's turn and commit.
/// </summary>
internal sealed class TrackerEndpoints(TokenRing tokens, IDecisionHost live, IDecisionHost sandbox)
{
    /// <summary>The route value that holds the token.</summary>
    public const string Token = "token";

    private static readonly byte[] Gif = Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

    private static readonly Problem NoLanding = new(404, ProblemCodes.NoLanding, "The decision's creative has left the catalogue or has no landing page.");

    private static readonly Problem UnknownKind = Problem.Invalid(
        [new Fault("/k", RequestFaultCodes.UnknownValue, "k must be one of watched, skip, engage, dismiss.")]);

    public Task ImpressionAsync(HttpContext context) => PixelAsync(context, EventType.Impression);

    public Task ViewableAsync(HttpContext context) => PixelAsync(context, EventType.Viewable);

    /// <summary>Redirects to the creative's own landing page, as the catalogue has it now, and never elsewhere.</summary>
    public async Task ClickAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!TryOpen(context, out DecisionRef? decision, out TokenRealm realm))
        {
            await ProblemReply.SendAsync(context.Response, Problem.BadToken);
            return;
        }

        if (LandingOf(decision, HostOf(realm).Catalogue) is not { } landing)
        {
            await ProblemReply.SendAsync(context.Response, NoLanding);
            return;
        }

        await TrackAsync(decision, realm, EventType.Click);
        context.Response.Redirect(Ascii.IsValid(landing) ? landing : UriHelper.Encode(new Uri(landing)));
    }

    public async Task InteractionAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!TryOpen(context, out DecisionRef? decision, out TokenRealm realm))
        {
            await ProblemReply.SendAsync(context.Response, Problem.BadToken);
            return;
        }

        if (!TryKind(context.Request.Query["k"], out EventType kind))
        {
            await ProblemReply.SendAsync(context.Response, UnknownKind);
            return;
        }

        await TrackAsync(decision, realm, kind);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task PixelAsync(HttpContext context, EventType kind)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!TryOpen(context, out DecisionRef? decision, out TokenRealm realm))
        {
            await ProblemReply.SendAsync(context.Response, Problem.BadToken);
            return;
        }

        await TrackAsync(decision, realm, kind);
        context.Response.ContentType = "image/gif";
        context.Response.ContentLength = Gif.Length;
        await context.Response.Body.WriteAsync(Gif);
    }

    // The caller is answered the same whether or not there still is someone to record it for.
    private async ValueTask TrackAsync(DecisionRef decision, TokenRealm realm, EventType kind)
    {
        if (realm != TokenRealm.Trial)
        {
            await HostOf(realm).TrackAsync(decision, kind, CancellationToken.None);
        }
    }

    private IDecisionHost HostOf(TokenRealm realm) => realm == TokenRealm.Sandbox ? sandbox : live;

    private bool TryOpen(HttpContext context, [NotNullWhen(true)] out DecisionRef? decision, out TokenRealm realm)
    {
        decision = null;
        realm = default;
        if (context.Request.RouteValues[Token] is not string text || text.Length > TokenRing.MaxTextBytes || !Ascii.IsValid(text))
        {
            return false;
        }

        Span<byte> utf8 = stackalloc byte[TokenRing.MaxTextBytes];
        return tokens.TryOpen(utf8[..Encoding.ASCII.GetBytes(text, utf8)], out decision, out realm);
    }

    private static string? LandingOf(DecisionRef decision, CatalogueSnapshot catalogue)
    {
        CreativeSnapshot?[]? creatives = catalogue.Find(decision.Brand)?.CreativesBySymbol;
        return creatives is not null && decision.Creative < creatives.Length ? creatives[decision.Creative]?.Landing : null;
    }

    private static bool TryKind(string? name, out EventType kind)
    {
        kind = name switch
        {
            "watched" => EventType.Watched,
            "skip" => EventType.Skip,
            "engage" => EventType.Engage,
            "dismiss" => EventType.Dismiss,
            _ => EventType.Impression,
        };
        return kind != EventType.Impression;
    }
}
