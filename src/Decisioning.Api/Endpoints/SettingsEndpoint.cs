using Decisioning.Api.Access;
using Decisioning.Api.Replies;
using Decisioning.Api.Requests;
using Decisioning.Core.Hosting;
using Microsoft.AspNetCore.Http;

namespace Decisioning.Api.Endpoints;

/// <summary><c>PUT /v1/settings</c>: rules over all brands, so the key must be for all of them.</summary>
internal sealed class SettingsEndpoint(IDecisionHost host, IDoor door)
{
    public async Task PutAsync(HttpContext context)
    {
        if (!door.TryEnter(context.Request, Roles.Admin, out ApiKey? caller, out Problem? problem))
        {
            await ProblemReply.SendAsync(context.Response, problem);
            return;
        }

        if (!caller.MayUseAllBrands)
        {
            await ProblemReply.SendAsync(context.Response, Problem.Forbidden("The settings are for all brands, and so must the key be."));
            return;
        }

        using PooledBody body = await PooledBody.ReadAsync(context.Request, RequestBounds.DocumentBytes);
        problem = body.Problem ?? BodyReading.CheckSyntax(body.Span);
        if (problem is not null)
        {
            await ProblemReply.SendAsync(context.Response, problem);
            return;
        }

        CatalogueChange change = await host.PutSettingsAsync(body.Memory, caller.Id, CancellationToken.None);
        await CatalogueAnswers.SendAsync(context.Response, change, Problem.UnknownBrand);
    }
}
