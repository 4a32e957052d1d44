using Decisioning.Api.Replies;
using Decisioning.Core.Hosting;
using Microsoft.AspNetCore.Http;

namespace Decisioning.Api.Endpoints;

/// <summary>Turns the outcome of a change of the catalogue into an answer.</summary>
internal static class CatalogueAnswers
{
    /// <param name="response">Not yet started.</param>
    /// <param name="change">The outcome.</param>
    /// <param name="notFound">What a change of nothing is answered with.</param>
    public static Task SendAsync(HttpResponse response, CatalogueChange change, Problem notFound)
    {
        switch (change.Outcome)
        {
            case CatalogueOutcome.Done:
                if (change.Version is { } version)
                {
                    response.Headers.ETag = IfMatch.TagOf(version);
                }

                return JsonReply.SendAsync(response, change, CatalogueReplyWriter.WriteChange);
            case CatalogueOutcome.NotFound:
                return ProblemReply.SendAsync(response, notFound);
            case CatalogueOutcome.VersionConflict:
                return ProblemReply.SendAsync(response, IfMatch.Conflict(change.Version));
            default:
                return ProblemReply.SendAsync(response, Invalid(change));
        }
    }

    private static Problem Invalid(CatalogueChange change)
    {
        string detail = change.Faults.Count == 1 ? change.Faults[0].Detail : $"The document has {change.Faults.Count} faults.";
        return new Problem(422, ProblemCodes.CatalogueInvalid, detail) { Faults = change.Faults };
    }
}
