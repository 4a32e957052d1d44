using System.Diagnostics.CodeAnalysis;
using System.Text;
using Decisioning.Api.Access;
using Decisioning.Api.Replies;
using Decisioning.Api.Requests;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Decisioning.Api.Endpoints;

/// <summary>A consumer's state and its erasure.</summary>
internal sealed class ConsumerEndpoints(IDecisionHost host, IDoor door)
{
    public async Task ReadAsync(HttpContext context)
    {
        if (!TryEnter(context, Roles.Consumer, out string id, out ApiKey? caller, out Problem? problem))
        {
            await ProblemReply.SendAsync(context.Response, problem);
            return;
        }

        ConsumerView? consumer = await host.ReadConsumerAsync(id, context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        await (consumer is null
            ? ProblemReply.SendAsync(context.Response, Problem.UnknownConsumer)
            : JsonReply.SendAsync(context.Response, (consumer, caller), ConsumerReplyWriter.Write));
    }

    /// <summary>Erases a consumer from every brand, so the key must be for all of them.</summary>
    public async Task EraseAsync(HttpContext context)
    {
        if (!TryEnter(context, Roles.Admin, out string id, out ApiKey? caller, out Problem? problem))
        {
            await ProblemReply.SendAsync(context.Response, problem);
            return;
        }

        if (!caller.MayUseAllBrands)
        {
            await ProblemReply.SendAsync(context.Response, Problem.Forbidden("Erasure is from all brands, and so must the key be for all."));
            return;
        }

        ErasureReceipt? receipt = await host.EraseConsumerAsync(id, CancellationToken.None);
        await (receipt is null
            ? ProblemReply.SendAsync(context.Response, Problem.UnknownConsumer)
            : JsonReply.SendAsync(context.Response, receipt, CatalogueReplyWriter.WriteReceipt));
    }

    private bool TryEnter(
        HttpContext context, Roles role, out string id, [NotNullWhen(true)] out ApiKey? caller, [NotNullWhen(false)] out Problem? problem)
    {
        id = LastSegment(context);
        if (!door.TryEnter(context.Request, role, out caller, out problem))
        {
            return false;
        }

        problem = Encoding.UTF8.GetByteCount(id) <= RequestBounds.IdBytes
            ? null
            : Problem.Invalid([new Fault("/id", RequestFaultCodes.TooLong, $"A consumer's id has at most {RequestBounds.IdBytes} bytes.")]);
        return problem is null;
    }

    // Routing leaves an encoded slash as it is, and an id may hold one: the id is read from the request line itself.
    private static string LastSegment(HttpContext context)
    {
        ReadOnlySpan<char> target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        int query = target.IndexOf('?');
        ReadOnlySpan<char> path = (query < 0 ? target : target[..query]).TrimEnd('/');
        return Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);
    }
}
