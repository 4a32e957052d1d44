using Decisioning.Api.Access;
using Decisioning.Api.Replies;
using Decisioning.Api.Requests;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Hosting;
using Microsoft.AspNetCore.Http;

namespace Decisioning.Api.Endpoints;

/// <summary>The catalogue: brands' documents, the status of campaigns and creatives, the audit trail.</summary>
internal sealed class BrandEndpoints(IDecisionHost host, IDoor door)
{
    public Task ListAsync(HttpContext context)
    {
        return door.TryEnter(context.Request, Roles.All, out ApiKey? caller, out Problem? problem)
            ? JsonReply.SendAsync(context.Response, caller.BrandsOf(host.Catalogue), CatalogueReplyWriter.WriteBrands)
            : ProblemReply.SendAsync(context.Response, problem);
    }

    public async Task ReadAsync(HttpContext context)
    {
        if (!TryEnter(context, Roles.Admin | Roles.Watch, out string brand, out _, out Problem? problem))
        {
            await ProblemReply.SendAsync(context.Response, problem!);
            return;
        }

        // The version and the document are read one after the other: what was changed in between is read again.
        while (host.Catalogue.Find(brand)?.Version is { } version)
        {
            if (await host.ReadBrandAsync(brand, context.RequestAborted) is not { } bytes)
            {
                break;
            }

            if (host.Catalogue.Find(brand)?.Version == version)
            {
                context.Response.Headers.ETag = IfMatch.TagOf(version);
                context.Response.ContentType = "application/json";
                context.Response.ContentLength = bytes.Length;
                await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
                return;
            }
        }

        await ProblemReply.SendAsync(context.Response, Problem.UnknownBrand);
    }

    public async Task PutAsync(HttpContext context)
    {
        if (!TryEnter(context, Roles.Admin, out string brand, out ApiKey? caller, out Problem? problem)
            || !IfMatch.TryRead(context.Request, host.Catalogue.Find(brand)?.Version, out string? version, out problem))
        {
            await ProblemReply.SendAsync(context.Response, problem!);
            return;
        }

        using PooledBody body = await PooledBody.ReadAsync(context.Request, RequestBounds.DocumentBytes);
        problem = body.Problem ?? BodyReading.CheckSyntax(body.Span);
        if (problem is not null)
        {
            await ProblemReply.SendAsync(context.Response, problem);
            return;
        }

        CatalogueChange change = await host.PutBrandAsync(brand, body.Memory, version, caller!.Id, CancellationToken.None);
        await CatalogueAnswers.SendAsync(context.Response, change, Problem.UnknownBrand);
    }

    public async Task DeleteAsync(HttpContext context)
    {
        if (!TryEnter(context, Roles.Admin, out string brand, out ApiKey? caller, out Problem? problem))
        {
            await ProblemReply.SendAsync(context.Response, problem!);
            return;
        }

        string? current = host.Catalogue.Find(brand)?.Version;
        if (current is null || !IfMatch.TryRead(context.Request, current, out string? version, out problem))
        {
            await ProblemReply.SendAsync(context.Response, problem ?? Problem.UnknownBrand);
            return;
        }

        CatalogueChange change = await host.DeleteBrandAsync(brand, version, caller!.Id, CancellationToken.None);
        if (change.Outcome == CatalogueOutcome.Done)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        await CatalogueAnswers.SendAsync(context.Response, change, Problem.UnknownBrand);
    }

    public Task PatchCampaignAsync(HttpContext context) => PatchAsync(
        context, SymbolKind.Campaign, new Problem(404, ProblemCodes.UnknownCampaign, "The brand has no such campaign."));

    public Task PatchCreativeAsync(HttpContext context) => PatchAsync(
        context, SymbolKind.Creative, new Problem(404, ProblemCodes.UnknownCreative, "The brand has no such creative."));

    public async Task AuditAsync(HttpContext context)
    {
        if (!TryEnter(context, Roles.Admin, out string brand, out _, out Problem? problem))
        {
            await ProblemReply.SendAsync(context.Response, problem!);
            return;
        }

        // The trail outlives its brand.
        IReadOnlyList<AuditEntry> entries = await host.ReadAuditAsync(brand, context.RequestAborted);
        if (entries.Count == 0 && host.Catalogue.Find(brand) is null)
        {
            await ProblemReply.SendAsync(context.Response, Problem.UnknownBrand);
            return;
        }

        await JsonReply.SendAsync(context.Response, entries, CatalogueReplyWriter.WriteAudit);
    }

    private async Task PatchAsync(HttpContext context, SymbolKind kind, Problem notFound)
    {
        if (!TryEnter(context, Roles.Admin, out string brand, out ApiKey? caller, out Problem? problem))
        {
            await ProblemReply.SendAsync(context.Response, problem!);
            return;
        }

        StatusRequest? request = null;
        using (PooledBody body = await PooledBody.ReadAsync(context.Request, RequestBounds.SmallBodyBytes))
        {
            problem = body.Problem;
            if (problem is null)
            {
                request = BodyReading.Read(body.Span, (object?)null, StatusRequestReader.Read, out problem);
            }
        }

        if (request is null || host.Catalogue.Find(brand) is null)
        {
            await ProblemReply.SendAsync(context.Response, problem ?? Problem.UnknownBrand);
            return;
        }

        string id = (string)context.Request.RouteValues["id"]!;
        CatalogueChange change = await host.SetStatusAsync(brand, kind, id, request.Paused, caller!.Id, CancellationToken.None);
        await CatalogueAnswers.SendAsync(context.Response, change, notFound);
    }

    private bool TryEnter(HttpContext context, Roles anyOf, out string brand, out ApiKey? caller, out Problem? problem)
    {
        brand = (string)context.Request.RouteValues["brand"]!;
        if (!door.TryEnter(context.Request, anyOf, out caller, out problem))
        {
            return false;
        }

        problem = caller.MayUse(brand) ? null : Problem.Forbidden("The key may not use this brand.");
        return problem is null;
    }
}
